using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// What a loss sees of a batch: predictions as <c>Rows × Columns</c> (one entry a row, the last axis across) and the targets that belong to
/// them. Leading axes are folded into the rows: a loss never cares about the rank.
/// </summary>
public readonly ref struct LossBatch
{
    /// <summary>Number of entries.</summary>
    public required int Rows { get; init; }

    /// <summary>Size of the predictions' last axis.</summary>
    public required int Columns { get; init; }

    /// <summary><c>Rows × Columns</c> targets, or one class number a row where <see cref="Loss.TakesClassNumbers"/>.</summary>
    public required ReadOnlySpan<float> Target { get; init; }

    /// <summary><c>Rows × Columns</c> predictions.</summary>
    public required ReadOnlySpan<float> Prediction { get; init; }

    /// <summary>Memory from the values to the gradients of the same batch: <see cref="Loss.SavedLength"/> floats.</summary>
    public Span<float> Saved { get; init; }

    /// <summary>Threads, kernels and scratch memory of kernel calls.</summary>
    public required Workers Workers { get; init; }

    /// <summary>The targets of one entry.</summary>
    /// <param name="row">0 … Rows − 1.</param>
    public ReadOnlySpan<float> TargetRow(int row) => Target.Slice(row * Columns, Columns);

    /// <summary>The predictions of one entry.</summary>
    /// <param name="row">0 … Rows − 1.</param>
    public ReadOnlySpan<float> PredictionRow(int row) => Prediction.Slice(row * Columns, Columns);
}
