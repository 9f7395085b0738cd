using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class OptimizerKernelTests
{
    private const double Epsilon = 1e-7;
    private const int Steps = 4;

    // w, g after preparation, the three states, the step t: returns the new weight.
    private delegate double Reference(double w, double g, double[] s, int t);

    private delegate void Kernel(Workers workers, Span<float> w, ReadOnlySpan<float> g, Span<float> first, Span<float> second, Span<float> third, int t);

    private static readonly (string Name, int States, Kernel Run, Reference Want)[] Rules =
    [
        ("SGD", 0, (w, x, g, a, b, c, t) => OptimizerKernels.SGD(w, new SGDStep(0.1), x, g, default), (w, g, s, t) => w - (0.1 * g)),
        ("SGD momentum", 1, (w, x, g, a, b, c, t) => OptimizerKernels.SGD(w, new SGDStep(0.1) { Momentum = 0.9 }, x, g, a), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) - (0.1 * g);
            return w + s[0];
        }),
        ("SGD Nesterov", 1, (w, x, g, a, b, c, t) => OptimizerKernels.SGD(w, new SGDStep(0.1) { Momentum = 0.9, Nesterov = true }, x, g, a), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) - (0.1 * g);
            return w + (0.9 * s[0]) - (0.1 * g);
        }),
        ("RMSprop", 1, (w, x, g, a, b, c, t) => OptimizerKernels.RMSprop(w, new RMSpropStep(0.01) { Rho = 0.9, Epsilon = Epsilon }, x, g, a, default, default), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g * g);
            return w - (0.01 * g / Math.Sqrt(s[0] + Epsilon));
        }),
        ("RMSprop centered", 2, (w, x, g, a, b, c, t) => OptimizerKernels.RMSprop(w, new RMSpropStep(0.01) { Rho = 0.9, Epsilon = Epsilon }, x, g, a, b, default), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g * g);
            s[1] = (0.9 * s[1]) + (0.1 * g);
            return w - (0.01 * g / Math.Sqrt(s[0] - (s[1] * s[1]) + Epsilon));
        }),
        ("RMSprop centered momentum", 3, (w, x, g, a, b, c, t) => OptimizerKernels.RMSprop(w, new RMSpropStep(0.01) { Rho = 0.9, Momentum = 0.5, Epsilon = Epsilon }, x, g, a, b, c), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g * g);
            s[1] = (0.9 * s[1]) + (0.1 * g);
            s[2] = (0.5 * s[2]) + (0.01 * g / Math.Sqrt(s[0] - (s[1] * s[1]) + Epsilon));
            return w - s[2];
        }),
        ("Adam", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Adam(w, new AdamStep(0.01) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = Epsilon, Step = t }, x, g, a, b), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g);
            s[1] = (0.999 * s[1]) + (0.001 * g * g);
            return w - (0.01 * Math.Sqrt(1 - Math.Pow(0.999, t)) / (1 - Math.Pow(0.9, t)) * s[0] / (Math.Sqrt(s[1]) + Epsilon));
        }),
        ("AMSGrad", 3, (w, x, g, a, b, c, t) => OptimizerKernels.Adam(w, new AdamStep(0.01) { Beta1 = 0.9, Beta2 = 0.9, Epsilon = Epsilon, Step = t }, x, g, a, b, c), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g);
            s[1] = (0.9 * s[1]) + (0.1 * g * g);
            s[2] = Math.Max(s[2], s[1]);
            return w - (0.01 * Math.Sqrt(1 - Math.Pow(0.9, t)) / (1 - Math.Pow(0.9, t)) * s[0] / (Math.Sqrt(s[2]) + Epsilon));
        }),
        ("Adamax", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Adamax(w, new AdamaxStep(0.01) { Beta1 = 0.9, Beta2 = 0.9, Epsilon = Epsilon, Step = t }, x, g, a, b), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g);
            s[1] = Math.Max(0.9 * s[1], Math.Abs(g));
            return w - (0.01 * s[0] / ((1 - Math.Pow(0.9, t)) * (s[1] + Epsilon)));
        }),
        ("Nadam", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Nadam(w, new NadamStep(0.01) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = Epsilon, Step = t, MomentumProduct = Product(t) }, x, g, a, b), (w, g, s, t) =>
        {
            s[0] = (0.9 * s[0]) + (0.1 * g);
            s[1] = (0.999 * s[1]) + (0.001 * g * g);
            double now = 0.9 * (1 - (0.5 * Math.Pow(0.96, t)));
            double next = 0.9 * (1 - (0.5 * Math.Pow(0.96, t + 1)));
            double direction = (next * s[0] / (1 - (Product(t) * next))) + ((1 - now) * g / (1 - Product(t)));
            return w - (0.01 * direction / (Math.Sqrt(s[1] / (1 - Math.Pow(0.999, t))) + Epsilon));
        }),
        ("Adagrad", 1, (w, x, g, a, b, c, t) => OptimizerKernels.Adagrad(w, new AdagradStep(0.01) { Epsilon = Epsilon }, x, g, a), (w, g, s, t) =>
        {
            s[0] += g * g;
            return w - (0.01 * g / Math.Sqrt(s[0] + Epsilon));
        }),
        ("Adadelta", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Adadelta(w, new AdadeltaStep(0.5) { Rho = 0.95, Epsilon = Epsilon }, x, g, a, b), (w, g, s, t) =>
        {
            s[0] = (0.95 * s[0]) + (0.05 * g * g);
            double d = -Math.Sqrt(s[1] + Epsilon) / Math.Sqrt(s[0] + Epsilon) * g;
            s[1] = (0.95 * s[1]) + (0.05 * d * d);
            return w + (0.5 * d);
        }),
        ("Ftrl", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Ftrl(w, new FtrlStep(0.1), x, g, a, b), (w, g, s, t) => Ftrl(w, g, s, 0.5, 0, 0, 0, 0)),
        ("Ftrl regularized", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Ftrl(w, new FtrlStep(0.1) { L1 = 0.2, L2 = 0.3, L2Shrinkage = 0.05, Beta = 0.4 }, x, g, a, b), (w, g, s, t) => Ftrl(w, g, s, 0.5, 0.2, 0.3, 0.05, 0.4)),
        ("Ftrl of another power", 2, (w, x, g, a, b, c, t) => OptimizerKernels.Ftrl(w, new FtrlStep(0.1) { LearningRatePower = -0.7, L2 = 0.1 }, x, g, a, b), (w, g, s, t) => Ftrl(w, g, s, 0.7, 0, 0.1, 0, 0)),
        ("Lion", 1, (w, x, g, a, b, c, t) => OptimizerKernels.Lion(w, new LionStep(0.01) { Beta1 = 0.9, Beta2 = 0.99 }, x, g, a), (w, g, s, t) =>
        {
            double step = Math.Sign((0.9 * s[0]) + (0.1 * g));
            s[0] = (0.99 * s[0]) + (0.01 * g);
            return w - (0.01 * step);
        }),
    ];

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Every_optimizer_follows_its_formula_over_several_steps_between_guard_pages(string set)
    {
        Workers workers = KernelSetData.WorkersOf(set);
        IEnumerable<int> lengths = KernelSetData.Named(set).IsAccelerated ? Enumerable.Range(0, 68) : [1, 17];
        foreach ((string name, int states, Kernel run, Reference want) in Rules)
        {
            foreach (int length in lengths)
            {
                bool atEnd = length % 2 == 0;
                using GuardedMemory w = GuardedMemory.CopyOf(TestValues.Create(length, 1), atEnd);
                GuardedMemory[] s = new GuardedMemory[3];
                for (int k = 0; k < 3; k++)
                    s[k] = GuardedMemory.CopyOf(new float[k < states ? length : 0], atEnd);
                double[] weights = Array.ConvertAll(w.Span.ToArray(), v => (double)v);
                double[][] memory = new double[length][];
                for (int i = 0; i < length; i++)
                    memory[i] = new double[3];
                for (int t = 1; t <= Steps; t++)
                {
                    using GuardedMemory g = GuardedMemory.CopyOf(Gradients(length, t), atEnd);
                    run(workers, w.Span, g.Span, s[0].Span, s[1].Span, s[2].Span, t);
                    for (int i = 0; i < length; i++)
                        weights[i] = want(weights[i], g.Span[i], memory[i], t);
                }
                // A weight below 1 is rounded each step; a step is good to about ten roundings (more where centering cancels).
                string? difference = Tolerance.FirstDifference(weights, w.Span, 0, 2e-6);
                Assert.True(difference is null, $"{name}, length {length}: {difference}");
                for (int k = 0; k < states; k++)
                {
                    double[] wantState = new double[length];
                    for (int i = 0; i < length; i++)
                        wantState[i] = memory[i][k];
                    difference = Tolerance.FirstDifference(wantState, s[k].Span, 5e-6, 1e-7);
                    Assert.True(difference is null, $"{name}, state {k}, length {length}: {difference}");
                }
                Assert.True(w.IsSlackUntouched);
                foreach (GuardedMemory state in s)
                {
                    Assert.True(state.IsSlackUntouched);
                    state.Dispose();
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Gradients_are_scaled_then_clipped_and_weights_decay_before_the_update(string set)
    {
        float[] weights = [2, 2, 2];
        var step = new SGDStep(0.5) { Preparation = new GradientPreparation { Scale = 0.5, ClipValue = 1, WeightDecay = 0.1 } };
        OptimizerKernels.SGD(KernelSetData.WorkersOf(set), in step, weights, [1f, 10, -10], default);
        // 2 − 2 · 0.1 · 0.5 = 1.9, then 0.5 times 0.5, 1 and −1.
        Assert.Equal(1.65, weights[0], 1e-6);
        Assert.Equal(1.4, weights[1], 1e-6);
        Assert.Equal(2.4, weights[2], 1e-6);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void States_that_decay_into_the_subnormal_range_become_zero(string set)
    {
        Workers workers = KernelSetData.WorkersOf(set);
        float[] weights = new float[19];
        float[] m = new float[19];
        float[] v = new float[19];
        Array.Fill(m, 1.2e-38f);
        Array.Fill(v, 1.176e-38f);
        var step = new AdamStep(0.01) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = Epsilon, Step = 1000 };
        OptimizerKernels.Adam(workers, in step, weights, new float[19], m, v);
        Assert.All(m, value => Assert.Equal(0f, value));
        Assert.All(v, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void A_NaN_gradient_shows_in_its_weight_and_in_no_other(string set)
    {
        Workers workers = KernelSetData.WorkersOf(set);
        foreach ((string name, int states, Kernel run, _) in Rules)
        {
            for (int i = 0; i < 19; i += 3)
            {
                float[] weights = TestValues.Create(19, 1);
                float[] gradients = TestValues.Create(19, 2);
                gradients[i] = float.NaN;
                run(workers, weights, gradients, new float[states > 0 ? 19 : 0], new float[states > 1 ? 19 : 0], new float[states > 2 ? 19 : 0], 1);
                Assert.True(Array.FindIndex(weights, float.IsNaN) == i && Array.FindLastIndex(weights, float.IsNaN) == i, name);
            }
        }
    }

    [Fact]
    public void Missing_or_superfluous_state_is_refused_by_name()
    {
        var workers = new Workers(threads: 1);
        float[] two = new float[2];
        string message = Assert.Throws<ArgumentException>(
            () => OptimizerKernels.SGD(workers, new SGDStep(0.1) { Momentum = 0.9 }, two, two, default)).Message;
        Assert.Contains("OptimizerKernels.SGD: momentum has 0 elements; expected 2", message);
        Assert.Throws<ArgumentException>(() => OptimizerKernels.Adam(workers, new AdamStep(0.1), two, two, two, new float[1]));
        Assert.Throws<ArgumentException>(() => OptimizerKernels.Adam(workers, new AdamStep(0.1), two, new float[3], two, two));
    }

    // Learning rate 0.1 as in the rows above.
    private static double Ftrl(double w, double g, double[] s, double power, double l1, double l2, double shrinkage, double beta)
    {
        double before = Math.Pow(s[0], power);
        s[0] += g * g;
        double after = Math.Pow(s[0], power);
        s[1] += g + (2 * shrinkage * w) - ((after - before) / 0.1 * w);
        double quadratic = (after / 0.1) + (2 * l2) + (beta / 0.1);
        return quadratic == 0 ? w : (Math.Clamp(s[1], -l1, l1) - s[1]) / quadratic;
    }

    // Away from 0, where Lion's sign and the roots are steep.
    private static float[] Gradients(int length, int t)
    {
        float[] g = TestValues.Create(length, 10 + t, 0.1f, 1);
        for (int i = 0; i < length; i += 2)
            g[i] = -g[i];
        return g;
    }

    private static double Product(int t)
    {
        double product = 1;
        for (int k = 1; k <= t; k++)
            product *= NadamStep.MomentumAt(0.9, k);
        return product;
    }
}
