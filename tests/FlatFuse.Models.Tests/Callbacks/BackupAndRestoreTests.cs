using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class BackupAndRestoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_that_is_interrupted_and_resumed_ends_with_the_same_bits(bool scheduled)
    {
        string folder = CallbackModels.TemporaryFile("backup");
        Model straight = Fused(scheduled), broken = Fused(scheduled), resumed = Fused(scheduled);
        Train(straight, null);
        Assert.Throws<OperationCanceledException>(() => Train(broken, new BackupAndRestore(folder), new LambdaCallback
        {
            // In the middle of an epoch: what it had done is done again.
            BatchEnd = progress => _ = progress is { Epoch: 3, Batch: 1 } ? throw new OperationCanceledException() : 0,
        }));
        var backup = new BackupAndRestore(folder);
        History rest = Train(resumed, backup);
        Assert.Equal(3, backup.ResumedEpoch);
        Assert.Equal(3, rest.Epochs);
        Assert.Equal(FitModels.Bits(straight), FitModels.Bits(resumed));
    }

    /// <summary>Three batches an epoch, so that files fall before, on and behind the end of an epoch.</summary>
    [Theory]
    [InlineData(1, 3, 2, 3, 2)]
    [InlineData(1, 3, 0, 3, 0)]
    [InlineData(2, 3, 2, 3, 1)]
    [InlineData(3, 3, 2, 3, 0)]
    [InlineData(4, 3, 2, 2, 2)]
    [InlineData(7, 1, 2, 0, 0)]
    public void Files_every_so_many_batches_lead_to_the_same_bits(int frequency, int epoch, int batch, int resumedEpoch, int resumedBatch)
    {
        string folder = CallbackModels.TemporaryFile("backup");
        Model straight = Fused(scheduled: false), broken = Fused(scheduled: false), resumed = Fused(scheduled: false);
        History whole = Train(straight, null);
        Assert.Throws<OperationCanceledException>(() => Train(broken, new BackupAndRestore(folder) { SaveFrequency = frequency }, new LambdaCallback
        {
            BatchEnd = progress => _ = progress.Epoch == epoch && progress.Batch == batch ? throw new OperationCanceledException() : 0,
        }));
        var first = new List<(int, int)>();
        var backup = new BackupAndRestore(folder) { SaveFrequency = frequency };
        History rest = Train(resumed, backup, new LambdaCallback { BatchBegin = progress => first.Add((progress.Epoch, progress.Batch)) });
        Assert.Equal(resumedEpoch, backup.ResumedEpoch ?? 0);
        Assert.Equal((resumedEpoch, resumedBatch), first[0]);
        Assert.Equal(FitModels.Bits(straight), FitModels.Bits(resumed));
        Assert.Equal(whole["loss"].Skip(resumedEpoch), rest["loss"]);
    }

    [Fact]
    public void A_frequency_below_one_is_refused()
        => Assert.Contains("at least 1", Assert.Throws<ArgumentOutOfRangeException>(() => new BackupAndRestore("folder") { SaveFrequency = 0 }).Message);

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void A_stream_goes_on_behind_the_batches_that_are_done(int? stepsPerEpoch)
    {
        string folder = CallbackModels.TemporaryFile("backup");
        Sequential straight = CallbackModels.Line(), broken = CallbackModels.Line(), resumed = CallbackModels.Line();
        Run(straight);
        Assert.Throws<OperationCanceledException>(() => Run(broken, new BackupAndRestore(folder) { SaveFrequency = 2 }, new LambdaCallback
        {
            BatchEnd = progress => _ = progress is { Epoch: 1, Batch: 1 } ? throw new OperationCanceledException() : 0,
        }));
        var backup = new BackupAndRestore(folder) { SaveFrequency = 2 };
        Run(resumed, backup);
        Assert.Equal(1, backup.ResumedEpoch);
        Assert.Equal(FitModels.Bits(straight), FitModels.Bits(resumed));

        void Run(Model model, params Callback[] callbacks)
            => model.Fit(Batches(), new FitOptions { Epochs = 3, StepsPerEpoch = stepsPerEpoch, Verbosity = Verbosity.Silent, Callbacks = callbacks });

        static IEnumerable<Batch> Batches()
        {
            for (int start = 0; start < 24; start += 8)
                yield return new Batch(CallbackModels.X[start..(start + 8)], CallbackModels.Y[start..(start + 8)]);
        }
    }

    [Fact]
    public void What_other_callbacks_remember_goes_on_too()
    {
        string folder = CallbackModels.TemporaryFile("backup");
        double[] losses = [5, 6, 6, 6, 6, 6];
        History straight = CallbackModels.FitAs(CallbackModels.Line(1), "val_loss", losses, new ReduceLROnPlateau { Patience = 3, Factor = 0.5 }, new EarlyStopping { Patience = 4 });
        var crash = new LambdaCallback { EpochBegin = progress => _ = progress.Epoch == 2 ? throw new OperationCanceledException() : 0 };
        Assert.Throws<OperationCanceledException>(() => CallbackModels.FitAs(CallbackModels.Line(1), "val_loss", losses, new BackupAndRestore(folder), new ReduceLROnPlateau { Patience = 3, Factor = 0.5 }, new EarlyStopping { Patience = 4 }, crash));
        History resumed = CallbackModels.FitAs(CallbackModels.Line(1), "val_loss", losses, new BackupAndRestore(folder), new ReduceLROnPlateau { Patience = 3, Factor = 0.5 }, new EarlyStopping { Patience = 4 });
        Assert.Equal(5, straight.Epochs);
        Assert.Equal(straight["learning_rate"].Skip(2), resumed["learning_rate"]);
        Assert.Equal(straight["loss"].Skip(2), resumed["loss"]);
    }

    [Fact]
    public void The_file_goes_when_training_has_come_to_its_end()
    {
        string folder = CallbackModels.TemporaryFile("backup");
        CallbackModels.Fit(CallbackModels.Line(), 2, new BackupAndRestore(folder));
        Assert.Empty(Directory.GetFiles(folder));
        CallbackModels.Fit(CallbackModels.Line(), 2, new BackupAndRestore(folder) { DeleteCheckpoint = false });
        Assert.Single(Directory.GetFiles(folder));
        var again = new BackupAndRestore(folder);
        Assert.Equal(0, CallbackModels.Fit(CallbackModels.Line(), 2, again).Epochs);
        Assert.Equal(2, again.ResumedEpoch);
    }

    [Fact]
    public void Another_model_s_file_is_refused_and_changes_nothing()
    {
        string folder = CallbackModels.TemporaryFile("backup");
        CallbackModels.Fit(CallbackModels.Line(), 1, new BackupAndRestore(folder) { DeleteCheckpoint = false });
        Sequential wide = FitModels.Line(units: 2);
        wide.Compile(new SGD(), Loss.MeanSquaredError);
        int[] before = FitModels.Bits(wide);
        var error = Assert.Throws<InvalidDataException>(() => wide.Fit(CallbackModels.X, Tensor.Zeros<float>(24, 2), new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [new BackupAndRestore(folder)] }));
        Assert.Contains("another training", error.Message);
        Assert.Equal(before, FitModels.Bits(wide));
    }

    private static Model Fused(bool scheduled)
    {
        Model model = FitModels.Fused();
        LearningRate rate = scheduled ? new ExponentialDecay(0.02, 5, 0.8) : 0.01;
        model.Compile(new Adam(rate), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        return model;
    }

    private static History Train(Model model, params Callback?[]? callbacks)
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(40);
        return model.Fit(x, y, new FitOptions { Epochs = 6, BatchSize = 16, Verbosity = Verbosity.Silent, Callbacks = [.. (callbacks ?? []).OfType<Callback>()] });
    }
}
