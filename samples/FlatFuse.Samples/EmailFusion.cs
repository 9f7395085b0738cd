using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples;

/// <summary>
/// The main job: is an e-mail spam? An LSTM reads the words, a Conv1D the characters, a Dense layer eight facts; flattened
/// and concatenated, Dense layers decide. Trained on the first 80 % of 5,894 real messages, tested on the rest, saved, loaded.
/// </summary>
internal static class EmailFusion
{
    private const int Words = 250;
    private const int Characters = 300;

    public static Model Build()
    {
        var words = Input.Of([Words], name: "words", dtype: DType.Int32);
        var characters = Input.Of([Characters], name: "characters", dtype: DType.Int32);
        var facts = Input.Of([8], name: "facts");

        var read = new LSTM(32) { Name = "lstm", Dropout = 0.3 }.Apply(
            new Embedding(EmailCorpus.Vocabulary, 32) { Name = "word_embedding" }.Apply(words));
        var spelled = new Flatten().Apply(
            new MaxPooling1D(6).Apply(
                new Conv1D(32, kernelSize: 5) { Activation = Activation.ReLU }.Apply(
                    new Embedding(EmailCorpus.Alphabet, 16) { Name = "character_embedding" }.Apply(characters))));
        var known = new Dense(16, Activation.ReLU) { Name = "fact_dense" }.Apply(facts);

        var fused = new Concatenate().Apply(read, spelled, known);
        var hidden = new Dropout(0.5).Apply(new Dense(32, Activation.ReLU) { Name = "fusion_dense" }.Apply(fused));
        var spam = new Dense(1, Activation.Sigmoid) { Name = "spam" }.Apply(hidden);
        return new Model([words, characters, facts], spam, name: "email_fusion");
    }

    public static void Run(SampleOptions options)
    {
        EmailCorpus corpus = EmailCorpus.Load();
        if (options.Quick)
            corpus = corpus.Take(1_200);
        int training = corpus.TrainingCount;
        options.Output.WriteLine($"{corpus.Count} e-mails: the first {training} to train on, the last {corpus.Count - training} to test on.");
        options.Output.WriteLine("Inputs: the first 250 words (ids), the first 300 characters (ids), 8 facts. Target: 1 spam, 0 not.");

        FeatureScaler scaler = FeatureScaler.Standard(corpus.Facts[..training].Clone());
        Tensor[] inputs = [corpus.Words(Words, PadSide.Before), corpus.Characters(Characters), scaler.Transform(corpus.Facts)];

        Model model = Build();
        model.Summary(options.Output);
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit(Rows(inputs, ..training), corpus.Labels[..training], options.Fit(ownEpochs: 5, validationSplit: 0.1));

        Tensor[] test = Rows(inputs, training..);
        Evaluation measured = model.Evaluate(test, corpus.Labels[training..]);
        options.Output.WriteLine(FormattableString.Invariant($"test loss: {measured.Loss:0.0000}"));
        options.Output.WriteLine(FormattableString.Invariant($"test accuracy: {measured["accuracy"]:0.0000}"));
        SaveAndLoad(model, test, options.Output);
    }

    private static void SaveAndLoad(Model model, Tensor[] test, TextWriter output)
    {
        string path = Path.Combine(Path.GetTempPath(), $"email-fusion-{Guid.NewGuid():N}.flatfuse");
        try
        {
            model.Save(path);
            Model loaded = Model.Load(path);
            bool same = model.Predict(test).AsSpan().SequenceEqual(loaded.Predict(test).AsSpan());
            output.WriteLine(FormattableString.Invariant($"saved {new FileInfo(path).Length / 1e6:0.0} MB, loaded: the predictions are {(same ? "the same bits" : "DIFFERENT")}"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Tensor[] Rows(Tensor[] tensors, Range samples) => [.. tensors.Select(tensor => RowsOf(tensor, samples))];

    private static Tensor RowsOf(Tensor tensor, Range samples)
        => tensor switch
        {
            Tensor<int> ids => ids[samples],
            Tensor<float> values => values[samples],
            _ => throw new ArgumentException($"Rows: element type {tensor.ElementType} is not used here.", nameof(tensor)),
        };
}
