using FlatFuse.Tensors;

namespace FlatFuse.Samples.Data;

/// <summary>Samples cut from the weather record.</summary>
/// <param name="Sequence">(samples, steps, features): the last days, oldest first.</param>
/// <param name="Facts">(samples, facts): the last day's own facts.</param>
/// <param name="Tomorrow">(samples): the next day's class, 0 … 4.</param>
/// <param name="RainTomorrow">(samples, 1): 1 when it rains the next day.</param>
internal sealed record WeatherSamples(Tensor<float> Sequence, Tensor<float> Facts, Tensor<int> Tomorrow, Tensor<float> RainTomorrow)
{
    /// <summary>The first samples only.</summary>
    public WeatherSamples Take(int count)
        => new(Sequence[..count].Clone(), Facts[..count].Clone(), Tomorrow[..count].Clone(), RainTomorrow[..count].Clone());
}
