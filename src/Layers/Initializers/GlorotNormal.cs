namespace FlatFuse.Layers;

/// <summary>Truncated normal of standard deviation √(2/(fan_in + fan_out)). Source: Glorot and Bengio (2010).</summary>
public sealed class GlorotNormal() : VarianceScaling(1, FanMode.FanAverage, FanDistribution.TruncatedNormal);
