using FlatFuse.Autograd;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Layers.Tests;

/// <summary>
/// A layer inside a model that is compiled and fitted: the step that is captured and those that replay it give the bits that a model
/// gives which computes every step anew, in memory that is overwritten between two uses.
/// </summary>
internal static class LayerFitCheck
{
    private const int Epochs = 3;

    public static void Run(LayerCase row)
    {
        Trained eager = Train(row, new Passing { Replays = false }), replayed = Train(row, new Passing { Replays = true });
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            Assert.True(double.IsFinite(eager.Losses[epoch]), $"loss {eager.Losses[epoch]}");
            Assert.Equal(eager.Losses[epoch], replayed.Losses[epoch]);
            Assert.Equal(eager.Weights[epoch], replayed.Weights[epoch]);
        }
        Assert.NotEqual(eager.Weights[0], eager.Weights[1]);
        Assert.Equal(eager.Predictions, replayed.Predictions);
    }

    private static Trained Train(LayerCase row, Passing end)
    {
        DType dtype = row.Ids > 0 ? DType.Int32 : DType.Float32;
        Input[] inputs = [.. row.Inputs.Select((shape, index) => Input.Of([.. shape[1..].Select(size => (int?)size)], $"input_{index}", dtype))];
        SymbolicTensor output = row.Make().ApplyMany([.. inputs.Select(input => (SymbolicTensor)input)])[0];
        var model = new Model([.. inputs], end.Apply(new Dense(1).Apply(new Flatten().Apply(output)))) { Threads = 1, PoisonsMemory = true };
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);

        Tensor[] x = [.. row.Values()];
        Tensor<float> y = Values.Random(1, row.Inputs[0][0], 1);
        var weights = new int[Epochs][];
        var losses = new double[Epochs];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            losses[epoch] = model.Fit(x, y, new FitOptions { Verbosity = Verbosity.Silent })["loss"][0];
            weights[epoch] = [.. model.Weights.SelectMany(weight => Bits(weight.Parameter.Value))];
        }
        return new Trained(losses, weights, Bits(model.Predict(x)));
    }

    private static int[] Bits(Tensor<float> tensor) => [.. tensor.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed record Trained(double[] Losses, int[][] Weights, int[] Predictions);

    /// <summary>Hands on what it gets; decides whether the model that holds it is replayed.</summary>
    private sealed class Passing : Layer
    {
        public required bool Replays { get; init; }

        internal override bool CanReplay => Replays;

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => inputs[0];
    }
}
