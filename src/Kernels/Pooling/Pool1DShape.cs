using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>The sizes of a one-dimensional pooling, channels last: input (batch, length, channels), output (batch, output length, channels).</summary>
public readonly record struct Pool1DShape
{
    /// <summary>Sequences.</summary>
    public int Batch { get; private init; }

    /// <summary>Steps of an input sequence.</summary>
    public int Length { get; private init; }

    /// <summary>Channels of a step.</summary>
    public int Channels { get; private init; }

    /// <summary>Steps of a window.</summary>
    public int PoolSize { get; private init; }

    /// <summary>Input steps between neighbouring windows.</summary>
    public int Stride { get; private init; }

    /// <summary>Padded steps in front of the input; those behind follow from the output length.</summary>
    public int PaddingBefore { get; private init; }

    /// <summary>Windows, the steps of an output sequence.</summary>
    public int OutputLength { get; private init; }

    /// <summary>Floats of the input.</summary>
    public long InputCount => (long)Batch * Length * Channels;

    /// <summary>Floats of the output.</summary>
    public long OutputCount => (long)Batch * OutputLength * Channels;

    /// <summary>The first step of a window inside the input, and how many follow each other there.</summary>
    internal (int First, int Steps) StepsOf(int window)
    {
        long start = ((long)window * Stride) - PaddingBefore;
        int first = (int)Math.Max(start, 0);
        return (first, (int)Math.Min(start + PoolSize, Length) - first);
    }

    /// <summary>
    /// Computes padding and output length as Keras 3 does. Valid: ⌊(length − poolSize) / stride⌋ + 1 whole windows. Same: ⌈length / stride⌉
    /// windows, the smaller half of the padding in front.
    /// </summary>
    /// <param name="batch">0 or more.</param>
    /// <param name="length">0 or more; for valid padding at least <paramref name="poolSize"/>.</param>
    /// <param name="channels">1 or more.</param>
    /// <param name="poolSize">1 or more.</param>
    /// <param name="stride">1 or more.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <exception cref="ArgumentException">A size is out of range, no whole window fits, or the padding is causal.</exception>
    public static Pool1DShape Create(int batch, int length, int channels, int poolSize, int stride, ConvolutionPadding padding)
    {
        const string Name = "Pooling1D";
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (batch < 0 || length < 0 || channels < 1)
            Check.Refuse(Name, string.Create(culture, $"expected batch and length of at least 0 and channels of at least 1; received batch {batch}, length {length}, channels {channels}."));
        if (poolSize < 1 || stride < 1)
            Check.Refuse(Name, string.Create(culture, $"pool size and stride must be at least 1; received {poolSize} and {stride}."));
        int before = 0;
        int output;
        if (padding == ConvolutionPadding.Valid)
        {
            if (length < poolSize)
                Check.Refuse(Name, string.Create(culture, $"a window of {poolSize} steps does not fit an input of {length}. Use a smaller pool size, a longer input, or padding Same."));
            output = ((length - poolSize) / stride) + 1;
        }
        else if (padding == ConvolutionPadding.Same)
        {
            output = length == 0 ? 0 : ((length - 1) / stride) + 1;
            long total = Math.Max(((long)(output - 1) * stride) + poolSize - length, 0);
            before = output == 0 ? 0 : (int)(total / 2);
        }
        else
        {
            throw new ArgumentException($"{Name}: padding {padding} is not defined for pooling; expected Valid or Same.", nameof(padding));
        }
        var shape = new Pool1DShape
        {
            Batch = batch, Length = length, Channels = channels, PoolSize = poolSize, Stride = stride, PaddingBefore = before, OutputLength = output,
        };
        if (shape.InputCount > int.MaxValue || shape.OutputCount > int.MaxValue)
            Check.Refuse(Name, string.Create(culture, $"({batch}, {length}, {channels}) has more elements than a position can count. Use smaller batches."));
        return shape;
    }
}
