using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Constants that layers need beside their inputs, in the memory of the call.</summary>
internal static class Filled
{
    public static Variable With(float value, CallContext context, params ReadOnlySpan<int> shape)
    {
        Tensor<float> tensor = context.Allocator.Allocate(shape);
        tensor.AsSpan().Fill(value);
        return context.Constant(tensor);
    }
}
