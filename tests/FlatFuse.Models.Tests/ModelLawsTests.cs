using FlatFuse.Layers;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests;

/// <summary>What must be equal for any weights and data, because it is the same computation said otherwise.</summary>
public sealed class ModelLawsTests
{
    [Fact]
    public void A_stack_a_graph_and_nested_models_are_one_model()
    {
        Layer[] a = Layers(), b = Layers(), c = Layers();
        var stack = new Sequential(a[0], a[1], a[2], a[3], a[4]);
        var input = Input.Of([8, 3]);
        SymbolicTensor y = input;
        foreach (Layer layer in b[1..])
            y = layer.Apply(y);
        var graph = new Model(input, y);
        var head = new Sequential(Input.Of([5]), c[4]);
        var front = new Sequential(c[0], c[1], c[2]);
        var nested = new Sequential(Input.Of([8, 3]), new Sequential(Input.Of([8, 3]), front, c[3]), head);
        Copy(stack, graph);
        Copy(stack, nested);

        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 37, 8, 3), target = RandomSource.FromSeed(2).Normal(0, 1, 37, 2);
        Model[] models = [stack, graph, nested];
        foreach (Model model in models)
            model.Compile(new Adam(0.02), Loss.MeanSquaredError);
        Same(models, model => model.Predict(x).ToArray());
        int[] before = FitModels.Bits(stack);
        Same(models, model => [(float)model.Fit(x, target, FitModels.Silent(batchSize: 8, shuffle: false))["loss"][0]]);
        Assert.NotEqual(before, FitModels.Bits(stack));
        Same(models, model => [.. model.Weights.SelectMany(weight => weight.Parameter.Value.ToArray())]);
        Same(models, model => model.Predict(x).ToArray());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(33)]
    public void Permuting_the_batch_permutes_the_predictions(int samples)
    {
        Model model = FitModels.Fused();
        (Tensor[] x, _) = FitModels.FusedData(samples);
        int[] order = Order(samples);
        Assert.Equal(Permuted(model.Predict(x, samples), order).ToArray(), model.Predict(Permuted(x, order), samples).ToArray());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(5)]
    [InlineData(1)]
    public void Neither_the_batch_size_nor_a_samples_batch_changes_its_prediction(int batchSize)
    {
        Model model = FitModels.Fused();
        (Tensor[] x, _) = FitModels.FusedData(33);
        Tensor<float> whole = model.Predict(x, 33);
        int[] order = Order(33);
        // Not bit for bit: a product with a batch of one sums in another order.
        Close(whole, model.Predict(x, batchSize));
        Close(Permuted(whole, order), model.Predict(Permuted(x, order), batchSize));
    }

    [Fact]
    public void Dense_on_steps_is_TimeDistributed_Dense()
    {
        var plain = new Sequential(Input.Of([5, 3]), new Dense(4, Activation.Tanh), new Flatten(), new Dense(1));
        var distributed = new Sequential(Input.Of([5, 3]), new TimeDistributed(new Dense(4, Activation.Tanh)), new Flatten(), new Dense(1));
        Copy(plain, distributed);
        Tensor<float> x = RandomSource.FromSeed(3).Normal(0, 1, 19, 5, 3), y = RandomSource.FromSeed(4).Normal(0, 1, 19, 1);
        Assert.Equal(plain.Predict(x).ToArray(), distributed.Predict(x).ToArray());
        plain.Compile(new Adam(0.02), Loss.MeanSquaredError);
        distributed.Compile(new Adam(0.02), Loss.MeanSquaredError);
        plain.Fit(x, y, FitModels.Silent(batchSize: 8, shuffle: false));
        distributed.Fit(x, y, FitModels.Silent(batchSize: 8, shuffle: false));
        Assert.Equal(FitModels.Bits(plain), FitModels.Bits(distributed));
    }

    [Fact]
    public void A_sequence_is_its_two_halves_read_one_after_the_other()
    {
        const int Samples = 4;
        var whole = new Sequential(Input.Of([10, 3]), new LSTM(6) { ReturnSequences = true }, new LSTM(5));
        var halves = new Sequential(Input.Of([5, 3], batchSize: Samples), new LSTM(6) { ReturnSequences = true, Stateful = true }, new LSTM(5) { Stateful = true });
        Copy(whole, halves);
        Tensor<float> x = RandomSource.FromSeed(5).Normal(0, 1, Samples, 10, 3);
        float[] first = halves.Predict(Steps(x, 0, 5), Samples).ToArray();
        float[] second = halves.Predict(Steps(x, 5, 5), Samples).ToArray();
        Assert.Equal(whole.Predict(x, Samples).ToArray(), second);
        Assert.NotEqual(first, second);
        halves.ResetStates();
        Assert.Equal(first, halves.Predict(Steps(x, 0, 5), Samples).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1)]
    public void Masked_padding_changes_no_prediction(int before)
    {
        // Three steps of padding, some before the sequence and the rest behind it.
        foreach (Func<Layer> reader in new Func<Layer>[] { () => new LSTM(6), () => new GRU(6), () => new SimpleRNN(6), () => new Bidirectional(new LSTM(4)), () => new GlobalAveragePooling1D() })
        {
            Sequential Words(int length) => new(Input.Of([length], dtype: DType.Int32), new Embedding(20, 5) { MaskZero = true }, reader(), new Dense(2));
            Sequential bare = Words(6), padded = Words(9);
            Copy(bare, padded);
            Tensor<int> ids = RandomSource.FromSeed(6).Integers(1, 20, 11, 6);
            Tensor<int> longer = Tensor.Zeros<int>(11, 9);
            for (int i = 0; i < 11; i++)
            {
                for (int t = 0; t < 6; t++)
                    longer[i, t + before] = ids[i, t];
            }
            Close(bare.Predict(ids), padded.Predict(longer));
        }
    }

    [Fact]
    public void Masked_padding_changes_no_training_of_the_readers()
    {
        Sequential Signal(int length) => new(Input.Of([length, 3]), new Masking(), new LSTM(6), new Dense(1));
        Sequential bare = Signal(6), padded = Signal(9);
        Copy(bare, padded);
        Tensor<float> x = RandomSource.FromSeed(7).Normal(0, 1, 16, 6, 3), y = RandomSource.FromSeed(8).Normal(0, 1, 16, 1);
        Tensor<float> longer = Tensor.Concatenate([x, Tensor.Zeros<float>(16, 3, 3)], axis: 1);
        bare.Compile(new SGD(0.1), Loss.MeanSquaredError);
        padded.Compile(new SGD(0.1), Loss.MeanSquaredError);
        bare.Fit(x, y, FitModels.Silent(epochs: 3, batchSize: 8, shuffle: false));
        padded.Fit(longer, y, FitModels.Silent(epochs: 3, batchSize: 8, shuffle: false));
        Close(bare.Predict(x), padded.Predict(longer));
        for (int i = 0; i < bare.Weights.Count; i++)
            Close(bare.Weights[i].Parameter.Value, padded.Weights[i].Parameter.Value);
    }

    // An input, then a convolution, a normalization, a recurrent layer and a dense one.
    private static Layer[] Layers()
        => [Input.Of([8, 3]), new Conv1D(4, kernelSize: 3) { Activation = Activation.ReLU }, new BatchNormalization(), new LSTM(5), new Dense(2)];

    private static void Copy(Model from, Model to)
    {
        Assert.Equal(from.Weights.Count, to.Weights.Count);
        for (int i = 0; i < from.Weights.Count; i++)
            to.Weights[i].Parameter.Assign(from.Weights[i].Parameter.Value.Clone());
    }

    private static void Same(Model[] models, Func<Model, float[]> what)
    {
        int[][] bits = [.. models.Select(model => what(model).Select(BitConverter.SingleToInt32Bits).ToArray())];
        Assert.All(bits, other => Assert.Equal(bits[0], other));
    }

    // Another order of the same sums: a few units in the last place.
    private static void Close(Tensor<float> expected, Tensor<float> actual)
        => Assert.Equal(expected.ToArray(), actual.ToArray(), (e, a) => MathF.Abs(e - a) <= 1e-6f * (1 + MathF.Abs(e)));

    // A step that is prime to the number of samples reaches each of them once.
    private static int[] Order(int samples)
    {
        int[] order = [.. Enumerable.Range(0, samples).Select(i => ((i * 7) + 3) % samples)];
        Assert.Equal(samples, order.Distinct().Count());
        return order;
    }

    private static Tensor[] Permuted(Tensor[] x, int[] order)
        => [Permuted((Tensor<int>)x[0], order), Permuted((Tensor<float>)x[1], order), Permuted((Tensor<float>)x[2], order)];

    private static Tensor<T> Permuted<T>(Tensor<T> tensor, int[] order)
        where T : unmanaged
        => Tensor.Concatenate([.. order.Select(i => (Tensor<T>)tensor.Rows(i, 1))]);

    private static Tensor<float> Steps(Tensor<float> x, int start, int count)
    {
        Tensor<float> part = Tensor.Zeros<float>(x.Shape[0], count, x.Shape[2]);
        for (int i = 0; i < x.Shape[0]; i++)
        {
            for (int t = 0; t < count; t++)
            {
                for (int c = 0; c < x.Shape[2]; c++)
                    part[i, t, c] = x[i, start + t, c];
            }
        }
        return part;
    }
}
