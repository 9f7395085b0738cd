using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public class OwnLossTests
{
    [Fact]
    public void An_own_loss_gets_weights_masks_and_reduction_for_free()
    {
        CallContext context = LossCases.Context();
        Variable prediction = context.Leaf(Tensor.From<float>([1f, 2f, 3f, 4f], 2, 2));
        Variable value = new SumOfProducts().Compute(Tensor.From<float>([1f, 0f, 2f, 1f], 2, 2), prediction, Tensor.From([1f, 0.5f]));
        value.Backward();
        Assert.Equal((1f + (0.5f * 10f)) / 2, value.Value.AsSpan()[0]);
        Assert.Equal([0.5f, 0f, 0.5f, 0.25f], prediction.Gradient!.AsSpan().ToArray());
    }

    [Fact]
    public void Minimising_a_loss_with_an_optimizer_finds_the_target()
    {
        Tensor<float> weights = Tensor.From([5f, -3f]), gradients = Tensor.Zeros<float>(2), target = Tensor.From([1f, 2f]);
        OptimizerState state = new Adam(0.1).CreateState([new WeightSegment(weights, gradients)]);
        var workers = new Workers(threads: 1);
        for (int i = 0; i < 400; i++)
        {
            Variable prediction = LossCases.Context().Leaf(weights);
            Loss.MeanSquaredError.Compute(target, prediction).Backward();
            prediction.Gradient!.CopyTo(gradients.AsSpan());
            state.Step(workers);
        }

        // Adam at a constant rate of 0.1 circles the minimum; after 400 steps well within a tenth of the rate.
        Assert.Equal(1f, weights.AsSpan()[0], 0.01f);
        Assert.Equal(2f, weights.AsSpan()[1], 0.01f);
    }

    private sealed class SumOfProducts() : Loss("sum_of_products")
    {
        protected internal override void Values(in LossBatch batch, Span<float> values)
        {
            for (int row = 0; row < values.Length; row++)
            {
                values[row] = 0f;
                for (int i = 0; i < batch.Columns; i++)
                    values[row] += batch.TargetRow(row)[i] * batch.PredictionRow(row)[i];
            }
        }

        protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        {
            for (int i = 0; i < dPrediction.Length; i++)
                dPrediction[i] = (accumulate ? dPrediction[i] : 0f) + (coefficients[i / batch.Columns] * batch.Target[i]);
        }
    }
}
