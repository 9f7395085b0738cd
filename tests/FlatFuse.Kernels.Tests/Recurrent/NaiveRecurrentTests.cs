namespace FlatFuse.Kernels.Tests;

public sealed class NaiveRecurrentTests
{
    // Central differences with a step of 1e-5 leave about (1e-5)² · f''' + 1e-16/1e-5 ≈ 1e-10 in double.
    private const double Tolerance = 1e-7;

    [Theory]
    [InlineData(RecurrentCell.Simple, ActivationKind.Tanh, ActivationKind.Sigmoid, false)]
    [InlineData(RecurrentCell.Simple, ActivationKind.GELU, ActivationKind.Sigmoid, true)]
    [InlineData(RecurrentCell.GRUAfter, ActivationKind.Tanh, ActivationKind.Sigmoid, false)]
    [InlineData(RecurrentCell.GRUAfter, ActivationKind.Softsign, ActivationKind.HardSigmoid, true)]
    [InlineData(RecurrentCell.GRUBefore, ActivationKind.Tanh, ActivationKind.Sigmoid, false)]
    [InlineData(RecurrentCell.GRUBefore, ActivationKind.Linear, ActivationKind.Tanh, true)]
    public void Gradients_are_finite_differences(RecurrentCell cell, ActivationKind activation, ActivationKind gate, bool options)
    {
        var problem = new RecurrentProblem(cell, 2, 3, 2, 2, state: true, mask: options, recurrentMask: options)
        {
            Activation = activation, Gate = gate, GoBackwards = options,
        };
        Dictionary<string, double[]> naive = problem.Naive();
        Check(problem, problem.X, naive["dx"]);
        Check(problem, problem.Kernel, naive["dKernel"]);
        Check(problem, problem.RecurrentKernel, naive["dRecurrentKernel"]);
        Check(problem, problem.Bias, naive["dBias"]);
        Check(problem, problem.H0, naive["dH0"]);
    }

    [Theory]
    [InlineData(RecurrentCell.Simple)]
    [InlineData(RecurrentCell.GRUAfter)]
    [InlineData(RecurrentCell.GRUBefore)]
    public void One_unit_follows_the_written_formula(RecurrentCell cell)
    {
        var p = new RecurrentProblem(cell, 1, 1, 1, 1, state: true);
        double x = p.X[0], h = p.H0[0];
        double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
        double FromX(int gate) => (x * p.Kernel[gate]) + p.Bias[gate];
        double want;
        if (cell == RecurrentCell.Simple)
        {
            want = Math.Tanh(FromX(0) + (h * p.RecurrentKernel[0]));
        }
        else
        {
            double Second(int gate) => cell == RecurrentCell.GRUAfter ? p.Bias[3 + gate] : 0;
            double z = Sigmoid(FromX(0) + (h * p.RecurrentKernel[0]) + Second(0));
            double r = Sigmoid(FromX(1) + (h * p.RecurrentKernel[1]) + Second(1));
            double candidate = Math.Tanh(FromX(2) + (r * ((h * p.RecurrentKernel[2]) + Second(2))));
            want = (z * h) + ((1 - z) * candidate);
        }
        Assert.Equal(want, p.Naive()["lastH"][0], 1e-15);
        Assert.Equal(want, p.Naive()["sequences"][0], 1e-15);
    }

    private static void Check(RecurrentProblem problem, double[] operand, double[] gradient)
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
