namespace FlatFuse.Kernels.Tests;

public sealed class NaiveLSTMTests
{
    // Central differences with a step of 1e-5 leave about (1e-5)² · f''' + 1e-16/1e-5 ≈ 1e-10 in double.
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData(ActivationKind.Tanh, ActivationKind.Sigmoid, false, false)]
    [InlineData(ActivationKind.Tanh, ActivationKind.Sigmoid, true, true)]
    [InlineData(ActivationKind.Tanh, ActivationKind.HardSigmoid, true, false)]
    [InlineData(ActivationKind.Softsign, ActivationKind.Sigmoid, false, true)]
    [InlineData(ActivationKind.GELU, ActivationKind.Tanh, false, true)]
    [InlineData(ActivationKind.Linear, ActivationKind.SiLU, false, false)]
    public void Gradients_are_finite_differences(ActivationKind activation, ActivationKind gate, bool mask, bool backwards)
    {
        var shape = new LSTMShape(2, 3, 2, 2) { Activation = activation, RecurrentActivation = gate, GoBackwards = backwards };
        var problem = new LSTMProblem(shape, states: true, mask: mask);
        LSTMResult naive = problem.Naive();
        Check(problem, problem.X, naive.DX);
        Check(problem, problem.Kernel, naive.DKernel);
        Check(problem, problem.RecurrentKernel, naive.DRecurrentKernel);
        Check(problem, problem.Bias, naive.DBias);
        Check(problem, problem.H0, naive.DH0);
        Check(problem, problem.C0, naive.DC0);
    }

    [Fact]
    public void Every_activation_derivative_is_a_finite_difference()
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            foreach (double x in new[] { -7.3, -2.1, -0.4, 0.3, 0.9, 2.5, 6.7 })
            {
                double difference = (NaiveActivation<double>.Value(kind, x + 1e-5) - NaiveActivation<double>.Value(kind, x - 1e-5)) / 2e-5;
                double derivative = NaiveActivation<double>.Derivative(kind, x);
                Assert.True(Math.Abs(difference - derivative) <= Tolerance, $"{kind}({x}): {derivative}, differences {difference}");
            }
        }
    }

    [Fact]
    public void One_unit_follows_the_written_formula()
    {
        var problem = new LSTMProblem(new LSTMShape(1, 1, 1, 1), bias: true, states: true);
        double Gate(int n) => (problem.X[0] * problem.Kernel[n]) + (problem.H0[0] * problem.RecurrentKernel[n]) + problem.Bias[n];
        double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        double c = (Sigmoid(Gate(1)) * problem.C0[0]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(2)));
        double h = Sigmoid(Gate(3)) * Math.Tanh(c);
        LSTMResult naive = problem.Naive();
        Assert.Equal(c, naive.LastC[0], 1e-15);
        Assert.Equal(h, naive.LastH[0], 1e-15);
        Assert.Equal(h, naive.Sequences[0], 1e-15);
    }

    private static void Check(LSTMProblem problem, double[] operand, double[] gradient)
    {
        for (int i = 0; i < operand.Length; i++)
        {
            double value = operand[i];
            operand[i] = value + 1e-5;
            double above = problem.Loss();
            operand[i] = value - 1e-5;
            double below = problem.Loss();
            operand[i] = value;
            Assert.Equal((above - below) / 2e-5, gradient[i], Tolerance);
        }
    }
}
