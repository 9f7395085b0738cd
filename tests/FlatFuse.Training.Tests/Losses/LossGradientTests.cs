using FlatFuse.Autograd;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Training.Tests;

public class LossGradientTests
{
    // Four-point differences: the method's error is h⁴/30 times a fifth derivative, the values' rounding 1e-7/h. At h = 0.01 both
    // stay below 1e-4 of the largest gradient for the losses here, whose derivatives grow like 1/p with p ≥ 0.1.
    private const float Step = 0.01f;

    public static TheoryData<string> Names => LossCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_agrees_with_finite_differences(string name)
    {
        Loss loss = LossCases.All[name];
        Tensor<float> yTrue = LossCases.Targets(loss), yPred = LossCases.Predictions();
        Tensor<float> weight = Tensor.From([1f, 0.5f, 2f, 0f, 3f]);
        double Value() => loss.Compute(yTrue, LossCases.Context().Leaf(yPred), weight).Value.AsSpan()[0];

        CallContext context = LossCases.Context();
        Variable prediction = context.Leaf(yPred);
        loss.Compute(yTrue, prediction, weight).Backward();
        float[] gradient = prediction.Gradient!.AsSpan().ToArray();

        var want = new double[gradient.Length];
        Span<float> p = yPred.AsSpan();
        for (int i = 0; i < want.Length; i++)
        {
            float at = p[i];
            double At(float offset)
            {
                yPred.AsSpan()[i] = at + offset;
                return Value();
            }
            double near = At(Step) - At(-Step), far = At(2 * Step) - At(-2 * Step);
            want[i] = ((8 * near) - far) / (12 * Step);
            p[i] = at;
        }
        double largest = want.Max(Math.Abs);
        Assert.True(largest > 1e-3, "a gradient of zeros proves nothing");
        Assert.Null(Tolerance.FirstDifference(want, gradient, relative: 1e-3, absolute: 1e-3 * largest));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_added_when_the_destination_accumulates(string name)
    {
        Loss loss = LossCases.All[name];
        Tensor<float> yTrue = LossCases.Targets(loss), yPred = LossCases.Predictions();
        CallContext context = LossCases.Context();
        Variable once = context.Leaf(yPred), twice = context.Leaf(yPred);
        loss.Compute(yTrue, once).Backward();
        Variable first = loss.Compute(yTrue, twice), second = loss.Compute(yTrue, twice);
        Tensor<float> one = Tensor.From<float>([1f], []);
        BackwardPass.Plan([first, second], [one, one]).Run();

        double[] doubled = [.. once.Gradient!.AsSpan().ToArray().Select(value => 2.0 * value)];
        Assert.Null(Tolerance.FirstDifference(doubled, twice.Gradient!.AsSpan(), relative: 4 * Tolerance.Epsilon, absolute: 4 * Tolerance.Epsilon));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_nan_prediction_is_a_nan_loss(string name)
    {
        Loss loss = LossCases.All[name];
        Tensor<float> yPred = LossCases.Predictions();
        yPred.AsSpan()[0] = float.NaN;
        Assert.True(float.IsNaN(loss.Compute(LossCases.Targets(loss), LossCases.Context().Leaf(yPred)).Value.AsSpan()[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Replay_reads_new_numbers_and_allocates_nothing(string name)
    {
        Loss loss = LossCases.All[name];
        Tensor<float> yTrue = LossCases.Targets(loss), yPred = LossCases.Predictions(), weight = Tensor.From([1f, 1f, 1f, 1f, 1f]);
        var tape = new Tape();
        var context = new CallContext(workers: new Kernels.Workers(threads: 1)) { Tape = tape };
        Variable prediction = context.Leaf(yPred);
        Variable value = loss.Compute(yTrue, prediction, weight);
        BackwardPass backward = BackwardPass.Plan([value], [Tensor.From<float>([1f], [])]);
        backward.Run();

        TestValues.Fill(yPred.AsSpan(), seed: 3, 0.1f, 0.9f);
        weight.AsSpan()[2] = 0.25f;
        Assert.Equal(0, Allocations.Least(Run));

        CallContext fresh = LossCases.Context();
        Variable again = fresh.Leaf(yPred);
        Variable wanted = loss.Compute(yTrue, again, weight);
        wanted.Backward();
        Assert.Equal(wanted.Value.AsSpan()[0], value.Value.AsSpan()[0]);
        Assert.Null(Tolerance.FirstBitDifference(again.Gradient!.AsSpan(), prediction.Gradient!.AsSpan()));

        void Run()
        {
            tape.Replay();
            backward.Run();
        }
    }
}
