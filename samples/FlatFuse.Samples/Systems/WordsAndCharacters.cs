using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S0.1: LSTM(100) over words and Conv1D(64, 3) over characters, flattened and fused: is the e-mail spam?</summary>
internal static class WordsAndCharacters
{
    public static Model Build()
    {
        var text = Input.Of([50, 128], name: "text_input");
        var behavior = Input.Of([100, 64], name: "behavioral_input");
        var a = new Flatten().Apply(new LSTM(100).Apply(text));
        var b = new Flatten().Apply(new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU }.Apply(behavior));
        var score = new Dense(1, Activation.Sigmoid).Apply(new Concatenate().Apply(a, b));
        return new Model([text, behavior], score);
    }

    public static void Run(SampleOptions options)
    {
        EmailCorpus corpus = EmailCorpus.Load().Take(options.Quick ? 400 : 2_000);
        options.Output.WriteLine("Inputs: fixed random embeddings of an e-mail's first 50 words and first 100 characters. Target: 1 spam, 0 not.");
        Tensor<float> words = SeededEmbedding.Apply(corpus.Words(50, PadSide.Before), EmailCorpus.Vocabulary, 128, seed: 1);
        Tensor<float> characters = SeededEmbedding.Apply(corpus.Characters(100), EmailCorpus.Alphabet, 64, seed: 2);
        Model model = Build();
        model.Summary(options.Output);
        options.Output.WriteLine("The LSTM's last state is rank 2 already: its Flatten changes nothing. The Conv1D's (98, 64) becomes 6,272.");
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit([words, characters], corpus.Labels, options.Fit(ownEpochs: 3, validationSplit: 0.2));
    }
}
