namespace FlatFuse.Autograd;

/// <summary>How <see cref="VariableOps.BatchNormalization"/> normalises.</summary>
public readonly record struct BatchNormalizationOptions
{
    /// <summary>Keras's defaults.</summary>
    public BatchNormalizationOptions()
    {
    }

    /// <summary>The axis whose indices are normalised each on its own; negative counts from the last.</summary>
    public int Axis { get; init; } = -1;

    /// <summary>How much of the moving statistics stays at each run.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>ε, inside the root.</summary>
    public double Epsilon { get; init; } = 1e-3;

    /// <summary>True to use the batch's own statistics and to move the moving ones; false to use the moving ones as they are.</summary>
    public bool UseBatchStatistics { get; init; }
}
