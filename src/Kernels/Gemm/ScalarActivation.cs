namespace FlatFuse.Kernels;

/// <summary>The activations of <see cref="ActivationKind"/> for one number in double precision.</summary>
internal static class ScalarActivation
{
    public static double Apply(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.ReLU => x < 0 ? 0 : x,
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.HardSigmoid => HardSigmoid(x),
        ActivationKind.ReLU6 => Math.Clamp(x, 0, 6),
        ActivationKind.Exponential => Math.Exp(x),
        ActivationKind.ELU => x > 0 ? x : ExpM1(x),
        ActivationKind.SELU => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * ExpM1(x)),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Softsign => x / (1 + Math.Abs(x)),
        ActivationKind.SiLU => x * Sigmoid(x),
        ActivationKind.GELU => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
        ActivationKind.LeakyReLU => x > 0 ? x : 0.2 * x,
        ActivationKind.Mish => x * Math.Tanh(Softplus(x)),
        ActivationKind.HardSiLU => x * HardSigmoid(x),
        ActivationKind.TanhShrink => x - Math.Tanh(x),
        ActivationKind.CELU => Math.Max(x, 0) + Math.Min(ExpM1(x), 0),
        ActivationKind.LogSigmoid => -Softplus(-x),
        ActivationKind.HardTanh => Math.Clamp(x, -1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"Activation: {kind} is no member of ActivationKind."),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double HardSigmoid(double x) => Math.Clamp((x / 6) + 0.5, 0, 1);

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    // Kahan's correction of exp(x) - 1 near 0.
    private static double ExpM1(double x)
    {
        double e = Math.Exp(x);
        return e == 1 ? x : e - 1 == -1 ? -1 : double.IsInfinity(e) ? e : (e - 1) * x / Math.Log(e);
    }

    // The Maclaurin series where it converges quickly without cancellation to speak of, the continued fraction of erfc beyond.
    private static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (!(size <= 6))
            return double.IsNaN(x) ? x : Math.Sign(x);
        if (size < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; n < 60; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }
            return 2 / Math.Sqrt(Math.PI) * sum;
        }
        double fraction = size;
        for (int n = 60; n > 0; n--)
            fraction = size + (n / 2.0 / fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction));
    }
}
