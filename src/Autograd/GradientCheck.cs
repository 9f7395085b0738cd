using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// Compares the backward pass with measured derivatives: four-point central differences
/// <c>(8 [L(x+h) − L(x−h)] − [L(x+2h) − L(x−2h)]) / 12h</c> of the loss <c>L = Σ output · weight</c>, with fixed weights, summed in double.
/// </summary>
/// <remarks>
/// <para>Why a tolerance of 1e-3 at h = 1/32, in float32: an output of size 1 carries a rounding error of a few ε/2 = 6e-8, which the
/// formula magnifies by √130 / 12h ≈ 30: about 1e-5 for one output, 1e-4 for a hundred of them. The truncation error is h⁴/30 times the fifth
/// derivative, 3e-8 · f⁗′: far below. A wrong formula is wrong by more than 1e-3; a right one stays an order of magnitude under it.</para>
/// <para>Kinks (ReLU at 0, ties of a maximum) have no derivative to measure: give inputs that stay more than 2h away from them.</para>
/// <para>Measurement runs on contiguous copies and without history; the checked pass runs on the tensors as given (transposed, sliced, …).</para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>Checks the gradient of every input and every parameter of the options.</summary>
    /// <param name="function">Computes a value of any shape from the inputs; called many times, so it must not keep state.</param>
    /// <param name="inputs">Points at which to check; views of any layout.</param>
    /// <param name="options">Step, tolerance, memory; defaults when null.</param>
    /// <returns>What agrees and what does not.</returns>
    /// <exception cref="InvalidOperationException">The function's value depends on none of them.</exception>
    public static GradientReport Run(
        Func<CallContext, IReadOnlyList<Variable>, Variable> function, IReadOnlyList<Tensor<float>> inputs, GradientCheckOptions? options = null)
    {
        options ??= new GradientCheckOptions();
        Tensor<float>[] points = [.. inputs.Select(input => input.Clone())];
        (float[][] gradients, double[] weights) = Analytic(function, inputs, options);

        var report = new GradientReport();
        for (int i = 0; i < inputs.Count; i++)
            CheckOne($"input {i} ", points[i], gradients[i]);
        for (int i = 0; i < options.Parameters.Count; i++)
            CheckOne($"weight {options.Parameters[i].Name} ", options.Parameters[i].Value, gradients[inputs.Count + i]);
        return report;

        void CheckOne(string name, Tensor<float> point, float[] gradient)
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                double numeric = Derivative(ref point.AsSpan()[i], options.Step, () => Loss(function, points, weights, options));
                report.Compare(name, Shapes.Format(Shapes.IndexAt(i, point.Shape)), gradient[i], numeric, options.Tolerance);
            }
        }
    }

    /// <summary>The same, throwing when a derivative is wrong.</summary>
    /// <param name="function">Computes a value of any shape from the inputs.</param>
    /// <param name="inputs">Points at which to check.</param>
    /// <param name="options">Step, tolerance, memory; defaults when null.</param>
    /// <exception cref="InvalidOperationException">A derivative is outside the tolerance; the message is the report.</exception>
    public static void Verify(
        Func<CallContext, IReadOnlyList<Variable>, Variable> function, IReadOnlyList<Tensor<float>> inputs, GradientCheckOptions? options = null)
    {
        GradientReport report = Run(function, inputs, options);
        if (!report.Passed)
            throw new InvalidOperationException(report.ToString());
    }

    private static (float[][] Gradients, double[] Weights) Analytic(
        Func<CallContext, IReadOnlyList<Variable>, Variable> function, IReadOnlyList<Tensor<float>> inputs, GradientCheckOptions options)
    {
        CallContext context = ContextOf(options, options.Allocator, recording: true);
        Variable[] leaves = [.. inputs.Select(context.Leaf)];
        Variable output = function(context, leaves);
        double[] weights = WeightsOf(output.Value.Count);
        Tensor<float> seed = Tensor.From<float>([.. weights.Select(weight => (float)weight)], output.Shape);
        BackwardPass pass = BackwardPass.Plan([output], [seed]);
        pass.Run();
        float[][] gradients = [.. leaves.Concat(options.Parameters).Select(variable => GradientOf(pass, variable))];
        return (gradients, weights);
    }

    // A leaf that the value does not depend on has gradient zero, which is then measured like any other.
    private static float[] GradientOf(BackwardPass pass, Variable variable)
        => pass.Reaches(variable) ? variable.Gradient!.ToArray() : new float[Shapes.Count(variable.Shape)];

    // Between −1 and 1, of either sign and all different: a transposed or shifted gradient cannot pass by symmetry. Floats, held in double.
    private static double[] WeightsOf(int count)
    {
        var weights = new double[count];
        for (int i = 0; i < count; i++)
            weights[i] = (float)Math.Cos((1.7 * i) + 0.3);
        return weights;
    }

    private static double Derivative(ref float x, float step, Func<double> loss)
    {
        float centre = x;
        double near = Difference(ref x, centre, step, loss);
        double far = Difference(ref x, centre, 2f * step, loss);
        x = centre;
        return ((8.0 * near) - far) / (12.0 * step);
    }

    private static double Difference(ref float x, float centre, float distance, Func<double> loss)
    {
        x = centre + distance;
        double above = loss();
        x = centre - distance;
        return above - loss();
    }

    private static double Loss(
        Func<CallContext, IReadOnlyList<Variable>, Variable> function, Tensor<float>[] points, double[] weights, GradientCheckOptions options)
    {
        CallContext context = ContextOf(options, allocator: null, recording: false);
        Variable output = function(context, [.. points.Select(context.Constant)]);
        float[] values = output.Value.ToArray();
        double loss = 0;
        for (int i = 0; i < values.Length; i++)
            loss += values[i] * weights[i];
        return loss;
    }

    private static CallContext ContextOf(GradientCheckOptions options, TensorAllocator? allocator, bool recording)
        => new(allocator, options.Workers, options.Seed, options.Training, recording);
}
