using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>
/// One axis along which a window slides: window o reads the entries <c>o · Stride + tap · Dilation − PaddingBefore</c> for every tap;
/// entries outside are padding.
/// </summary>
public readonly record struct WindowAxis
{
    /// <summary>Entries of the input along the axis.</summary>
    public int Length { get; internal init; }

    /// <summary>Taps of the window.</summary>
    public int WindowSize { get; internal init; }

    /// <summary>Entries between neighbouring windows.</summary>
    public int Stride { get; internal init; }

    /// <summary>Entries between neighbouring taps.</summary>
    public int Dilation { get; internal init; }

    /// <summary>Padded entries in front; those behind follow from the output length.</summary>
    public int PaddingBefore { get; internal init; }

    /// <summary>Windows.</summary>
    public int OutputLength { get; internal init; }

    /// <summary>Entries that a window spans: <c>(WindowSize − 1) · Dilation + 1</c>.</summary>
    public int Span => ((WindowSize - 1) * Dilation) + 1;

    /// <summary>Computes padding and output length as Keras 3 does: valid ⌊(length − span) / stride⌋ + 1, same ⌈length / stride⌉.</summary>
    /// <param name="operation">Opens the messages.</param>
    /// <param name="axis">The axis in the messages: rows, columns, steps.</param>
    /// <param name="length">0 or more; for valid padding at least the window's span.</param>
    /// <param name="windowSize">1 or more.</param>
    /// <param name="stride">1 or more.</param>
    /// <param name="dilation">1 or more.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <exception cref="ArgumentException">A size is out of range, no whole window fits, or the padding is causal.</exception>
    public static WindowAxis Create(string operation, string axis, int length, int windowSize, int stride, int dilation, ConvolutionPadding padding)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (length < 0 || windowSize < 1 || stride < 1 || dilation < 1)
            Check.Refuse(operation, string.Create(culture, $"expected at least 0 {axis}, window, stride and dilation of at least 1; received {length}, {windowSize}, {stride}, {dilation}."));
        long span = ((long)(windowSize - 1) * dilation) + 1;
        if (span > int.MaxValue / 2 || length > int.MaxValue / 2)
            Check.Refuse(operation, string.Create(culture, $"a window of {span} {axis} over {length} is beyond what an index can hold. Use a smaller window."));
        int before = 0, output = 0;
        switch (padding)
        {
            case ConvolutionPadding.Valid when length >= span:
                output = ((length - (int)span) / stride) + 1;
                break;
            case ConvolutionPadding.Valid:
                Check.Refuse(operation, string.Create(culture, $"a window that spans {span} {axis} does not fit an input of {length}. Use a smaller window, a larger input, or padding Same."));
                break;
            case ConvolutionPadding.Same:
                output = length == 0 ? 0 : ((length - 1) / stride) + 1;
                before = output == 0 ? 0 : (int)(Math.Max(((long)(output - 1) * stride) + span - length, 0) / 2);
                break;
            default:
                Check.Refuse(operation, $"padding {padding} is not defined over {axis}; expected Valid or Same.");
                break;
        }
        return new WindowAxis { Length = length, WindowSize = windowSize, Stride = stride, Dilation = dilation, PaddingBefore = before, OutputLength = output };
    }

    /// <summary>An axis of <paramref name="length"/> windows of one entry each: nothing slides.</summary>
    internal static WindowAxis Single(int length)
        => new() { Length = length, WindowSize = 1, Stride = 1, Dilation = 1, OutputLength = length };

    /// <summary>The axis on which the flipped window slides over the output to give the input's gradient, for stride 1.</summary>
    internal WindowAxis Flipped => this with { Length = OutputLength, OutputLength = Length, PaddingBefore = Span - 1 - PaddingBefore };

    /// <summary>Entries that <paramref name="windows"/> neighbouring windows read, padding included.</summary>
    internal int Reach(int windows) => ((windows - 1) * Stride) + Span;

    /// <summary>True when no window reads padding.</summary>
    internal bool IsInside => PaddingBefore == 0 && (OutputLength == 0 || Reach(OutputLength) <= Length);

    /// <summary>The windows [From, To) whose entry for <paramref name="tap"/> exists.</summary>
    internal (int From, int To) WindowsOfTap(int tap)
    {
        // 0 <= window * stride + shift < length
        int shift = (tap * Dilation) - PaddingBefore;
        int from = shift >= 0 ? 0 : (Stride - 1 - shift) / Stride;
        int to = Length <= shift ? 0 : ((Length - 1 - shift) / Stride) + 1;
        return (from, Math.Min(to, OutputLength));
    }

    /// <summary>The entries [From, To) that exist in a window without gaps, for pooling.</summary>
    internal (int From, int To) EntriesOf(int window)
    {
        long start = ((long)window * Stride) - PaddingBefore;
        return ((int)Math.Max(start, 0), (int)Math.Min(start + WindowSize, Length));
    }
}
