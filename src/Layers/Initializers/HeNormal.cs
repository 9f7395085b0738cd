namespace FlatFuse.Layers;

/// <summary>Truncated normal of standard deviation √(2/fan_in), for ReLU. Source: He et al. (2015).</summary>
public sealed class HeNormal() : VarianceScaling(2, FanMode.FanIn, FanDistribution.TruncatedNormal);
