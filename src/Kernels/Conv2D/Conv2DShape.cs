namespace FlatFuse.Kernels;

/// <summary>
/// The sizes of a two-dimensional convolution, channels last: input [N, H, W, C], kernel [KH, KW, C, F], output [N, Hout, Wout, F].
/// </summary>
public readonly record struct Conv2DShape
{
    /// <summary>N, the images.</summary>
    public int Batch { get; private init; }

    /// <summary>The axis of H, KH and Hout.</summary>
    public WindowAxis Rows { get; private init; }

    /// <summary>The axis of W, KW and Wout.</summary>
    public WindowAxis Columns { get; private init; }

    /// <summary>C, the channels of an entry.</summary>
    public int Channels { get; private init; }

    /// <summary>F, the channels of an output entry.</summary>
    public int Filters { get; private init; }

    /// <summary>Joins two axes, each made by <see cref="WindowAxis.Create"/>.</summary>
    /// <param name="batch">N, 0 or more.</param>
    /// <param name="rows">H, KH and what happens between them.</param>
    /// <param name="columns">W, KW and what happens between them.</param>
    /// <param name="channels">C, 1 or more.</param>
    /// <param name="filters">F, 1 or more.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Conv2DShape Create(int batch, WindowAxis rows, WindowAxis columns, int channels, int filters)
    {
        if (batch < 0 || channels < 1 || filters < 1)
            Check.Refuse("Conv2D", $"expected a batch of at least 0, channels and filters of at least 1; received batch {batch}, channels {channels}, filters {filters}.");
        if (rows.WindowSize < 1 || columns.WindowSize < 1)
            Check.Refuse("Conv2D", "an axis is empty; expected axes made by WindowAxis.Create.");
        return new Conv2DShape { Batch = batch, Rows = rows, Columns = columns, Channels = channels, Filters = filters };
    }

    /// <summary>KH · KW.</summary>
    internal int Taps => Rows.WindowSize * Columns.WindowSize;

    internal long InputElements => (long)Batch * Rows.Length * Columns.Length * Channels;

    internal long KernelElements => (long)Taps * Channels * Filters;

    internal long OutputElements => (long)Batch * Rows.OutputLength * Columns.OutputLength * Filters;

    /// <summary>dx as a sliding of the flipped kernel over dy, for strides of 1.</summary>
    internal Conv2DShape Flipped => this with { Rows = Rows.Flipped, Columns = Columns.Flipped, Channels = Filters, Filters = Channels };

    /// <summary>A window of one entry at strides of 1 sees no rows: the image is one long row, and the products are as tall as it.</summary>
    internal Conv2DShape Simplified
        => Taps == 1 && Rows.Stride == 1 && Columns.Stride == 1
            ? this with { Rows = WindowAxis.Single(1), Columns = WindowAxis.Single(checked(Rows.Length * Columns.Length)) }
            : this;

    /// <inheritdoc/>
    public override string ToString()
        => $"(N {Batch}, H {Rows.Length}, W {Columns.Length}, C {Channels}) ∗ (KH {Rows.WindowSize}, KW {Columns.WindowSize}, F {Filters}; "
        + $"strides {Rows.Stride}, {Columns.Stride}, dilations {Rows.Dilation}, {Columns.Dilation}, {Rows.PaddingBefore} above, {Columns.PaddingBefore} left)";
}
