namespace FlatFuse.Kernels;

/// <summary>By what <see cref="RowNormalizationKernel"/> divides a row.</summary>
public enum RowStatistic
{
    /// <summary>The standard deviation, after the mean is taken off.</summary>
    Deviation,

    /// <summary>The root of the mean square.</summary>
    RootMeanSquare,

    /// <summary>The Euclidean length.</summary>
    Norm,
}
