using FlatFuse.Layers;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests;

/// <summary>Row S* of DESIGN section 4: what the seed examples do with models beside building and fitting them.</summary>
public sealed class SeedVocabularyTests
{
    [Fact]
    public void A_frozen_trained_submodel_keeps_weights_and_moving_statistics_while_the_head_learns()
    {
        Sequential trained = TrainedFeatures();
        trained.Trainable = false;
        int[] before = FitModels.Bits(trained);
        var model = new Sequential(Input.Of([4]), trained, new Dense(1) { Name = "head" });
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);
        // Far from what the sub-model was trained on: statistics that still moved would move visibly.
        (Tensor<float> x, Tensor<float> y) = Line(seed: 3, mean: 2);
        float[] head = model.GetWeight("head/kernel").Value.ToArray();
        float[] features = trained.Predict(x).ToArray();
        History history = model.Fit(x, y, FitModels.Silent(epochs: 40, batchSize: 16));
        Assert.Equal(before, FitModels.Bits(trained));
        Assert.Equal(features, trained.Predict(x).ToArray());
        Assert.NotEqual(head, model.GetWeight("head/kernel").Value.ToArray());
        Assert.True(history["loss"][^1] < history["loss"][0] / 2, $"{history["loss"][0]} -> {history["loss"][^1]}");
    }

    [Fact]
    public void A_frozen_submodel_normalizes_by_its_moving_statistics_in_training_too()
    {
        Sequential trained = TrainedFeatures();
        trained.Trainable = false;
        var model = new Sequential(Input.Of([4]), trained, new Dense(1));
        // A rate of zero keeps the head, so that Evaluate afterwards sees what the epoch saw.
        model.Compile(new SGD(0), Loss.MeanSquaredError);
        (Tensor<float> x, Tensor<float> y) = Line(seed: 4, mean: 2);
        double loss = model.Fit(x, y, FitModels.Silent(batchSize: 16, shuffle: false))["loss"][0];
        // Training and evaluation may sum the same values in another order.
        Assert.Equal(model.Evaluate(x, y, batchSize: 16).Loss, loss, 1e-5 * loss);
    }

    [Fact]
    public void A_submodel_that_is_thawed_learns_again_with_its_moving_statistics()
    {
        Sequential trained = TrainedFeatures();
        trained.Trainable = false;
        var model = new Sequential(Input.Of([4]), trained, new Dense(1) { Name = "head" });
        trained.Trainable = true;
        model.Compile(new SGD(0.01), Loss.MeanSquaredError);
        Dictionary<string, float[]> before = trained.Weights.ToDictionary(weight => weight.Path, weight => weight.Parameter.Value.ToArray());
        Assert.Contains(before.Keys, path => path.EndsWith("moving_mean", StringComparison.Ordinal));
        (Tensor<float> x, Tensor<float> y) = Line(seed: 5, mean: 2);
        model.Fit(x, y, FitModels.Silent(batchSize: 16));
        Assert.All(trained.Weights, weight => Assert.NotEqual(before[weight.Path], weight.Parameter.Value.ToArray()));
    }

    [Fact]
    public void Embeddings_of_a_trained_model_give_another_model_the_same_vectors()
    {
        Tensor<int> ids = RandomSource.FromSeed(6).Integers(0, 12, 32, 5);
        Tensor<float> y = Tensor.Zeros<float>(32, 1);
        for (int i = 0; i < 32; i++)
            y[i, 0] = ids[i, 0] < 6 ? 1 : 0;
        var source = new Sequential(Input.Of([5], dtype: DType.Int32), new Embedding(12, 4) { Name = "words" }, new Flatten(), new Dense(1, Activation.Sigmoid));
        float[] drawn = source.GetWeight("words/embeddings").Value.ToArray();
        source.Compile(new Adam(0.05), Loss.BinaryCrossentropy);
        source.Fit(ids, y, FitModels.Silent(epochs: 5, batchSize: 8));
        Tensor<float> vectors = source.GetWeight("words/embeddings").Value.Clone();
        Assert.NotEqual(drawn, vectors.ToArray());

        var words = new Embedding(12, 4) { Name = "known_words", Trainable = false };
        var target = new Sequential(Input.Of([5], dtype: DType.Int32), words, new LSTM(3), new Dense(1, Activation.Sigmoid));
        target.GetWeight("known_words/embeddings").Assign(vectors);
        float[] reader = target.Weights[1].Parameter.Value.ToArray();
        target.Compile(new Adam(0.05), Loss.BinaryCrossentropy);
        target.Fit(ids, y, FitModels.Silent(epochs: 3, batchSize: 8));
        Assert.Equal(vectors.ToArray(), target.GetWeight("known_words/embeddings").Value.ToArray());
        Assert.NotEqual(reader, target.Weights[1].Parameter.Value.ToArray());
        var bySource = new Model(source.Inputs, source.GetOutput("words"));
        var byTarget = new Model(target.Inputs, words.Output);
        Assert.Equal(bySource.Predict(ids).ToArray(), byTarget.Predict(ids).ToArray());
        // Training the source on does not reach the copy.
        source.Fit(ids, y, FitModels.Silent(batchSize: 8));
        Assert.Equal(vectors.ToArray(), target.GetWeight("known_words/embeddings").Value.ToArray());
    }

    [Fact]
    public void Attention_reads_what_two_fused_branches_say()
    {
        var (text, signal, fused) = FusedSequences();
        var attended = new MultiHeadAttention(numHeads: 2, keyDim: 3) { Name = "attention" }.Apply(fused, fused);
        Assert.Equal("(None, 6, 9)", attended.Shape.ToString());
        LearnsWhatBothSay(new Model([text, signal], new Dense(1, Activation.Sigmoid).Apply(new GlobalAveragePooling1D().Apply(attended))), "attention/");
    }

    [Fact]
    public void A_further_recurrent_layer_reads_what_two_fused_branches_say()
    {
        var (text, signal, fused) = FusedSequences();
        var read = new LSTM(6) { Name = "reader" }.Apply(fused);
        Assert.Equal("(None, 6)", read.Shape.ToString());
        LearnsWhatBothSay(new Model([text, signal], new Dense(1, Activation.Sigmoid).Apply(read)), "reader/");
    }

    [Fact]
    public void A_model_built_by_Add_goes_on_from_its_Output()
    {
        var model = new Sequential();
        model.Add(Input.Of([6, 2]));
        model.Add(new LSTM(5) { ReturnSequences = true });
        Assert.Equal("(None, 6, 5)", model.OutputShape.ToString());
        model.Add(new Flatten());
        model.Add(new Dense(3, Activation.ReLU));
        Assert.Equal("(None, 3)", model.OutputShape.ToString());
        Assert.Equal(model.OutputShape.ToString(), model.Output.Shape.ToString());
        Assert.Equal("(None, 6, 5)", model.Layers[0].Output.Shape.ToString());

        var facts = Input.Of([4], name: "facts");
        var score = new Dense(1, Activation.Sigmoid).Apply(new Concatenate().Apply(model.Output, facts));
        var fused = new Model([model.Inputs[0], facts], score);
        Assert.Equal("(None, 1)", fused.OutputShape.ToString());
        Tensor<float> x = RandomSource.FromSeed(7).Normal(0, 1, 9, 6, 2), f = RandomSource.FromSeed(8).Normal(0, 1, 9, 4);
        float[] before = model.Predict(x).ToArray();
        fused.Compile(new SGD(0.1), Loss.BinaryCrossentropy);
        fused.Fit([x, f], Tensor.Full(1f, 9, 1), FitModels.Silent(epochs: 2));
        // The layers are the same objects: what the fused model learns, its part knows.
        Assert.NotEqual(before, model.Predict(x).ToArray());
        Assert.Equal(model.Predict(x).ToArray(), new Model(fused.Inputs[0], model.Output).Predict(x).ToArray());
    }

    private static Sequential TrainedFeatures()
    {
        var features = new Sequential(Input.Of([4]), new Dense(8, Activation.Tanh), new BatchNormalization { Momentum = 0.9 }) { Name = "features" };
        var teacher = new Sequential(Input.Of([4]), features, new Dense(1));
        teacher.Compile(new Adam(0.02), Loss.MeanSquaredError);
        int[] drawn = FitModels.Bits(features);
        (Tensor<float> x, Tensor<float> y) = Line(seed: 2, mean: 0);
        teacher.Fit(x, y, FitModels.Silent(epochs: 5, batchSize: 16));
        Assert.NotEqual(drawn, FitModels.Bits(features));
        return features;
    }

    private static (Tensor<float> X, Tensor<float> Y) Line(long seed, float mean)
    {
        Tensor<float> x = RandomSource.FromSeed(seed).Normal(mean, 1, 64, 4);
        Tensor<float> y = Tensor.Zeros<float>(64, 1);
        for (int i = 0; i < 64; i++)
            y[i, 0] = x[i, 0] - x[i, 2] + 1;
        return (x, y);
    }

    private static (SymbolicTensor Text, SymbolicTensor Signal, SymbolicTensor Fused) FusedSequences()
    {
        var text = Input.Of([6], name: "text", dtype: DType.Int32);
        var signal = Input.Of([6, 3], name: "signal");
        var words = new LSTM(5) { ReturnSequences = true }.Apply(new Embedding(10, 4).Apply(text));
        var shape = new Conv1D(4, kernelSize: 3) { Activation = Activation.ReLU, Padding = Padding.Same }.Apply(signal);
        var fused = new Concatenate(-1).Apply(words, shape);
        Assert.Equal("(None, 6, 9)", fused.Shape.ToString());
        return (text, signal, fused);
    }

    // The label is 1 where the text's first word is small or the signal's first value is positive.
    private static void LearnsWhatBothSay(Model model, string path)
    {
        Tensor<int> ids = RandomSource.FromSeed(9).Integers(0, 10, 64, 6);
        Tensor<float> signal = RandomSource.FromSeed(10).Normal(0, 1, 64, 6, 3);
        Tensor<float> y = Tensor.Zeros<float>(64, 1);
        for (int i = 0; i < 64; i++)
            y[i, 0] = ids[i, 0] < 3 || signal[i, 2, 0] > 0 ? 1 : 0;
        Dictionary<string, float[]> before = model.Weights.ToDictionary(weight => weight.Path, weight => weight.Parameter.Value.ToArray());
        Assert.Contains(before.Keys, name => name.StartsWith(path, StringComparison.Ordinal));
        model.Compile(new Adam(0.02), Loss.BinaryCrossentropy);
        History history = model.Fit([ids, signal], y, FitModels.Silent(epochs: 40, batchSize: 16));
        Assert.True(history["loss"][^1] < history["loss"][0] / 2, $"{history["loss"][0]} -> {history["loss"][^1]}");
        // The gradient passes what was fused: both branches and what reads them have learned.
        Assert.All(model.Weights, weight => Assert.NotEqual(before[weight.Path], weight.Parameter.Value.ToArray()));
    }
}
