using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Models.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Architecture.Tests;

/// <summary>The code of the guides, compiled and run; <see cref="PageExampleTests"/> compares the two texts.</summary>
internal static class GuideExamples
{
    public static void DataPage()
    {
        #region docs/data/README.md
        Tensor<float> weather = RandomSource.FromSeed(1).Normal(15, 8, 100, 3);             // 100 days, 3 facts a day
        Tensor<float> windows = Preprocessing.TimeSeriesWindows(weather, length: 10);       // (91, 10, 3)
        Tensor<float> classes = Preprocessing.ToCategorical([2, 0, 1]);                     // (3, 3)
        Tensor<int> ids = Preprocessing.PadSequences([[5, 6], [7, 8, 9]], maxLength: 4);    // 0 0 5 6 and 0 7 8 9

        TrainTestSplit split = TrainTestSplit.Ordered(91, testShare: 0.2);                  // the last 18 windows test
        Tensor<float> train = Preprocessing.TakeRows(windows, [.. split.Train]);            // (73, 10, 3)
        Tensor<float> test = Preprocessing.TakeRows(windows, [.. split.Test]);
        var scaler = FeatureScaler.Standard(train);                                         // learned from the training part only
        (train, test) = (scaler.Transform(train), scaler.Transform(test));
        #endregion
    }

    public static void StringLookupPage()
    {
        #region docs/data/stringlookup.md
        var colours = new StringLookup();
        colours.Adapt(["red", "blue", "red", "green", "red", "blue"]);
        Tensor<int> ids = colours.Transform(["blue", "red", "pink"]);                   // 2, 1, 0: pink is unknown
        string[] names = colours.Invert(ids.AsSpan());                                  // blue, red, [UNK]
        SymbolicTensor hot = new CategoryEncoding(colours.VocabularySize).Apply(Input.Of([1], dtype: DType.Int32)); // (None, 4)
        #endregion
    }

    public static void TextVectorizationPage()
    {
        #region docs/data/textvectorization.md
        var words = new TextVectorization { OutputSequenceLength = 5, Padding = PadSide.Before };
        words.Adapt(["The cat, the CAT!", "the dog"]);           // "", "[UNK]", "the", "cat", "dog"
        Tensor<int> ids = words.Transform(["The dog sleeps."]);  // 0, 0, 2, 4, 1
        var model = new Sequential(
            Input.Of([5], dtype: DType.Int32),
            new Embedding(words.VocabularySize, 16) { MaskZero = true },
            new LSTM(8),
            new Dense(1, Activation.Sigmoid));
        Tensor<float> scores = model.Predict(ids);               // (1, 1)
        #endregion
    }

    public static void ModelsPage()
    {
        #region docs/models.md
        var inner = new Sequential([new Dense(64, Activation.ReLU), new Dense(32, Activation.ReLU)]);
        var series = Input.Of([10, 1], name: "series");
        var facts = Input.Of([5], name: "facts");
        var fused = new Concatenate().Apply(new LSTM(32).Apply(series), inner.Apply(facts));
        var model = new Model([series, facts], new Dense(1, Activation.Sigmoid).Apply(fused)) { Seed = 7 };
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Summary();
        #endregion
    }
}
