using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// A sequence (batch, steps, features) in which each padded step shows a real one: the step before it in the same row, else the first after it, else
/// any row's first, and zeros where nothing is real. Gradient: dy at real steps, 0 at padded ones.
/// </summary>
/// <remarks>
/// A recurrence written out in small nodes computes padded steps, too, and throws the result away. But a product of the gradient 0 with a derivative that
/// is not finite is NaN: so a cell must never see padding, on which it may divide by 0 or worse.
/// </remarks>
internal sealed class RealSteps : GradientNode
{
    private RealSteps(CallContext context, Variable x, Variable mask)
        : base(context, x, mask)
    {
    }

    public static Variable Of(Variable x, Variable mask, CallContext context) => context.Run(new RealSteps(context, x, mask), x.Shape);

    public override void Forward(Tensor<float> output)
    {
        Tensor<float> x = Inputs[0].Value, mask = Inputs[1].Value;
        int batch = mask.Shape[0], steps = mask.Shape[1], features = x.Shape[2];
        Span<float> y = output.AsSpan();
        x.CopyTo(y);
        int anywhere = -1;
        for (int b = 0; b < batch && anywhere < 0; b++)
            anywhere = FirstReal(mask, b) is { } first ? (b * steps) + first : -1;
        for (int b = 0; b < batch; b++)
        {
            int shown = FirstReal(mask, b) is { } first ? (b * steps) + first : anywhere;
            for (int t = 0; t < steps; t++)
            {
                int place = (b * steps) + t;
                if (mask[b, t] != 0f)
                    shown = place;
                else if (shown >= 0)
                    y.Slice(shown * features, features).CopyTo(y[(place * features)..]);
                else
                    y.Slice(place * features, features).Clear();
            }
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[1].IsNeeded && !destinations[1].Accumulate)
            destinations[1].Span.Clear();
        if (!destinations[0].IsNeeded)
            return;
        Tensor<float> mask = Inputs[1].Value;
        ReadOnlySpan<float> from = dy.AsSpan();
        Span<float> dx = destinations[0].Span;
        int steps = mask.Shape[1], features = dy.Shape[2];
        for (int i = 0; i < dx.Length; i++)
        {
            int place = i / features;
            float here = mask[place / steps, place % steps] != 0f ? from[i] : 0f;
            dx[i] = destinations[0].Accumulate ? dx[i] + here : here;
        }
    }

    private static int? FirstReal(Tensor<float> mask, int row)
    {
        for (int t = 0; t < mask.Shape[1]; t++)
        {
            if (mask[row, t] != 0f)
                return t;
        }
        return null;
    }
}
