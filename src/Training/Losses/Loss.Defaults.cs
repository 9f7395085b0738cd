namespace FlatFuse.Training;

public abstract partial class Loss
{
    /// <summary><see cref="Training.MeanSquaredError"/> with its defaults.</summary>
    public static MeanSquaredError MeanSquaredError { get; } = new();

    /// <summary><see cref="Training.MeanAbsoluteError"/> with its defaults.</summary>
    public static MeanAbsoluteError MeanAbsoluteError { get; } = new();

    /// <summary><see cref="Training.BinaryCrossentropy"/> with its defaults.</summary>
    public static BinaryCrossentropy BinaryCrossentropy { get; } = new();

    /// <summary><see cref="Training.CategoricalCrossentropy"/> with its defaults.</summary>
    public static CategoricalCrossentropy CategoricalCrossentropy { get; } = new();

    /// <summary><see cref="Training.SparseCategoricalCrossentropy"/> with its defaults.</summary>
    public static SparseCategoricalCrossentropy SparseCategoricalCrossentropy { get; } = new();
}
