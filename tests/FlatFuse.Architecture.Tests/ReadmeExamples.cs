using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of README.md, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class ReadmeExamples
{
    /// <summary>Trains the example of the first screen and hands out what it made.</summary>
    public static (Model Served, History History, Tensor<float> Probabilities) FirstScreen()
    {
        #region README.md
        // Two sensors read for 20 steps, four facts about the machine they sit on; is the mean of the first sensor positive?
        var random = RandomSource.FromSeed(1);
        Tensor<float> readings = random.Derive("readings").Normal(0, 1, 512, 20, 2);
        Tensor<float> facts = random.Derive("facts").Normal(0, 1, 512, 4);
        Tensor<float> labels = Tensor.Zeros<float>(512, 1);
        for (int i = 0; i < 512; i++)
        {
            float sum = 0;
            foreach (float value in readings[i, .., 0])
                sum += value;
            labels[i, 0] = sum > 0 ? 1 : 0;
        }

        var signal = Input.Of([20, 2], name: "signal");
        var machine = Input.Of([4], name: "machine");
        var trend = new LSTM(16).Apply(signal);
        var shape = new Flatten().Apply(new Conv1D(8, kernelSize: 3) { Activation = Activation.ReLU }.Apply(signal));
        var known = new Dense(8, Activation.ReLU).Apply(machine);
        var fused = new Concatenate().Apply(trend, shape, known);
        var model = new Model([signal, machine], new Dense(1, Activation.Sigmoid).Apply(fused));

        model.Summary();
        model.Compile(new Adam(0.01), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        History history = model.Fit([readings, facts], labels, new FitOptions { Epochs = 5, ValidationSplit = 0.2 });
        Tensor<float> probabilities = model.Predict([readings, facts]);

        model.Save("sensors.flatfuse");
        Model served = Model.Load("sensors.flatfuse");
        #endregion
        return (served, history, probabilities);
    }
}
