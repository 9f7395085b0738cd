using System.Globalization;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// Normally distributed numbers, drawn anew at each run: a function of the key, <see cref="CallContext.Step"/> and the element's position. No gradient.
    /// </summary>
    /// <param name="context">The pass to take part in.</param>
    /// <param name="key">The random stream; see <see cref="CallContext.DrawKey"/>.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="standardDeviation">Their standard deviation, 0 or more.</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not finite.</exception>
    public static Variable RandomNormal(CallContext context, RandomKey key, double mean, double standardDeviation, params ReadOnlySpan<int> shape)
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
            Throw.Range(nameof(RandomNormal), $"received standard deviation {standardDeviation.ToString(CultureInfo.InvariantCulture)}; expected a finite number of at least 0.");
        return context.Run(new RandomNormalNode(context, key, mean, standardDeviation), shape);
    }

    /// <summary>
    /// 0 with probability rate, else 1, drawn anew at each run: a function of the key, <see cref="CallContext.Step"/> and the element's position. No gradient.
    /// </summary>
    /// <param name="context">The pass to take part in.</param>
    /// <param name="key">The random stream; see <see cref="CallContext.DrawKey"/>.</param>
    /// <param name="rate">The probability of 0, in [0, 1].</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1].</exception>
    public static Variable RandomMask(CallContext context, RandomKey key, double rate, params ReadOnlySpan<int> shape)
    {
        if (!(rate >= 0 && rate <= 1))
            Throw.Range(nameof(RandomMask), $"received rate {rate.ToString(CultureInfo.InvariantCulture)}; expected 0 ≤ rate ≤ 1. The rate is the share of zeros.");
        return context.Run(new RandomMaskNode(context, key, rate), shape);
    }
}

/// <summary>Normal numbers of the present step.</summary>
internal sealed class RandomNormalNode : GradientNode
{
    private readonly RandomKey _key;
    private readonly double _mean;
    private readonly double _deviation;

    public RandomNormalNode(CallContext context, RandomKey key, double mean, double deviation)
        : base(context)
    {
        _key = key;
        _mean = mean;
        _deviation = deviation;
    }

    public override void Forward(Tensor<float> output)
    {
        NormalNoise.Fill(Workers, _key.Derive(Context.Step).Value, _mean, _deviation, output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        // It has no inputs: never reached.
    }
}

/// <summary>Zeros and ones of the present step.</summary>
internal sealed class RandomMaskNode : GradientNode
{
    private readonly RandomKey _key;
    private readonly double _rate;

    public RandomMaskNode(CallContext context, RandomKey key, double rate)
        : base(context)
    {
        _key = key;
        _rate = rate;
    }

    public override void Forward(Tensor<float> output)
    {
        DropoutMask.FillUnscaled(Workers, _key.Derive(Context.Step).Value, _rate, output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        // It has no inputs: never reached.
    }
}
