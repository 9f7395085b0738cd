using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class PlanCacheTests
{
    [Fact]
    public void Ever_new_lengths_do_not_keep_ever_more_plans()
    {
        var model = new Sequential(Input.Of([null, 3]), new LSTM(4));
        var workers = new Workers(threads: 1);
        var cache = new PlanCache((data, batch) => new StepPlan(model, compiled: null, training: false, data, batch, workers, poison: false));
        for (int length = 1; length <= 3 * PlanCache.Capacity; length++)
        {
            var data = new SampleSet([Tensor.Zeros<float>(2, length, 3)], [], []);
            Assert.Same(cache.For(data, 2), cache.For(data, 2));
            Assert.Equal(Math.Min(length, PlanCache.Capacity), cache.Count);
        }
    }

    [Fact]
    public void A_length_that_comes_back_is_computed_as_before()
    {
        var model = new Sequential(Input.Of([null, 3]), new LSTM(4));
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 2, 5, 3);
        float[] first = model.Predict(x).AsSpan().ToArray();
        for (int length = 6; length < 20; length++)
            model.Predict(Tensor.Zeros<float>(2, length, 3));
        Assert.Equal(first, model.Predict(x).AsSpan().ToArray());
    }
}
