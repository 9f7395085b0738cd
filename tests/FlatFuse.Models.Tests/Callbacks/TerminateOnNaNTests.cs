using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class TerminateOnNaNTests
{
    [Fact]
    public void The_first_layer_with_a_bad_output_is_named_and_nothing_is_updated()
    {
        var guard = new TerminateOnNaN();
        var model = new Sequential(Input.Of([4]), new Dense(4) { Name = "good" }, new Function("logarithm", VariableOps.Log), new Dense(1) { Name = "after" });
        model.Compile(new SGD(), Loss.MeanSquaredError);
        int[] before = FitModels.Bits(model);
        var output = new StringWriter();
        History history = model.Fit(CallbackModels.X, CallbackModels.Y, new FitOptions { Epochs = 5, BatchSize = 8, Output = output, Callbacks = [guard] });
        Assert.Equal("Epoch 1, batch 1: the output of layer 'logarithm' is not finite; training ends before this batch's update.", guard.Reason);
        Assert.Contains("'logarithm'", output.ToString());
        Assert.Equal(1, history.Epochs);
        Assert.Equal(before, FitModels.Bits(model));
    }

    [Fact]
    public void A_layer_inside_a_model_is_named_by_its_path()
    {
        var guard = new TerminateOnNaN();
        var inner = new Sequential(Input.Of([4]), new Dense(4), new Function("logarithm", VariableOps.Log)) { Name = "inner" };
        var model = new Sequential(Input.Of([4]), inner, new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        CallbackModels.Fit(model, 1, guard);
        Assert.Contains("the output of layer 'inner/logarithm'", guard.Reason);
    }

    [Fact]
    public void A_bad_gradient_under_a_finite_loss_is_found_too()
    {
        // The root of 0 is 0, its slope is not finite.
        var guard = new TerminateOnNaN();
        var model = new Sequential(Input.Of([4]), new Dense(3) { Name = "first" }, new Function("root", x => VariableOps.Sqrt(VariableOps.Square(x) * 0f)), new Dense(1) { Name = "last" });
        model.Compile(new SGD(), Loss.MeanSquaredError);
        CallbackModels.Fit(model, 3, guard);
        Assert.Contains("the gradient at the output of layer 'first'", guard.Reason);
        Assert.DoesNotContain(model.GetWeight("first/kernel").Value.AsSpan().ToArray(), float.IsNaN);
    }

    [Fact]
    public void Bad_data_are_named_by_input_and_batch()
    {
        Tensor<float> x = CallbackModels.X.Clone();
        x[20, 1] = float.NaN;
        var guard = new TerminateOnNaN();
        Sequential model = CallbackModels.Line();
        model.Fit(x, CallbackModels.Y, new FitOptions { BatchSize = 8, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [guard] });
        Assert.Contains("batch 3: the data of input 'input_layer' are not finite", guard.Reason);
        Assert.DoesNotContain(model.GetWeight("dense/kernel").Value.AsSpan().ToArray(), float.IsNaN);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Moving_statistics_stay_as_the_last_good_step_left_them(bool nested)
    {
        Tensor<float> x = CallbackModels.X.Clone();
        x[20, 1] = float.NaN;
        Sequential expected = Normalized(nested), model = Normalized(nested);
        expected.Fit(x[..16], CallbackModels.Y[..16], FitModels.Silent(batchSize: 8, shuffle: false));
        var guard = new TerminateOnNaN();
        model.Fit(x, CallbackModels.Y, new FitOptions { BatchSize = 8, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [guard] });
        Assert.Contains("batch 3", guard.Reason);
        Assert.Equal(FitModels.Bits(expected), FitModels.Bits(model));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void Recurrent_states_stay_as_the_last_good_step_left_them(int good)
    {
        Tensor<float> x = RandomSource.FromSeed(4).Normal(0, 1, 24, 3, 2), y = RandomSource.FromSeed(5).Normal(0, 1, 24, 1);
        Tensor<float> spoilt = x.Clone();
        spoilt[good + 4, 1, 1] = float.NaN;
        Sequential expected = Remembering(), model = Remembering();
        if (good > 0)
            expected.Fit(x[..good], y[..good], FitModels.Silent(batchSize: 8, shuffle: false));
        var guard = new TerminateOnNaN();
        model.Fit(spoilt, y, new FitOptions { BatchSize = 8, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [guard] });
        Assert.Contains($"batch {1 + good / 8}", guard.Reason);
        Assert.Equal(FitModels.Bits(expected), FitModels.Bits(model));
        // What both remember decides what they predict next.
        Assert.Equal(expected.Predict(x[..8]).AsSpan().ToArray(), model.Predict(x[..8]).AsSpan().ToArray());

        static Sequential Remembering()
        {
            var model = new Sequential(Input.Of([3, 2]), new LSTM(3) { Stateful = true, ReturnSequences = true }, new Bidirectional(new GRU(2) { Stateful = true }), new Dense(1)) { Seed = 6 };
            model.Compile(new SGD(0.1), Loss.MeanSquaredError);
            return model;
        }
    }

    [Fact]
    public void The_search_for_a_bad_layer_leaves_moving_statistics_alone()
    {
        var guard = new TerminateOnNaN();
        var model = new Sequential(Input.Of([4]), new BatchNormalization(), new Function("logarithm", VariableOps.Log), new BatchNormalization(), new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        int[] before = FitModels.Bits(model);
        CallbackModels.Fit(model, 1, guard);
        Assert.Contains("'logarithm'", guard.Reason);
        Assert.Equal(before, FitModels.Bits(model));
    }

    [Fact]
    public void A_good_training_is_left_alone()
    {
        var guard = new TerminateOnNaN();
        Sequential guarded = CallbackModels.Line(), free = CallbackModels.Line();
        CallbackModels.Fit(guarded, 3, guard);
        CallbackModels.Fit(free, 3);
        Assert.Null(guard.Reason);
        Assert.Equal(FitModels.Bits(free), FitModels.Bits(guarded));
    }

    [Fact]
    public void A_penalty_that_overflows_is_not_blamed_on_a_layer()
    {
        var guard = new TerminateOnNaN();
        // Squares of 1e25 are beyond float; times inputs of 0 every output stays finite.
        var model = new Sequential(Input.Of([4]), new Dense(1) { KernelInitializer = new Constant(1e25), KernelRegularizer = new L2(0.1) });
        model.Compile(new SGD(), Loss.MeanSquaredError);
        model.Fit(Tensor.Zeros<float>(8, 4), CallbackModels.Y[..8], new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [guard] });
        Assert.Contains("a penalty or an added loss is not finite", guard.Reason);
    }

    private static Sequential Normalized(bool nested)
    {
        Layer normalization = new BatchNormalization { Name = "normalization" };
        if (nested)
            normalization = new Sequential(Input.Of([4]), normalization) { Name = "inner" };
        var model = new Sequential(Input.Of([4]), normalization, new Dense(1) { Name = "score" });
        model.Compile(new SGD(), Loss.MeanSquaredError);
        return model;
    }

    private sealed class Function : Layer
    {
        private readonly Func<Variable, Variable> _function;

        public Function(string name, Func<Variable, Variable> function)
        {
            Name = name;
            _function = function;
        }

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => _function(inputs[0].Variable);
    }
}
