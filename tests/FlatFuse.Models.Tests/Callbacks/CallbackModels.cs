using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

/// <summary>A small regression and trainings of it; and a training whose logs are written by hand.</summary>
internal static class CallbackModels
{
    public static readonly Tensor<float> X = RandomSource.FromSeed(11).Normal(0, 1, 24, 4);
    public static readonly Tensor<float> Y = RandomSource.FromSeed(12).Normal(0, 1, 24, 1);

    public static Sequential Line(double rate = 0.05)
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(rate), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        return model;
    }

    public static History Fit(Model model, int epochs, params Callback[] callbacks)
        => model.Fit(X, Y, new FitOptions { Epochs = epochs, BatchSize = 8, ValidationSplit = 0.25, Verbosity = Verbosity.Silent, Callbacks = callbacks });

    /// <summary>Trains while another callback pretends these numbers were measured, one an epoch.</summary>
    public static History FitAs(Model model, string key, double[] numbers, params Callback[] callbacks)
        => Fit(model, numbers.Length, [new LambdaCallback { EpochEnd = progress => progress.Log(key, numbers[progress.Epoch]) }, .. callbacks]);

    public static string TemporaryFile(string name)
        => Path.Combine(Directory.CreateTempSubdirectory("flatfuse").FullName, name);
}
