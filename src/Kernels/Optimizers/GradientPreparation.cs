namespace FlatFuse.Kernels;

/// <summary>What happens to weight and gradient before the update, in this order: scale, clip, weight decay. The default does nothing.</summary>
public readonly record struct GradientPreparation
{
    /// <summary>Factor on every gradient (a norm clip is one); null for 1.</summary>
    public double? Scale { get; init; }

    /// <summary>Bound c of the scaled gradients' entries, clip(g, −c, c); null for none.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Decoupled weight decay: w −= w · decay · learning rate, before the update.</summary>
    public double WeightDecay { get; init; }
}
