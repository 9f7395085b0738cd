using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Systems;

/// <summary>S2.1: Dense(16) on (3, 2) works at every position with one kernel: 2 · 16 + 16 parameters; Flatten makes 48 of (3, 16).</summary>
internal static class DenseFlattenDense
{
    public static Sequential Build() => new(
        Input.Of([3, 2]),
        new Dense(16, Activation.ReLU),
        new Flatten(),
        new Dense(4));

    public static void Run(SampleOptions options)
    {
        options.Output.WriteLine("Input: four samples of (3, 2) numbers. Target: four numbers each. Dense on rank 3 uses ONE kernel at every position.");
        PublishedNumbers.Train(Build(), RandomSource.FromSeed(43).Uniform(-1, 1, 4, 4), options);
    }
}
