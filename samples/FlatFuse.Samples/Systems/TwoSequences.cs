using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S0.2: LSTMs of different lengths and widths, fused: which tenth of all e-mails is this one in, by length?</summary>
internal static class TwoSequences
{
    public static Model Build()
    {
        var words = Input.Of([30, 64], name: "words");
        var characters = Input.Of([70, 32], name: "characters");
        var a = new Flatten().Apply(new LSTM(60).Apply(words));
        var b = new Flatten().Apply(new LSTM(40).Apply(characters));
        var decile = new Dense(10, Activation.Softmax).Apply(new Concatenate().Apply(a, b));
        return new Model([words, characters], decile);
    }

    public static void Run(SampleOptions options)
    {
        EmailCorpus corpus = EmailCorpus.Load().Take(options.Quick ? 400 : 3_000);
        options.Output.WriteLine("Inputs: fixed random embeddings of the first 30 words and 70 characters. Target: the length decile, one of 10 classes.");
        Tensor<float> words = SeededEmbedding.Apply(corpus.Words(30, PadSide.After), EmailCorpus.Vocabulary, 64, seed: 3);
        Tensor<float> characters = SeededEmbedding.Apply(corpus.Characters(70), EmailCorpus.Alphabet, 32, seed: 4);
        Tensor<float> deciles = Preprocessing.ToCategorical(corpus.LengthDeciles().AsSpan(), classes: 10);
        Model model = Build();
        model.Summary(options.Output);
        model.Compile(new Adam(), Loss.CategoricalCrossentropy, [Metric.Accuracy]);
        model.Fit([words, characters], deciles, options.Fit(ownEpochs: 5, validationSplit: 0.2));
    }
}
