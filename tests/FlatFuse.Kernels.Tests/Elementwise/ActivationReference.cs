namespace FlatFuse.Kernels.Tests;

/// <summary>The activations in double, straight from their formulas, and their derivatives.</summary>
internal static class ActivationReference
{
    public static double Forward(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.ReLU => Math.Max(x, 0),
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.HardSigmoid => Math.Clamp((x / 6) + 0.5, 0, 1),
        ActivationKind.ReLU6 => Math.Clamp(x, 0, 6),
        ActivationKind.Exponential => Math.Exp(x),
        ActivationKind.ELU or ActivationKind.CELU => x > 0 ? x : ExpMinusOne(x),
        ActivationKind.SELU => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * ExpMinusOne(x)),
        ActivationKind.Softplus => Softplus(x),
        ActivationKind.Softsign => x / (1 + Math.Abs(x)),
        ActivationKind.SiLU => x * Sigmoid(x),
        ActivationKind.GELU => x * NormalShare(x),
        ActivationKind.LeakyReLU => x > 0 ? x : 0.2 * x,
        ActivationKind.Mish => x * Math.Tanh(Softplus(x)),
        ActivationKind.HardSiLU => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        ActivationKind.TanhShrink => x - Math.Tanh(x),
        ActivationKind.LogSigmoid => -Softplus(-x),
        ActivationKind.HardTanh => Math.Clamp(x, -1, 1),
        ActivationKind.HardShrink => Math.Abs(x) > 0.5 ? x : 0,
        ActivationKind.SoftShrink => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0,
        ActivationKind.Squareplus => (x + Math.Sqrt((x * x) + 4)) / 2,
        ActivationKind.SparsePlus => x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x,
        ActivationKind.SparseSigmoid => x <= -1 ? 0 : x < 1 ? (x + 1) / 2 : 1,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Four-point central differences: error of the order of 1e-11 away from kinks.</summary>
    public static double Derivative(ActivationKind kind, double x)
    {
        const double H = 1e-3;
        return ((8 * (Forward(kind, x + H) - Forward(kind, x - H))) - (Forward(kind, x + (2 * H)) - Forward(kind, x - (2 * H)))) / (12 * H);
    }

    /// <summary>True when a kink of a piecewise activation lies within the differences' reach.</summary>
    public static bool IsNearKink(double x)
    {
        ReadOnlySpan<double> kinks = [-3, -1, -0.5, 0, 0.5, 1, 3, 6];
        foreach (double kink in kinks)
        {
            if (Math.Abs(x - kink) < 3e-3)
                return true;
        }
        return false;
    }

    private static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    // log(1 + t) that keeps small t (Kahan).
    private static double LogOnePlus(double t)
    {
        double u = 1 + t;
        return u == 1 ? t : Math.Log(u) * t / (u - 1);
    }

    private static double ExpMinusOne(double x)
    {
        double u = Math.Exp(x);
        if (u == 1)
            return x;
        return u - 1 == -1 ? -1 : (u - 1) * x / Math.Log(u);
    }

    // Φ(x): the series around 0, the continued fraction of Mills' ratio outside.
    private static double NormalShare(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) > 4)
        {
            double fraction = 0;
            for (int k = 60; k >= 1; k--)
                fraction = k / (Math.Abs(x) + fraction);
            double tail = density / (Math.Abs(x) + fraction);
            return x > 0 ? 1 - tail : tail;
        }
        double term = x;
        double sum = x;
        for (int k = 3; k < 200; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + (density * sum);
    }
}
