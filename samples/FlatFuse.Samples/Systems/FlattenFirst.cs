using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Systems;

/// <summary>S2.3: Flatten first: 6 → 16 → 4, and every position has weights of its own.</summary>
internal static class FlattenFirst
{
    public static Sequential Build() => new(
        Input.Of([3, 2]),
        new Flatten(),
        new Dense(16, Activation.ReLU),
        new Dense(4));

    public static void Run(SampleOptions options)
    {
        options.Output.WriteLine("Input: four samples of (3, 2) numbers, flattened to 6. Target: four numbers each.");
        PublishedNumbers.Train(Build(), RandomSource.FromSeed(43).Uniform(-1, 1, 4, 4), options);
    }
}
