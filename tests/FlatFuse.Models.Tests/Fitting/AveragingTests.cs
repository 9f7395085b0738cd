using FlatFuse.Models.Tests.Callbacks;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class AveragingTests
{
    [Fact]
    public void Accumulated_batches_train_like_one_large_batch()
    {
        Sequential small = FitModels.Line(), large = FitModels.Line();
        small.Compile(new SGD(0.1) { GradientAccumulationSteps = 4 }, Loss.MeanSquaredError);
        large.Compile(new SGD(0.1), Loss.MeanSquaredError);
        small.Fit(CallbackModels.X, CallbackModels.Y, FitModels.Silent(epochs: 3, batchSize: 6, shuffle: false));
        large.Fit(CallbackModels.X, CallbackModels.Y, FitModels.Silent(epochs: 3, batchSize: 24, shuffle: false));
        // Means of means: another order of the same sums.
        Assert.Equal(large.GetWeight("dense/kernel").Value.AsSpan().ToArray(), small.GetWeight("dense/kernel").Value.AsSpan().ToArray(), (want, got) => MathF.Abs(want - got) < 1e-5f);
    }

    [Fact]
    public void A_fit_ends_with_the_average_of_its_weights()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(0.1) { UseEma = true, EmaMomentum = 0.5 }, Loss.MeanSquaredError);
        float[]? average = null;
        var follow = new LambdaCallback
        {
            BatchEnd = _ =>
            {
                float[] now = model.GetWeight("dense/kernel").Value.AsSpan().ToArray();
                average = average is null ? now : [.. average.Zip(now, (a, w) => (a + w) / 2)];
            },
        };
        model.Fit(CallbackModels.X, CallbackModels.Y, new FitOptions { BatchSize = 4, Verbosity = Verbosity.Silent, Callbacks = [follow] });
        Assert.Equal(average!, model.GetWeight("dense/kernel").Value.AsSpan().ToArray(), (want, got) => MathF.Abs(want - got) < 1e-6f);
    }

    [Fact]
    public void A_resumed_training_keeps_average_and_sum()
    {
        string folder = CallbackModels.TemporaryFile("backup");
        Sequential straight = Averaged(), broken = Averaged(), resumed = Averaged();
        CallbackModels.Fit(straight, 5);
        Assert.Throws<OperationCanceledException>(() => CallbackModels.Fit(broken, 5, new BackupAndRestore(folder), new LambdaCallback { EpochBegin = progress => _ = progress.Epoch == 3 ? throw new OperationCanceledException() : 0 }));
        CallbackModels.Fit(resumed, 5, new BackupAndRestore(folder));
        Assert.Equal(FitModels.Bits(straight), FitModels.Bits(resumed));
    }

    // Three batches an epoch: an epoch ends with a sum of one batch, or of none.
    private static Sequential Averaged()
    {
        Sequential model = FitModels.Line();
        model.Compile(new Adam(0.01) { UseEma = true, GradientAccumulationSteps = 2 }, Loss.MeanSquaredError);
        return model;
    }
}
