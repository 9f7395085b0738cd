using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S4.1: a character CNN as a Sequential inside a Sequential with an LSTM.</summary>
internal static class NestedCharacterCnn
{
    /// <param name="repaired">False for the published program, which gives the LSTM a rank-2 tensor.</param>
    public static Sequential Build(bool repaired = true)
    {
        var features = new Sequential(
            Input.Of([100, 50]),
            new Conv1D(32, kernelSize: 3) { Activation = Activation.ReLU },
            new MaxPooling1D(2),
            new Flatten())
        { Name = "feature_extractor" };
        Layer[] layers = [features, .. repaired ? (Layer[])[new Reshape([1, 1568])] : [], new LSTM(64), new Dense(1, Activation.Sigmoid)];
        return new Sequential(layers);
    }

    public static void Run(SampleOptions options)
    {
        Refusal.Show(options.Output, "As published, with the LSTM right on the flattened features", () => Build(repaired: false));
        EmailCorpus corpus = EmailCorpus.Load().Take(options.Quick ? 400 : 2_000);
        options.Output.WriteLine("Input: fixed random embeddings of the first 100 characters of an e-mail. Target: 1 spam, 0 not.");
        Tensor<float> characters = SeededEmbedding.Apply(corpus.Characters(100), EmailCorpus.Alphabet, 50, seed: 6);
        Sequential model = Build();
        model.Summary(options.Output, expandNested: true);
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit(characters, corpus.Labels, options.Fit(ownEpochs: 5, validationSplit: 0.2));
    }
}
