namespace FlatFuse.Layers;

/// <summary>Uniform on ±√(3/fan_in). Source: LeCun et al. (1998).</summary>
public sealed class LecunUniform() : VarianceScaling(1, FanMode.FanIn, FanDistribution.Uniform);
