using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Models.Tests.Callbacks;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Graph;

public sealed class SubclassedModelTests
{
    private static readonly Tensor<float> X = RandomSource.FromSeed(1).Normal(0, 1, 20, 4);
    private static readonly Tensor<float> Y = RandomSource.FromSeed(2).Normal(0, 1, 20, 1);

    [Fact]
    public void It_trains_to_the_same_bits_as_the_same_graph()
    {
        var own = new Gated { Seed = 3 };
        var input = Input.Of([4]);
        SymbolicTensor hidden = new Dense(5, Activation.Tanh) { Name = "hidden" }.Apply(input), gate = new Dense(5, Activation.Sigmoid) { Name = "gate" }.Apply(input);
        var graph = new Model(input, new Dense(1) { Name = "score" }.Apply(new Multiply().Apply(hidden, gate))) { Seed = 3 };
        own.Compile(new Adam(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        graph.Compile(new Adam(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        History history = own.Fit(X, Y, FitModels.Silent(epochs: 4, batchSize: 8)), expected = graph.Fit(X, Y, FitModels.Silent(epochs: 4, batchSize: 8));
        Assert.Equal(expected["loss"], history["loss"]);
        Assert.Equal(graph.GetWeight("gate/kernel").Value.AsSpan().ToArray(), own.GetWeight("gate/kernel").Value.AsSpan().ToArray());
        Assert.Equal(graph.Predict(X).AsSpan().ToArray(), own.Predict(X).AsSpan().ToArray());
        Assert.Equal(graph.Evaluate(X, Y).Loss, own.Evaluate(X, Y).Loss);
        Assert.Equal("(None, 1)", own.OutputShape.ToString());
    }

    [Fact]
    public void Training_given_at_a_call_holds_for_that_call_and_what_is_inside()
    {
        Tensor<float> ones = Tensor.Full(1f, 4, 50);
        var model = new AlwaysDropping();
        IReadOnlyList<Tensor<float>> outputs = model.PredictMany([ones]);
        Assert.Equal(ones.ToArray(), outputs[0].ToArray());
        Assert.Contains(0f, outputs[1].ToArray());
        Assert.Contains(0f, outputs[2].ToArray());
        Assert.Equal(ones.ToArray(), outputs[3].ToArray());
    }

    [Fact]
    public void Its_code_may_decide_by_the_numbers_it_sees()
    {
        var model = new Deciding();
        Assert.Equal(2f, model.Predict(Tensor.From(new[,] { { 1f } }))[0, 0]);
        Assert.Equal(3f, model.Predict(Tensor.From(new[,] { { -1f } }))[0, 0]);
    }

    [Fact]
    public void Saving_is_refused_with_the_way_out_and_weights_are_saved()
    {
        string whole = CallbackModels.TemporaryFile("model.flatfuse"), weights = CallbackModels.TemporaryFile("weights.safetensors");
        var model = new Gated { Seed = 5 };
        float[] predicted = model.Predict(X).AsSpan().ToArray();
        var error = Assert.Throws<NotSupportedException>(() => model.Save(whole));
        Assert.Contains("SaveWeights", error.Message);
        Assert.False(File.Exists(whole));
        Assert.Throws<NotSupportedException>(() => model.ToJson());
        model.SaveWeights(weights);
        var other = new Gated();
        other.Predict(X);
        other.LoadWeights(weights);
        Assert.Equal(predicted, other.Predict(X).AsSpan().ToArray());
    }

    [Fact]
    public void It_is_a_layer_like_any_other()
    {
        var gated = new Gated("gated");
        var outer = new Sequential(Input.Of([4]), gated, new Dense(2));
        Assert.Equal("(None, 2)", outer.OutputShape.ToString());
        outer.Compile(new SGD(), Loss.MeanSquaredError);
        float[] before = gated.GetWeight("hidden/kernel").Value.AsSpan().ToArray();
        outer.Fit(X, Tensor.Zeros<float>(20, 2), FitModels.Silent());
        Assert.NotEqual(before, outer.GetWeight("gated/hidden/kernel").Value.AsSpan().ToArray());
        Assert.Throws<NotSupportedException>(() => outer.ToJson());
    }

    [Fact]
    public void Several_outputs_have_names()
    {
        var model = new TwoHeads();
        model.PredictMany([X]);
        model.Compile(new SGD(), new Dictionary<string, Loss> { ["output_1"] = Loss.MeanSquaredError, ["output_2"] = Loss.MeanAbsoluteError });
        History history = model.Fit(X, [Y, Tensor.Zeros<float>(20, 2)], FitModels.Silent());
        Assert.Equal(["loss", "output_1_loss", "output_2_loss"], history.Keys);
    }

    [Fact]
    public void Its_summary_lists_the_registered_layers()
    {
        var model = new Gated();
        model.Predict(X);
        var text = new StringWriter();
        ModelSummary summary = model.Summary(text);
        Assert.Equal((4 * 5 + 5) * 2 + 6, summary.TotalParameters);
        Assert.Contains("hidden", text.ToString());
    }

    [Fact]
    public void A_number_that_is_not_finite_is_traced_to_its_layer()
    {
        var guard = new TerminateOnNaN();
        var model = new Gated();
        model.Predict(X);
        model.GetWeight("gate/bias").Value[2] = float.NaN;
        model.Compile(new SGD(), Loss.MeanSquaredError);
        CallbackModels.Fit(model, 1, guard);
        Assert.Contains("the output of layer 'gate' is not finite", guard.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stateful_layer_begins_with_zeros_after_the_shapes_are_found(bool nested)
    {
        Tensor<float> sequences = RandomSource.FromSeed(3).Normal(0, 1, 4, 5, 2);
        var model = new Remembering(nested);
        float[] first = model.Predict(sequences).AsSpan().ToArray();
        Assert.NotEqual(first, model.Predict(sequences).AsSpan().ToArray());
        model.ResetStates();
        Assert.Equal(first, model.Predict(sequences).AsSpan().ToArray());
    }

    private sealed class Remembering : SubclassedModel
    {
        private readonly Layer _memory;

        public Remembering(bool nested)
        {
            var recurrent = new LSTM(3) { Stateful = true };
            _memory = Register<Layer>(nested ? new Bidirectional(recurrent) : recurrent);
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context) => _memory.Apply(inputs[0]);
    }

    private sealed class Gated : SubclassedModel
    {
        private readonly Dense _hidden;
        private readonly Dense _gate;
        private readonly Dense _score;

        public Gated(string? name = null)
            : base(name)
        {
            _hidden = Register(new Dense(5, Activation.Tanh) { Name = "hidden" });
            _gate = Register(new Dense(5, Activation.Sigmoid) { Name = "gate" });
            _score = Register(new Dense(1) { Name = "score" });
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context)
            => _score.Apply(_hidden.Apply(inputs[0]) * _gate.Apply(inputs[0]));
    }

    private sealed class Deciding : SubclassedModel
    {
        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context)
            => inputs[0].Value.AsSpan()[0] > 0 ? inputs[0] * 2f : inputs[0] * -3f;
    }

    // Plain, dropping in prediction, a stack that drops, and plain again after both.
    private sealed class AlwaysDropping : SubclassedModel
    {
        private readonly Dropout _dropout;
        private readonly Sequential _stack;

        public AlwaysDropping()
        {
            _dropout = Register(new Dropout(0.5));
            _stack = Register(new Sequential([new Dropout(0.5)]));
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context) => CallMany(inputs, context)[0];

        protected override IReadOnlyList<Variable> CallMany(IReadOnlyList<Variable> inputs, CallContext context)
        {
            var training = new CallOptions { Training = true };
            return [_dropout.Apply(inputs[0]), _dropout.Apply(training, inputs[0]), _stack.Apply(training, inputs[0]), _dropout.Apply(inputs[0])];
        }
    }

    private sealed class TwoHeads : SubclassedModel
    {
        private readonly Dense _one;
        private readonly Dense _two;

        public TwoHeads()
        {
            _one = Register(new Dense(1));
            _two = Register(new Dense(2));
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context) => CallMany(inputs, context)[0];

        protected override IReadOnlyList<Variable> CallMany(IReadOnlyList<Variable> inputs, CallContext context) => [_one.Apply(inputs[0]), _two.Apply(inputs[0])];
    }
}
