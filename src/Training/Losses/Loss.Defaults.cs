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

    /// <summary><see cref="Training.MeanAbsolutePercentageError"/> with its defaults.</summary>
    public static MeanAbsolutePercentageError MeanAbsolutePercentageError { get; } = new();

    /// <summary><see cref="Training.MeanSquaredLogarithmicError"/> with its defaults.</summary>
    public static MeanSquaredLogarithmicError MeanSquaredLogarithmicError { get; } = new();

    /// <summary><see cref="Training.Huber"/> with its defaults.</summary>
    public static Huber Huber { get; } = new();

    /// <summary><see cref="Training.LogCosh"/> with its defaults.</summary>
    public static LogCosh LogCosh { get; } = new();

    /// <summary><see cref="Training.CategoricalHinge"/> with its defaults.</summary>
    public static CategoricalHinge CategoricalHinge { get; } = new();

    /// <summary><see cref="Training.Hinge"/> with its defaults.</summary>
    public static Hinge Hinge { get; } = new();

    /// <summary><see cref="Training.SquaredHinge"/> with its defaults.</summary>
    public static SquaredHinge SquaredHinge { get; } = new();

    /// <summary><see cref="Training.KLDivergence"/> with its defaults.</summary>
    public static KLDivergence KLDivergence { get; } = new();

    /// <summary><see cref="Training.Poisson"/> with its defaults.</summary>
    public static Poisson Poisson { get; } = new();

    /// <summary><see cref="Training.CosineSimilarity"/> with its defaults.</summary>
    public static CosineSimilarity CosineSimilarity { get; } = new();

    /// <summary><see cref="Training.BinaryFocalCrossentropy"/> with its defaults.</summary>
    public static BinaryFocalCrossentropy BinaryFocalCrossentropy { get; } = new();

    /// <summary><see cref="Training.CategoricalFocalCrossentropy"/> with its defaults.</summary>
    public static CategoricalFocalCrossentropy CategoricalFocalCrossentropy { get; } = new();
}
