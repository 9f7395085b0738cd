using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Systems;

/// <summary>S2.2: without Flatten the second Dense also works position by position: the output is (batch, 3, 4).</summary>
internal static class DenseWithoutFlatten
{
    public static Sequential Build() => new(
        Input.Of([3, 2]),
        new Dense(16, Activation.ReLU),
        new Dense(4));

    public static void Run(SampleOptions options)
    {
        options.Output.WriteLine("Input: four samples of (3, 2) numbers. Target: (3, 4) numbers each, position by position.");
        PublishedNumbers.Train(Build(), RandomSource.FromSeed(44).Uniform(-1, 1, 4, 3, 4), options);
    }
}
