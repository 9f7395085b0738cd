using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class LambdaCallbackTests
{
    [Fact]
    public void Every_delegate_hears_its_moment()
    {
        var heard = new List<string>();
        CallbackModels.Fit(CallbackModels.Line(), 1, new LambdaCallback(), new LambdaCallback
        {
            TrainBegin = _ => heard.Add("train"),
            EpochBegin = progress => heard.Add($"epoch {progress.Epoch}"),
            BatchBegin = progress => heard.Add($"begin {progress.Batch}"),
            BatchEnd = progress => heard.Add($"end {progress.Batch}"),
            EpochEnd = progress => heard.Add($"epoch end {progress.Epoch}"),
            TrainEnd = _ => heard.Add("train end"),
        });
        Assert.Equal(["train", "epoch 0", "begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2", "epoch end 0", "train end"], heard);
    }

    [Fact]
    public void Training_can_be_stopped_after_a_batch()
    {
        int batches = 0;
        History history = CallbackModels.Fit(CallbackModels.Line(), 4, new LambdaCallback
        {
            BatchEnd = progress =>
            {
                batches++;
                progress.StopTraining = progress.Batch == 1;
            },
        });
        Assert.Equal(2, batches);
        Assert.Equal(["loss", "mae", "val_loss", "val_mae"], history.Keys);
    }

    [Fact]
    public void An_initial_epoch_goes_on_with_the_same_order_of_samples()
    {
        Sequential whole = CallbackModels.Line(), halves = CallbackModels.Line();
        CallbackModels.Fit(whole, 4);
        CallbackModels.Fit(halves, 2);
        History second = halves.Fit(CallbackModels.X, CallbackModels.Y, new FitOptions { Epochs = 4, InitialEpoch = 2, BatchSize = 8, ValidationSplit = 0.25, Verbosity = Verbosity.Silent });
        Assert.Equal(2, second.Epochs);
        Assert.Equal(FitModels.Bits(whole), FitModels.Bits(halves));
    }

    [Fact]
    public void Every_metric_with_a_default_says_which_numbers_are_better()
    {
        Metric[] better = [Metric.AUC, Metric.Precision, Metric.Recall, new BinaryAccuracy(), new CategoricalAccuracy(), new SparseCategoricalAccuracy(), new CosineSimilarityMetric()];
        Assert.All(better, metric => Assert.True(metric.GreaterIsBetter, metric.Name));
        Metric[] worse = [Metric.MeanAbsoluteError, Metric.MeanSquaredError, Metric.RootMeanSquaredError];
        Assert.All(worse, metric => Assert.False(metric.GreaterIsBetter, metric.Name));
    }
}
