using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Systems;

/// <summary>S2.4: Flatten as Keras 3 has it: the batch stays; channels_first moves axis 1 to the end; rank 1 gains an axis.</summary>
internal static class FlattenForms
{
    public static Model Build()
    {
        var x = Input.Of([10, 64]);
        return new Model(x, new Flatten().Apply(x));
    }

    public static void Run(SampleOptions options)
    {
        Build().Summary(options.Output);
        var context = new CallContext();
        Variable channelsFirst = context.Constant(Tensor.From(new float[,,] { { { 1, 2 }, { 3, 4 }, { 5, 6 } } }));
        options.Output.WriteLine($"channels_last  of (1, 3, 2): {new Flatten().Apply(channelsFirst).Value}");
        options.Output.WriteLine($"channels_first of (1, 3, 2): {new Flatten { DataFormat = DataFormat.ChannelsFirst }.Apply(channelsFirst).Value}");
        options.Output.WriteLine($"rank 1 (3 samples) becomes (3, 1): {new Flatten().Apply(context.Constant(Tensor.From([1f, 2f, 3f]))).Value}");
    }
}
