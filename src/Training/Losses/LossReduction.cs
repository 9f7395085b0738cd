namespace FlatFuse.Training;

/// <summary>How the losses of the entries (one for each row of the last axis) become the loss of a batch; <c>w</c> are the sample weights, 1 without any.</summary>
public enum LossReduction
{
    /// <summary>Σ w·loss / number of entries: not divided by Σ w. Keras's default.</summary>
    SumOverBatchSize,

    /// <summary>Σ w·loss.</summary>
    Sum,

    /// <summary>w·loss of each entry, not reduced.</summary>
    None,

    /// <summary>Σ w·loss / Σ w, and 0 when all weights are 0.</summary>
    MeanWithSampleWeight,

    /// <summary>Another name for <see cref="SumOverBatchSize"/>.</summary>
    Mean,
}
