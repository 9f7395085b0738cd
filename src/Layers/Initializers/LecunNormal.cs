namespace FlatFuse.Layers;

/// <summary>Truncated normal of standard deviation √(1/fan_in), for SELU. Source: LeCun et al. (1998).</summary>
public sealed class LecunNormal() : VarianceScaling(1, FanMode.FanIn, FanDistribution.TruncatedNormal);
