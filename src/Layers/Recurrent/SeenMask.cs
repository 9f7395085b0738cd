using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>From a mask (batch, steps), in the order of processing: 1 from the first real step on, 0 before it. No gradient.</summary>
internal sealed class SeenMask : GradientNode
{
    private readonly bool _backwards;

    private SeenMask(CallContext context, Variable mask, bool backwards)
        : base(context, mask) => _backwards = backwards;

    public static Variable Of(Variable mask, bool backwards, CallContext context)
        => context.Run(new SeenMask(context, mask, backwards), mask.Shape);

    public override void Forward(Tensor<float> output)
    {
        Tensor<float> mask = Inputs[0].Value;
        int batch = mask.Shape[0], steps = mask.Shape[1];
        Span<float> seen = output.AsSpan();
        for (int b = 0; b < batch; b++)
        {
            float value = 0f;
            for (int t = 0; t < steps; t++)
            {
                if (mask[b, _backwards ? steps - 1 - t : t] != 0f)
                    value = 1f;
                seen[(b * steps) + t] = value;
            }
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded && !destinations[0].Accumulate)
            destinations[0].Span.Clear();
    }
}
