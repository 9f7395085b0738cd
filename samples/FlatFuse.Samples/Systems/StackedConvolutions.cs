using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S0.3: two Conv1D layers over characters, flattened: five facts of the e-mail, by regression.</summary>
internal static class StackedConvolutions
{
    public static Sequential Build() => new(
        Input.Of([150, 10]),
        new Conv1D(32, kernelSize: 5) { Activation = Activation.ReLU },
        new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU },
        new Flatten(),
        new Dense(5, Activation.ReLU));

    public static void Run(SampleOptions options)
    {
        EmailCorpus corpus = EmailCorpus.Load().Take(options.Quick ? 400 : 3_000);
        options.Output.WriteLine("Input: fixed random embeddings of the first 150 characters. Targets: shares of capitals and digits, log1p of '!', '$' and links.");
        Tensor<float> characters = SeededEmbedding.Apply(corpus.Characters(150), EmailCorpus.Alphabet, 10, seed: 5);
        Tensor<float> facts = corpus.Facts[.., 2..7].Clone();
        Sequential model = Build();
        model.Summary(options.Output);
        model.Compile(new Adam(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        model.Fit(characters, facts, options.Fit(ownEpochs: 5, validationSplit: 0.2));
    }
}
