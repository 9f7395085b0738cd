using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class LearningRateTests
{
    [Fact]
    public void A_scheduler_sets_the_rate_of_each_epoch_and_logs_it()
    {
        Sequential scheduled = CallbackModels.Line(0.1);
        History history = CallbackModels.Fit(scheduled, 3, new LearningRateScheduler((epoch, rate) => epoch == 0 ? rate : rate / 2));
        Assert.Equal([0.1, 0.05, 0.025], history["learning_rate"]);

        // The same rates by Fits of one epoch each: SGD without momentum has no other state.
        Sequential byHand = CallbackModels.Line(0.1);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            byHand.Compile(new SGD(0.1 / (1 << epoch)), Loss.MeanSquaredError);
            byHand.Fit(CallbackModels.X[..18], CallbackModels.Y[..18], new FitOptions { Epochs = epoch + 1, InitialEpoch = epoch, BatchSize = 8, Verbosity = Verbosity.Silent });
        }
        Assert.Equal(Fitting.FitModels.Bits(byHand), Fitting.FitModels.Bits(scheduled));
    }

    [Fact]
    public void A_plateau_reduces_the_rate_down_to_its_floor()
    {
        History history = CallbackModels.FitAs(
            CallbackModels.Line(1.0),
            "val_loss",
            [5, 5, 5, 4, 4, 4, 4, 4],
            new ReduceLROnPlateau { Factor = 0.1, Patience = 2, MinLearningRate = 0.05 });
        double[] expected = [1, 1, 1, 0.1, 0.1, 0.1, 0.05, 0.05];
        Assert.Equal(expected, history["learning_rate"], (want, got) => Math.Abs(want - got) < 1e-12);
    }

    [Fact]
    public void After_a_reduction_the_wait_begins_when_it_has_cooled_down()
    {
        History history = CallbackModels.FitAs(
            CallbackModels.Line(1.0),
            "val_loss",
            [5, 5, 5, 5, 5, 5],
            new ReduceLROnPlateau { Factor = 0.5, Patience = 1, Cooldown = 2 });
        // Reduced after epochs 1 and 3: one epoch of cooling does not count, the second one is the first to wait.
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25], history["learning_rate"]);
    }

    [Fact]
    public void A_factor_that_reduces_nothing_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceLROnPlateau { Factor = 1 });

    [Fact]
    public void A_rate_that_follows_a_schedule_is_not_overwritten()
    {
        Sequential model = CallbackModels.Line();
        model.Compile(new SGD(new ExponentialDecay(0.1, 10, 0.9)), Loss.MeanSquaredError);
        var error = Assert.Throws<InvalidOperationException>(() => CallbackModels.Fit(model, 1, new ReduceLROnPlateau()));
        Assert.Contains("ExponentialDecay", error.Message);
    }
}
