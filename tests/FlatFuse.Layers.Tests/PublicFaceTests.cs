namespace FlatFuse.Layers.Tests;

/// <summary>Programs as a user of Keras would write them compile and infer Keras's shapes.</summary>
public sealed class PublicFaceTests
{
    [Fact]
    public void An_LSTM_branch_and_a_Conv1D_branch_are_flattened_and_fused()
    {
        var text = Input.Of([50, 128], name: "text_input");
        var behavior = Input.Of([100, 64], name: "behavioral_input");
        var a = new Flatten().Apply(new LSTM(100).Apply(text));
        var b = new Flatten().Apply(new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU }.Apply(behavior));
        var score = new Dense(1, Activation.Sigmoid).Apply(new Concatenate().Apply(a, b));
        Assert.Equal("(None, 100)", a.Shape.ToString());
        Assert.Equal("(None, 6272)", b.Shape.ToString());
        Assert.Equal("(None, 1)", score.Shape.ToString());
        Assert.Equal(4 * 100 * (128 + 100 + 1), a.Producer.Inputs[0].Layer.Parameters.Sum(weight => weight.Count));
        Assert.Equal(6373, score.Layer.Parameters.Sum(weight => weight.Count));
    }

    [Fact]
    public void A_character_network_ends_in_1568_features_that_an_LSTM_takes_as_one_step()
    {
        var letters = Input.Of([100, 50]);
        var features = new Flatten().Apply(new MaxPooling1D(2).Apply(new Conv1D(32, 3, Activation.ReLU).Apply(letters)));
        Assert.Equal("(None, 1568)", features.Shape.ToString());
        Assert.Contains("Reshape([1, 1568])", Assert.Throws<ArgumentException>(() => new LSTM(64).Apply(features)).Message);
        Assert.Equal("(None, 64)", new LSTM(64).Apply(new Reshape([1, 1568]).Apply(features)).Shape.ToString());
    }

    [Fact]
    public void Branches_of_one_width_are_added_and_others_refused()
    {
        var series = new LSTM(32).Apply(Input.Of([10, 1]));
        var facts = new Dense(32, Activation.ReLU).Apply(Input.Of([5]));
        Assert.Equal("(None, 32)", new Add().Apply(series, facts).Shape.ToString());
        Assert.Throws<ArgumentException>(() => new Add().Apply(series, new Dense(16).Apply(Input.Of([5]))));
    }
}
