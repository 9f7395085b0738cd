using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void Training_ends_when_patience_is_over()
    {
        var stopping = new EarlyStopping { Patience = 2 };
        History history = CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 4, 6, 5, 3, 2], stopping);
        Assert.Equal(4, history.Epochs);
        Assert.Equal(3, stopping.StoppedEpoch);
        Assert.Equal(1, stopping.BestEpoch);
        Assert.Equal(4, stopping.Best);
    }

    [Fact]
    public void An_improvement_restarts_the_wait()
    {
        var stopping = new EarlyStopping { Patience = 2 };
        Assert.Equal(6, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 6, 4, 6, 3, 4], stopping).Epochs);
        Assert.Null(stopping.StoppedEpoch);
    }

    [Fact]
    public void A_change_within_min_delta_is_no_improvement()
        => Assert.Equal(2, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 4.9, 4.8], new EarlyStopping { MinDelta = 0.1 + 1e-9, Patience = 1 }).Epochs);

    [Fact]
    public void The_mode_follows_the_metric_or_what_is_asked_for()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError, [Metric.Accuracy]);
        double[] rising = [0.1, 0.2, 0.3, 0.4];
        Assert.Equal(4, CallbackModels.FitAs(model, "val_accuracy", rising, new EarlyStopping { Monitor = "val_accuracy" }).Epochs);
        Assert.Equal(2, CallbackModels.FitAs(model, "val_accuracy", rising, new EarlyStopping { Monitor = "val_accuracy", Mode = MonitorMode.Min }).Epochs);
        Assert.Equal(2, CallbackModels.FitAs(model, "val_loss", rising, new EarlyStopping()).Epochs);
    }

    [Fact]
    public void A_baseline_that_is_not_beaten_ends_training()
    {
        Assert.Equal(4, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 4, 3, 4, 4, 4], new EarlyStopping { Baseline = 1, Patience = 3 }).Epochs);
        Assert.Equal(3, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 0.5, 0.7], new EarlyStopping { Baseline = 1, Patience = 1 }).Epochs);
    }

    [Fact]
    public void Early_epochs_are_not_looked_at()
        => Assert.Equal(4, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [1, 5, 6, 7, 8], new EarlyStopping { StartFromEpoch = 2 }).Epochs);

    [Fact]
    public void A_number_that_is_not_one_never_improves()
        => Assert.Equal(3, CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, double.NaN, double.NaN, 1], new EarlyStopping { Patience = 2 }).Epochs);

    [Fact]
    public void The_best_weights_come_back()
    {
        Sequential model = CallbackModels.Line();
        int[] best = [];
        var taken = new LambdaCallback { EpochEnd = progress => best = progress.Epoch == 1 ? FitModels.Bits(progress.Model) : best };
        CallbackModels.FitAs(model, "val_loss", [5, 4, 6, 7, 8], taken, new EarlyStopping { Patience = 3, RestoreBestWeights = true });
        Assert.Equal(best, FitModels.Bits(model));
    }

    [Fact]
    public void It_says_so_only_when_asked_to()
    {
        string Printed(bool verbose)
        {
            var output = new StringWriter();
            CallbackModels.Line().Fit(CallbackModels.X, CallbackModels.Y, new FitOptions
            {
                Epochs = 4,
                Output = output,
                Callbacks = [new LambdaCallback { EpochEnd = progress => progress.Log("loss", progress.Epoch) }, new EarlyStopping { Monitor = "loss", Verbose = verbose }],
            });
            return output.ToString();
        }

        Assert.Contains("Epoch 2: early stopping", Printed(verbose: true));
        Assert.DoesNotContain("early stopping", Printed(verbose: false));
    }

    [Fact]
    public void What_is_not_measured_is_refused_before_the_first_step()
    {
        Sequential model = CallbackModels.Line();
        int[] before = FitModels.Bits(model);
        var error = Assert.Throws<ArgumentException>(() => model.Fit(CallbackModels.X, CallbackModels.Y, new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [new EarlyStopping()] }));
        Assert.Contains("'val_loss'", error.Message);
        Assert.Contains("ValidationSplit", error.Message);
        Assert.Equal(before, FitModels.Bits(model));
    }
}
