using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class PlanCacheTests
{
    [Fact]
    public void Ever_new_lengths_do_not_keep_ever_more_memory()
    {
        var model = new Sequential(Input.Of([null, 8]), new LSTM(32)) { Threads = 1 };
        long after20 = 0;
        for (int length = 1; length <= 120; length++)
        {
            model.Predict(Tensor.Zeros<float>(16, length, 8));
            if (length == 20)
                after20 = GC.GetTotalMemory(forceFullCollection: true);
        }
        // A plan of the longest length here holds about 1 MiB; a hundred of them would be far more than eight.
        long grown = GC.GetTotalMemory(forceFullCollection: true) - after20;
        Assert.True(grown < 24L * 1024 * 1024, $"{grown} bytes more than after 20 lengths");
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
