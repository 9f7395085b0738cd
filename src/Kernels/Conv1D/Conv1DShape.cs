namespace FlatFuse.Kernels;

/// <summary>The sizes of a one-dimensional convolution, channels last: input [N, L, C], kernel [K, C, F], output [N, Lout, F].</summary>
public readonly record struct Conv1DShape
{
    /// <summary>N, the sequences.</summary>
    public int Batch { get; private init; }

    /// <summary>L, the steps of an input sequence.</summary>
    public int Length { get; private init; }

    /// <summary>C, the channels of a step.</summary>
    public int Channels { get; private init; }

    /// <summary>F, the channels of an output step.</summary>
    public int Filters { get; private init; }

    /// <summary>K, the taps of the kernel.</summary>
    public int KernelSize { get; private init; }

    /// <summary>Input steps between neighbouring windows.</summary>
    public int Stride { get; private init; }

    /// <summary>Input steps between neighbouring taps.</summary>
    public int Dilation { get; private init; }

    /// <summary>Zero steps in front of the input; those behind follow from the output length.</summary>
    public int PaddingBefore { get; private init; }

    /// <summary>Lout.</summary>
    public int OutputLength { get; private init; }

    /// <summary>Input steps that a window spans: <c>(K − 1) · dilation + 1</c>.</summary>
    public int Span => ((KernelSize - 1) * Dilation) + 1;

    /// <summary>Computes padding and output length as Keras 3 does.</summary>
    /// <param name="batch">N, 0 or more.</param>
    /// <param name="length">L, 0 or more; for valid padding at least the window's span.</param>
    /// <param name="channels">C, 1 or more.</param>
    /// <param name="filters">F, 1 or more.</param>
    /// <param name="kernelSize">K, 1 or more.</param>
    /// <param name="stride">1 or more.</param>
    /// <param name="dilation">1 or more.</param>
    /// <param name="padding">What happens at the ends.</param>
    /// <exception cref="ArgumentException">A size is out of range, or no whole window fits the input.</exception>
    public static Conv1DShape Create(int batch, int length, int channels, int filters, int kernelSize, int stride, int dilation, ConvolutionPadding padding)
    {
        if (batch < 0 || length < 0 || channels < 1 || filters < 1)
        {
            throw new ArgumentException(
                $"Conv1D: expected batch and length of at least 0, channels and filters of at least 1; received batch {batch}, length {length}, channels {channels}, filters {filters}.");
        }
        // Causal windows are those of padding same, each of which ends at its own step.
        bool causal = padding == ConvolutionPadding.Causal;
        WindowAxis steps = WindowAxis.Create("Conv1D", "steps", length, kernelSize, stride, dilation, causal ? ConvolutionPadding.Same : padding);
        return new Conv1DShape
        {
            Batch = batch,
            Length = length,
            Channels = channels,
            Filters = filters,
            KernelSize = kernelSize,
            Stride = stride,
            Dilation = dilation,
            PaddingBefore = causal ? steps.Span - 1 : steps.PaddingBefore,
            OutputLength = steps.OutputLength,
        };
    }

    /// <summary>
    /// The sizes of the convolution that a transposed one runs backwards: what the transposed convolution takes, [N, Lin, Cin], is this shape's
    /// output, and what it gives, [N, L, filters], this shape's input. Valid: <c>L = (Lin − 1) · stride + span + extra</c>; same:
    /// <c>L = Lin · stride</c>, or <c>(Lin − 1) · stride + span mod 2 + extra</c> where the output padding is given, all as Keras 3 has it.
    /// </summary>
    /// <param name="batch">N, 0 or more.</param>
    /// <param name="length">Lin, the steps that the transposed convolution takes, 0 or more.</param>
    /// <param name="channels">Cin, the channels that it takes, 1 or more.</param>
    /// <param name="filters">The channels that it gives, 1 or more.</param>
    /// <param name="kernelSize">K, 1 or more.</param>
    /// <param name="stride">Output steps between neighbouring input steps, 1 or more.</param>
    /// <param name="dilation">1 or more.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <param name="outputPadding">Extra output steps, below the stride; null for what makes valid at least <c>Lin · stride</c> and same exactly that.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Conv1DShape CreateTransposed(
        int batch, int length, int channels, int filters, int kernelSize, int stride, int dilation, ConvolutionPadding padding, int? outputPadding = null)
    {
        if (batch < 0 || length < 0 || channels < 1 || filters < 1 || kernelSize < 1 || stride < 1 || dilation < 1)
        {
            throw new ArgumentException(
                $"Conv1DTranspose: expected batch and length of at least 0 and all other sizes of at least 1; received batch {batch}, length {length}, "
                + $"channels {channels}, filters {filters}, kernel size {kernelSize}, stride {stride}, dilation {dilation}.");
        }
        if (outputPadding is { } given && (given < 0 || given >= stride))
            throw new ArgumentException($"Conv1DTranspose: output padding {given} is not below the stride {stride}; expected 0 … {stride - 1}, or none.");
        long span = ((long)(kernelSize - 1) * dilation) + 1;
        (long before, long last) = padding switch
        {
            ConvolutionPadding.Valid => (0, span + (outputPadding ?? Math.Max(span, stride) - span)),
            ConvolutionPadding.Same when outputPadding is { } extra => (Math.Max(span - 1 - ((span + (span % 2) - 2 + extra + 1) / 2), 0), (span % 2) + extra),
            ConvolutionPadding.Same => (Math.Max(span - stride, 0) / 2, stride),
            _ => throw new ArgumentException($"Conv1DTranspose: padding {padding} is not defined for a transposed convolution; expected Valid or Same."),
        };
        long output = length == 0 ? 0 : ((length - 1L) * stride) + last;
        if (span > int.MaxValue / 2 || output > int.MaxValue / 2)
            throw new ArgumentException($"Conv1DTranspose: {output} output steps are beyond what an index can hold.");
        return new Conv1DShape
        {
            Batch = batch,
            Length = (int)output,
            Channels = filters,
            Filters = channels,
            KernelSize = kernelSize,
            Stride = stride,
            Dilation = dilation,
            PaddingBefore = (int)before,
            OutputLength = length,
        };
    }

    internal long InputElements => (long)Batch * Length * Channels;

    internal long KernelElements => (long)KernelSize * Channels * Filters;

    internal long OutputElements => (long)Batch * OutputLength * Filters;

    /// <summary>The same convolution over images of one row.</summary>
    internal Conv2DShape OfOneRow
        => Conv2DShape.Create(
            Batch, WindowAxis.Single(1),
            new WindowAxis { Length = Length, WindowSize = KernelSize, Stride = Stride, Dilation = Dilation, PaddingBefore = PaddingBefore, OutputLength = OutputLength }, Channels, Filters);

    /// <summary>The output rows [From, To) whose input row for <paramref name="tap"/> exists.</summary>
    internal (int From, int To) OutputRowsOfTap(int tap)
    {
        // 0 <= l * stride + shift < length
        int shift = (tap * Dilation) - PaddingBefore;
        int from = shift >= 0 ? 0 : (Stride - 1 - shift) / Stride;
        int to = Length <= shift ? 0 : ((Length - 1 - shift) / Stride) + 1;
        return (from, Math.Min(to, OutputLength));
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"(N {Batch}, L {Length}, C {Channels}) ∗ (K {KernelSize}, F {Filters}; stride {Stride}, dilation {Dilation}, {PaddingBefore} before)";
}
