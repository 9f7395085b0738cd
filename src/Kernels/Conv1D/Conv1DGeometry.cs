namespace FlatFuse.Kernels;

/// <summary>
/// One sliding of a kernel over sequences of rows, as the bodies see it: output row l reads the input rows
/// <c>l · Stride + tap · Dilation − Before</c>; rows outside the input are zero. The input gradient at stride 1 is such a sliding too.
/// </summary>
internal struct Conv1DGeometry
{
    public int Batch;

    /// <summary>Rows of an input sequence.</summary>
    public int InputRows;

    /// <summary>Floats of an input row.</summary>
    public int InputWidth;

    /// <summary>Rows of an output sequence.</summary>
    public int OutputRows;

    /// <summary>Floats of an output row.</summary>
    public int OutputWidth;

    public int Taps, Stride, Dilation, Before;

    /// <summary>Products in an output element.</summary>
    public readonly int Terms => Taps * InputWidth;

    /// <summary>Input rows that a block of <paramref name="rows"/> output rows reads.</summary>
    public readonly int WindowRows(int rows) => ((rows - 1) * Stride) + ((Taps - 1) * Dilation) + 1;

    public static Conv1DGeometry Of(in Conv1DShape s) => new()
    {
        Batch = s.Batch,
        InputRows = s.Length,
        InputWidth = s.Channels,
        OutputRows = s.OutputLength,
        OutputWidth = s.Filters,
        Taps = s.KernelSize,
        Stride = s.Stride,
        Dilation = s.Dilation,
        Before = s.PaddingBefore,
    };

    /// <summary>dx as a sliding of the flipped kernel over dy, for stride 1.</summary>
    public static Conv1DGeometry OfInputGradient(in Conv1DShape s) => new()
    {
        Batch = s.Batch,
        InputRows = s.OutputLength,
        InputWidth = s.Filters,
        OutputRows = s.Length,
        OutputWidth = s.Channels,
        Taps = s.KernelSize,
        Stride = 1,
        Dilation = s.Dilation,
        Before = s.Span - 1 - s.PaddingBefore,
    };
}
