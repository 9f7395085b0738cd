namespace FlatFuse.Layers;

/// <summary>Uniform on ±√(6/fan_in), for ReLU. Source: He et al. (2015).</summary>
public sealed class HeUniform() : VarianceScaling(2, FanMode.FanIn, FanDistribution.Uniform);
