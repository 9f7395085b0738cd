namespace FlatFuse.Layers;

/// <summary>Uniform on ±√(6/(fan_in + fan_out)): the default of kernels. Source: Glorot and Bengio (2010).</summary>
public sealed class GlorotUniform() : VarianceScaling(1, FanMode.FanAverage, FanDistribution.Uniform);
