using System.Globalization;
using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>
/// S3: Embedding(37252, 128), LSTM(128) over 500 words, then either every state flattened (4,963,841 parameters) or the last
/// state alone; with padding after or before the words, or masked.
/// </summary>
internal static class FlattenedOrLast
{
    /// <param name="flattened">True for all 64,000 states; false for the last 128.</param>
    /// <param name="maskZero">True to skip padded steps.</param>
    public static Sequential Build(bool flattened = true, bool maskZero = false)
    {
        Layer[] layers =
        [
            Input.Of([500], dtype: DType.Int32),
            new Embedding(EmailCorpus.Vocabulary, 128) { MaskZero = maskZero },
            new LSTM(128) { ReturnSequences = flattened, Dropout = 0.2 },
            .. flattened ? (Layer[])[new Flatten()] : [],
            new Dense(1, Activation.Sigmoid),
        ];
        // 64,000 weights on one logit move it by several units a step at first. With seed 0 the logits overshoot into the region where
        // Keras clips probabilities, which has no gradient, and stay there; most seeds, like this one, settle.
        return new Sequential(layers) { Seed = 1 };
    }

    public static void Run(SampleOptions options)
    {
        EmailCorpus corpus = EmailCorpus.Load().Take(options.Quick ? 200 : 2_500);
        options.Output.WriteLine("Input: the first 500 words of an e-mail (ids). Target: 1 spam, 0 not.");
        Build().Summary(options.Output);
        (string Title, bool Flattened, bool Mask, PadSide Padding)[] variants =
        [
            ("every state flattened, padded after the words", true, false, PadSide.After),
            ("last state, padded after the words", false, false, PadSide.After),
            ("last state, padded before the words", false, false, PadSide.Before),
            ("last state, padded after the words, MaskZero", false, true, PadSide.After),
        ];
        var results = new List<string>();
        foreach ((string title, bool flattened, bool mask, PadSide padding) in variants)
        {
            options.Output.WriteLine($"{title}:");
            Sequential model = Build(flattened, mask);
            model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
            History history = model.Fit(corpus.Words(500, padding), corpus.Labels, options.Fit(ownEpochs: 1, validationSplit: 0.2));
            results.Add(string.Create(CultureInfo.InvariantCulture, $"  {title,-48} validation accuracy {history["val_accuracy"][^1]:0.000}"));
        }
        double spam = corpus.Labels.AsSpan().ToArray().Average();
        options.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The larger class is {1 - spam:0.000} of the messages."));
        results.ForEach(options.Output.WriteLine);
        options.Output.WriteLine("Most messages have far fewer than 500 words. Padded after them, the last state has seen hundreds of identical padding");
        options.Output.WriteLine("vectors since the last word: what the words said is forgotten, and so is the gradient on its way back. Flattened, the");
        options.Output.WriteLine("Dense layer sees every state. Padded before, or masked, the last state is the one after the last word.");
    }
}
