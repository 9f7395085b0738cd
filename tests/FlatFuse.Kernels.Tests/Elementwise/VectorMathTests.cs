using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class VectorMathTests
{
    private delegate void Function(Workers w, ReadOnlySpan<float> x, Span<float> y);

    // The promise of VectorMath, and of every kernel built on it.
    private const double MostUlps = 2.5;

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Exp_stays_within_two_and_a_half_ulps_from_minus_103_to_88_7(string set)
        => CheckGrid(set, -103, 88.7, Elementwise.Exp, Math.Exp);

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Exp_stays_within_two_and_a_half_ulps_around_zero(string set)
        => CheckGrid(set, -1, 1, Elementwise.Exp, Math.Exp);

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Sigmoid_stays_within_two_and_a_half_ulps_from_minus_87_to_87(string set)
    {
        CheckGrid(set, -87, 87, Activation(ActivationKind.Sigmoid), x => 1 / (1 + Math.Exp(-x)));
        CheckGrid(set, -4, 4, Activation(ActivationKind.Sigmoid), x => 1 / (1 + Math.Exp(-x)));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Tanh_stays_within_two_and_a_half_ulps_everywhere(string set)
    {
        CheckGrid(set, -12, 12, Activation(ActivationKind.Tanh), Math.Tanh);
        CheckGrid(set, -1, 1, Activation(ActivationKind.Tanh), Math.Tanh);
        CheckGrid(set, -1e-4, 1e-4, Activation(ActivationKind.Tanh), Math.Tanh);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Log_stays_within_two_and_a_half_ulps_over_all_magnitudes(string set)
    {
        CheckGrid(set, 0.25, 4, Elementwise.Log, Math.Log);
        CheckGrid(set, 0.999, 1.001, Elementwise.Log, Math.Log);
        float[] x = new float[PointsFor(set)];
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)Math.Pow(2, -149 + (277.0 * i / x.Length));
        CheckPoints(set, x, Elementwise.Log, Math.Log);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Softplus_and_its_mirror_stay_within_three_ulps(string set)
    {
        // One addition more than the functions above: half an ulp more.
        CheckGrid(set, -80, 80, Activation(ActivationKind.Softplus), x => ActivationReference.Forward(ActivationKind.Softplus, x), 3);
        CheckGrid(set, -80, 80, Activation(ActivationKind.LogSigmoid), x => ActivationReference.Forward(ActivationKind.LogSigmoid, x), 3);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Special_values_come_out_right_in_every_lane(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float nan = float.NaN;
        float inf = float.PositiveInfinity;
        CheckSpecial(w, Elementwise.Exp, [(nan, nan), (inf, inf), (-inf, 0), (0, 1), (-0f, 1), (-200, 0), (200, inf), (89, inf), (-104.5f, 0), (float.MinValue, 0), (float.MaxValue, inf)]);
        CheckSpecial(w, Elementwise.Log, [(nan, nan), (inf, inf), (-inf, nan), (0, -inf), (-0f, -inf), (-1, nan), (1, 0), (-float.Epsilon, nan)]);
        CheckSpecial(w, Activation(ActivationKind.Sigmoid), [(nan, nan), (inf, 1), (-inf, 0), (0, 0.5f), (30, 1), (-1000, 0), (1000, 1)]);
        CheckSpecial(w, Activation(ActivationKind.Tanh), [(nan, nan), (inf, 1), (-inf, -1), (0, 0), (-0f, -0f), (20, 1), (-20, -1), (float.MaxValue, 1), (1e-10f, 1e-10f), (-1e-10f, -1e-10f), (1e-40f, 1e-40f)]);
        CheckSpecial(w, Activation(ActivationKind.Softplus), [(nan, nan), (inf, inf), (-inf, 0), (200, 200)]);
        CheckSpecial(w, Activation(ActivationKind.LogSigmoid), [(nan, nan), (inf, 0), (-inf, -inf), (-200, -200)]);
        CheckSpecial(w, Activation(ActivationKind.ELU), [(nan, nan), (inf, inf), (-inf, -1), (0, 0), (-100, -1)]);
        CheckSpecial(w, Activation(ActivationKind.ReLU), [(nan, nan), (inf, inf), (-inf, 0), (-1, 0), (2, 2)]);
        CheckSpecial(w, Activation(ActivationKind.ReLU6), [(nan, nan), (inf, 6), (-inf, 0)]);
        CheckSpecial(w, Activation(ActivationKind.HardSigmoid), [(nan, nan), (inf, 1), (-inf, 0), (3.5f, 1), (-3.5f, 0)]);
        CheckSpecial(w, Activation(ActivationKind.HardTanh), [(nan, nan), (inf, 1), (-inf, -1)]);
        CheckSpecial(w, Activation(ActivationKind.GELU), [(nan, nan), (inf, inf), (0, 0), (20, 20), (-20, -0f)]);
        CheckSpecial(w, Activation(ActivationKind.SiLU), [(nan, nan), (inf, inf), (0, 0), (-200, -0f)]);
        CheckSpecial(w, Activation(ActivationKind.Mish), [(nan, nan), (inf, inf), (0, 0), (100, 100)]);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Tanh_is_odd_to_the_last_bit(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(1000, 3, -6, 6);
        float[] mirrored = Array.ConvertAll(x, v => -v);
        float[] y = new float[1000];
        float[] z = new float[1000];
        Activations.Forward(w, ActivationKind.Tanh, x, y);
        Activations.Forward(w, ActivationKind.Tanh, mirrored, z);
        Assert.Null(Tolerance.FirstBitDifference(y, Array.ConvertAll(z, v => -v)));
    }

    private static Function Activation(ActivationKind kind) => (w, x, y) => Activations.Forward(w, kind, x, y);

    private static int PointsFor(string set) => KernelSetData.Named(set).IsAccelerated ? 100_003 : 2_003;

    private static void CheckGrid(
        string set, double low, double high, Function function, Func<double, double> reference, double most = MostUlps)
    {
        float[] x = new float[PointsFor(set)];
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)(low + ((high - low) * i / (x.Length - 1)));
        CheckPoints(set, x, function, reference, most);
    }

    private static void CheckPoints(string set, float[] x, Function function, Func<double, double> reference, double most = MostUlps)
    {
        float[] y = new float[x.Length];
        function(KernelSetData.WorkersOf(set), x, y);
        double worst = 0;
        int where = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double ulps = Tolerance.Ulps(y[i], reference(x[i]));
            if (!(ulps <= worst))
                (worst, where) = (ulps, i);
        }
        Assert.True(worst <= most, $"{worst:F2} ULP at {x[where]:R}: got {y[where]:R}, expected {reference(x[where]):R}");
    }

    // Each special value in each of 37 positions among ordinary numbers: every lane of every width, whole vectors and the tail.
    private static void CheckSpecial(Workers w, Function function, ReadOnlySpan<(float X, float Want)> cases)
    {
        const int Length = 37;
        float[] ordinary = TestValues.Create(Length, 1, 0.1f, 1);
        float[] ordinaryResult = new float[Length];
        function(w, ordinary, ordinaryResult);
        foreach ((float special, float want) in cases)
        {
            for (int position = 0; position < Length; position++)
            {
                float[] x = (float[])ordinary.Clone();
                x[position] = special;
                float[] y = new float[Length];
                function(w, x, y);
                for (int i = 0; i < Length; i++)
                {
                    float expected = i == position ? want : ordinaryResult[i];
                    bool same = float.IsNaN(expected) ? float.IsNaN(y[i]) : y[i] == expected && float.IsNegative(y[i]) == float.IsNegative(expected);
                    Assert.True(same, $"{special:R} in position {position}: element {i} is {y[i]:R}, expected {expected:R}");
                }
            }
        }
    }
}
