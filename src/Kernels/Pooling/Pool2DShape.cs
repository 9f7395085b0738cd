namespace FlatFuse.Kernels;

/// <summary>
/// The sizes of a two-dimensional pooling, channels last: input (batch, rows, columns, channels), output (batch, output rows, output columns, channels).
/// Sequences are images of one row.
/// </summary>
public readonly record struct Pool2DShape
{
    /// <summary>Images.</summary>
    public int Batch { get; private init; }

    /// <summary>The axis of the rows.</summary>
    public WindowAxis Rows { get; private init; }

    /// <summary>The axis of the columns.</summary>
    public WindowAxis Columns { get; private init; }

    /// <summary>Channels of an entry.</summary>
    public int Channels { get; private init; }

    /// <summary>Floats of the input.</summary>
    public long InputCount => (long)Batch * Rows.Length * Columns.Length * Channels;

    /// <summary>Floats of the output.</summary>
    public long OutputCount => (long)Batch * Rows.OutputLength * Columns.OutputLength * Channels;

    /// <summary>Joins two axes, each made by <see cref="WindowAxis.Create"/> with a dilation of 1.</summary>
    /// <param name="batch">0 or more.</param>
    /// <param name="rows">Rows, the window's height and what happens between them.</param>
    /// <param name="columns">Columns, the window's width and what happens between them.</param>
    /// <param name="channels">1 or more.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Pool2DShape Create(int batch, WindowAxis rows, WindowAxis columns, int channels)
    {
        const string Name = "Pooling2D";
        if (batch < 0 || channels < 1)
            Check.Refuse(Name, $"expected a batch of at least 0 and channels of at least 1; received {batch} and {channels}.");
        if (rows.Dilation != 1 || columns.Dilation != 1)
            Check.Refuse(Name, "expected axes made by WindowAxis.Create with a dilation of 1.");
        var shape = new Pool2DShape { Batch = batch, Rows = rows, Columns = columns, Channels = channels };
        if (shape.InputCount > int.MaxValue || shape.OutputCount > int.MaxValue)
            Check.Refuse(Name, $"({batch}, {rows.Length}, {columns.Length}, {channels}) has more elements than a position can count. Use smaller batches.");
        return shape;
    }

    /// <summary>The pooling of sequences as one of images of one row.</summary>
    /// <param name="batch">0 or more.</param>
    /// <param name="steps">Steps, the window's length and what happens between them.</param>
    /// <param name="channels">1 or more.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static Pool2DShape OfSequences(int batch, WindowAxis steps, int channels) => Create(batch, WindowAxis.Single(1), steps, channels);

    internal int ImageInputs => Rows.Length * Columns.Length * Channels;

    internal int ImageOutputs => Rows.OutputLength * Columns.OutputLength * Channels;
}
