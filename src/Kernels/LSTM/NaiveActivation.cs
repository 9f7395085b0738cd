using System.Numerics;

namespace FlatFuse.Kernels;

/// <summary>
/// The activations and their derivatives as formulas, one number at a time, over float or double: the definition behind
/// <see cref="NaiveLSTM{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal static class NaiveActivation<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private static readonly T SELUScale = T.CreateTruncating(1.0507009873554805);
    private static readonly T SELUAlpha = T.CreateTruncating(1.6732632423543772);
    private static readonly T LeakySlope = T.CreateTruncating(0.2);
    private static readonly T Half = T.CreateTruncating(0.5);
    private static readonly T Four = T.CreateTruncating(4);
    private static readonly T Six = T.CreateTruncating(6);

    /// <summary>The activation of <paramref name="x"/>.</summary>
    public static T Value(ActivationKind kind, T x) => kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.ReLU => T.Max(x, T.Zero),
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.Tanh => T.Tanh(x),
        ActivationKind.HardSigmoid => HardSigmoid(x),
        ActivationKind.ReLU6 => T.Min(T.Max(x, T.Zero), Six),
        ActivationKind.Exponential => T.Exp(x),
        ActivationKind.ELU => x > T.Zero ? x : T.ExpM1(x),
        ActivationKind.SELU => SELUScale * (x > T.Zero ? x : SELUAlpha * T.ExpM1(x)),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Softsign => x / (T.One + T.Abs(x)),
        ActivationKind.SiLU => x * Sigmoid(x),
        ActivationKind.GELU => x * NormalDistribution(x),
        ActivationKind.LeakyReLU => x > T.Zero ? x : LeakySlope * x,
        ActivationKind.Mish => x * T.Tanh(Softplus(x)),
        ActivationKind.HardSiLU => x * HardSigmoid(x),
        ActivationKind.TanhShrink => x - T.Tanh(x),
        ActivationKind.CELU => x > T.Zero ? x : T.ExpM1(x),
        ActivationKind.LogSigmoid => -Softplus(-x),
        ActivationKind.HardTanh => T.Min(T.Max(x, -T.One), T.One),
        ActivationKind.HardShrink => T.Abs(x) <= Half ? T.Zero : x,
        ActivationKind.SoftShrink => x - T.Min(T.Max(x, -Half), Half),
        ActivationKind.Squareplus => Half * (x + T.Sqrt((x * x) + Four)),
        ActivationKind.SparsePlus => x >= T.One ? x : Square(T.Max(x + T.One, T.Zero)) / Four,
        ActivationKind.SparseSigmoid => T.Min(T.Max(Half * (x + T.One), T.Zero), T.One),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such activation; expected a member of ActivationKind."),
    };

    /// <summary>The derivative at <paramref name="x"/>; at a kink the one from the left, as Keras's backends have it.</summary>
    public static T Derivative(ActivationKind kind, T x) => kind switch
    {
        ActivationKind.Linear => T.One,
        ActivationKind.ReLU => Step(x > T.Zero, x),
        ActivationKind.Sigmoid => Sigmoid(x) * (T.One - Sigmoid(x)),
        ActivationKind.Tanh => OneMinusSquare(T.Tanh(x)),
        ActivationKind.HardSigmoid => HardSigmoidSlope(x),
        ActivationKind.ReLU6 => Step(x > T.Zero && x < Six, x),
        ActivationKind.Exponential => T.Exp(x),
        ActivationKind.ELU => x > T.Zero ? T.One : T.Exp(x),
        ActivationKind.SELU => SELUScale * (x > T.Zero ? T.One : SELUAlpha * T.Exp(x)),
        ActivationKind.Softplus => Sigmoid(x),
        ActivationKind.Softsign => T.One / ((T.One + T.Abs(x)) * (T.One + T.Abs(x))),
        ActivationKind.SiLU => Sigmoid(x) * (T.One + (x * (T.One - Sigmoid(x)))),
        ActivationKind.GELU => NormalDistribution(x) + (x * T.Exp(-Half * x * x) / T.Sqrt(T.Tau)),
        ActivationKind.LeakyReLU => x > T.Zero ? T.One : Step(true, x) * LeakySlope,
        ActivationKind.Mish => T.Tanh(Softplus(x)) + (x * OneMinusSquare(T.Tanh(Softplus(x))) * Sigmoid(x)),
        ActivationKind.HardSiLU => HardSigmoid(x) + (x * HardSigmoidSlope(x)),
        ActivationKind.TanhShrink => T.Tanh(x) * T.Tanh(x),
        ActivationKind.CELU => x > T.Zero ? T.One : T.Exp(x),
        ActivationKind.LogSigmoid => Sigmoid(-x),
        ActivationKind.HardTanh => Step(x > -T.One && x < T.One, x),
        ActivationKind.HardShrink or ActivationKind.SoftShrink => Step(T.Abs(x) > Half, x),
        ActivationKind.Squareplus => Half * (T.One + (x / T.Sqrt((x * x) + Four))),
        ActivationKind.SparsePlus => T.Min(Half * T.Max(x + T.One, T.Zero), T.One),
        ActivationKind.SparseSigmoid => Half * Step(x > -T.One && x < T.One, x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such activation; expected a member of ActivationKind."),
    };

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));

    private static T Square(T x) => x * x;

    private static T OneMinusSquare(T y) => (T.One - y) * (T.One + y);

    private static T HardSigmoid(T x) => T.Min(T.Max((x / Six) + Half, T.Zero), T.One);

    private static T HardSigmoidSlope(T x) => Step(x > -(Six * Half) && x < Six * Half, x) / Six;

    // max(x, 0) + log(1 + e^-|x|): exact for large |x| on both sides.
    private static T Softplus(T x) => T.Max(x, T.Zero) + T.LogP1(T.Exp(-T.Abs(x)));

    // 1 or 0, and NaN for NaN: a comparison would turn NaN into an innocent 0.
    private static T Step(bool active, T x) => T.IsNaN(x) ? x : active ? T.One : T.Zero;

    // (1 + erf(x/√2))/2; erf by e^(-v²) 2v/√π Σ (2v²)ⁿ/(1·3·…·(2n+1)), all terms positive (Abramowitz and Stegun 7.1.6).
    private static T NormalDistribution(T x)
    {
        double value = double.CreateTruncating(x);
        if (double.IsNaN(value))
            return x;
        if (Math.Abs(value) > 12)
            return value > 0 ? T.One : T.Zero;
        double term = value;
        double sum = term;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= value * value / ((2 * n) + 1);
            sum += term;
        }
        return T.CreateTruncating(0.5 + (Math.Exp(-0.5 * value * value) / Math.Sqrt(Math.Tau) * sum));
    }
}
