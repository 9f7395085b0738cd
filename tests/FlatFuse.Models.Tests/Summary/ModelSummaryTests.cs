using FlatFuse.Layers;

namespace FlatFuse.Models.Tests;

public sealed class ModelSummaryTests
{
    [Fact]
    public void A_stack_is_drawn_as_Keras_draws_it()
    {
        var model = new Sequential([Input.Of([10]), new Dense(64, Activation.ReLU), new Dense(1, Activation.Sigmoid)]);
        var writer = new StringWriter { NewLine = "\n" };
        model.Summary(writer);
        Assert.Equal("""
            Model: "sequential"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
            ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
            │ dense (Dense)                   │ (None, 64)             │           704 │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ dense_1 (Dense)                 │ (None, 1)              │            65 │
            └─────────────────────────────────┴────────────────────────┴───────────────┘
             Total params: 769 (3.00 KB)
             Trainable params: 769 (3.00 KB)
             Non-trainable params: 0 (0.00 B)

            """.ReplaceLineEndings("\n"), writer.ToString());
    }

    [Fact]
    public void A_functional_model_shows_what_is_connected_to_what()
    {
        Input a = Input.Of([4], name: "a"), b = Input.Of([4], name: "b");
        var shared = new Dense(3) { Name = "shared" };
        var model = new Model([a, b], new Concatenate { Name = "cat" }.Apply(shared.Apply(a), shared.Apply(b)));
        ModelSummary summary = model.Summary(TextWriter.Null);
        Assert.Equal(["shared[0][0]", "shared[1][0]"], summary.Layers.Single(layer => layer.Name == "cat").ConnectedTo);
        Assert.Contains("Connected to", summary.ToString());
        Assert.Equal(15, summary.TotalParameters);
    }

    [Fact]
    public void Nested_layers_are_shown_on_request()
    {
        var model = new Sequential([Input.Of([10]), new Sequential([new Dense(4)]) { Name = "block" }]);
        ModelSummary summary = model.Summary(TextWriter.Null);
        Assert.DoesNotContain("dense", summary.ToString());
        Assert.Contains("  └ dense (Dense)", summary.ToString(expandNested: true));
        Assert.Equal(44, Assert.Single(summary.Layers[0].Layers).Parameters);
    }

    [Fact]
    public void Large_models_are_counted_with_separators_and_megabytes()
    {
        var model = new Sequential([Input.Of([500], dtype: DType.Int32), new Embedding(37252, 128), new LSTM(128) { ReturnSequences = true }, new Flatten(), new Dense(1, Activation.Sigmoid)]);
        string table = model.Summary(TextWriter.Null).ToString();
        Assert.Contains("Total params: 4,963,841 (18.94 MB)", table);
        Assert.Contains("(None, 500, 128)", table);
    }
}
