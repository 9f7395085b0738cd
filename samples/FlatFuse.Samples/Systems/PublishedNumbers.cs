using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>The four samples of (3, 2) numbers that S2.1 – S2.3 share, and how they are trained on: small enough to follow by hand.</summary>
internal static class PublishedNumbers
{
    /// <summary>(4, 3, 2).</summary>
    public static Tensor<float> X => RandomSource.FromSeed(42).Uniform(-1, 1, 4, 3, 2);

    /// <summary>Summary, one prediction before, training by SGD on mean squared error, and the prediction after.</summary>
    public static void Train(Sequential model, Tensor<float> y, SampleOptions options)
    {
        model.Summary(options.Output);
        options.Output.WriteLine($"x = {X}");
        options.Output.WriteLine($"y = {y}");
        options.Output.WriteLine($"prediction before training = {model.Predict(X)}");
        model.Compile(new SGD(0.05), Loss.MeanSquaredError);
        History history = model.Fit(X, y, new FitOptions { Epochs = options.EpochsOr(200), BatchSize = 4, Verbosity = Verbosity.Silent });
        options.Output.WriteLine(FormattableString.Invariant($"loss: {history["loss"][0]:0.0000} in the first epoch, {history["loss"][^1]:0.0000} in the last of {history.Epochs}"));
        options.Output.WriteLine($"prediction after training = {model.Predict(X)}");
    }
}
