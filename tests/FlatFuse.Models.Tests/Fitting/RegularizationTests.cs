using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

/// <summary>Penalties reach loss, gradients and evaluation, and nothing else; constraints hold after every step.</summary>
public sealed class RegularizationTests
{
    private static readonly Tensor<float> X = Tensor.From(new float[,] { { 1, 2 }, { 3, -1 } });
    private static readonly Tensor<float> Y = Tensor.From(new float[,] { { 1 }, { 0 } });

    [Fact]
    public void A_penalty_is_part_of_the_loss_of_training_and_evaluation_but_not_of_a_prediction()
    {
        Sequential plain = Line(), penalised = Line(regularizer: new L2(0.25));
        double penalty = 0.25 * (0.25 + 1);
        Assert.Equal(plain.Evaluate([X], [Y]).Loss + penalty, penalised.Evaluate([X], [Y]).Loss, 1e-6);
        Assert.Equal(plain.Predict(X).ToArray(), penalised.Predict(X).ToArray());
        Assert.Equal(plain.TrainOnBatch(X, Y).Loss + penalty, penalised.TrainOnBatch(X, Y).Loss, 1e-6);
        // One step of SGD at rate 0.1: the penalty pulls by 0.1 · 2 · 0.25 · w.
        ReadOnlySpan<float> free = Kernel(plain).AsSpan(), pulled = Kernel(penalised).AsSpan();
        Assert.Equal(free[0] - (0.05f * 0.5f), pulled[0], 1e-6f);
        Assert.Equal(free[1] + (0.05f * 1f), pulled[1], 1e-6f);
    }

    [Fact]
    public void The_loss_of_an_epoch_holds_the_penalty_of_each_step()
    {
        Sequential model = Line(regularizer: new L1(0.5));
        var losses = new List<double>();
        History history = model.Fit(X, Y, new FitOptions { BatchSize = 1, Epochs = 2, Shuffle = false, Verbosity = Verbosity.Silent, Callbacks = [new Recorder(losses)] });
        Assert.Equal((losses[0] + losses[1]) / 2, history["loss"][0], 1e-6);
        Assert.Equal(losses[0], Line().Evaluate([X[..1, ..]], [Y[..1, ..]]).Loss + (0.5 * 1.5), 1e-6);
    }

    [Fact]
    public void A_frozen_weight_is_not_penalised()
    {
        Sequential model = Line(regularizer: new L2(0.25));
        model.Layers[0].Trainable = false;
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        Assert.Equal(Line().Evaluate([X], [Y]).Loss, model.Evaluate([X], [Y]).Loss, 1e-6);
    }

    [Fact]
    public void A_shared_layer_is_penalised_once()
    {
        var input = Input.Of([2]);
        var shared = new Dense(2) { KernelRegularizer = new L2(0.5), KernelInitializer = new Identity(), UseBias = false };
        var model = new Model(input, shared.Apply(shared.Apply(input)));
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        Tensor<float> zeros = Tensor.Zeros<float>(3, 2);
        Assert.Equal(0.5 * 2, model.Evaluate([zeros], [zeros]).Loss, 1e-6);
    }

    [Fact]
    public void Activities_are_penalised_by_the_sample_and_in_nested_models_too()
    {
        var inner = new Sequential(Input.Of([2]), new ActivityRegularization(l2: 0.1));
        var model = new Sequential(Input.Of([2]), inner, new Dense(1) { KernelInitializer = new Constant(1), ActivityRegularizer = new L1(1) });
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        // Predictions 3 and 2: mean square 4, their L1 (3 + 2) / 2, and the L2 of the inner model's inputs 0.1 · 15 / 2.
        Assert.Equal(4 + 2.5 + 0.75, model.Evaluate([X], [Y]).Loss, 1e-5);
    }

    [Fact]
    public void A_layer_of_your_own_adds_to_the_loss_and_its_gradient_arrives()
    {
        var model = new Sequential(Input.Of([2]), new Dense(1) { KernelInitializer = new Constant(1), UseBias = false }, new Modest());
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        // Predictions 3 and 2: errors 2 and 2, mean square 4, and 0.01 · (3 + 2) from the layer.
        Assert.Equal(4.05, model.TrainOnBatch(X, Y).Loss, 1e-5);
        // d/dw of the square: mean of 2 · 2 · x; of the layer: 0.01 · Σ x.
        Tensor<float> kernel = Kernel(model);
        Assert.Equal(1 - (0.1 * ((2 * (1 + 3)) + (0.01 * 4))), kernel[0, 0], 1e-5);
        Assert.Equal(1 - (0.1 * ((2 * (2 - 1)) + (0.01 * 1))), kernel[1, 0], 1e-5);
    }

    [Fact]
    public void Constraints_hold_after_every_step()
    {
        Sequential model = Line(constraint: new UnitNorm());
        model.Fit(X, Y, new FitOptions { Epochs = 3, BatchSize = 1, Verbosity = Verbosity.Silent });
        Tensor<float> kernel = Kernel(model);
        Assert.Equal(1, (kernel[0, 0] * kernel[0, 0]) + (kernel[1, 0] * kernel[1, 0]), 1e-5f);
        Sequential positive = Line(constraint: new NonNegative());
        positive.TrainOnBatch(X, Y);
        Assert.All(Kernel(positive).ToArray(), weight => Assert.True(weight >= 0));
    }

    [Fact]
    public void Rules_survive_saving()
    {
        Sequential model = Line(regularizer: new L2(0.25), constraint: new MaxNorm(3, 0));
        var read = (Sequential)Model.FromJson(model.ToJson());
        var dense = (Dense)read.Layers[0];
        Assert.Equal(0.25, Assert.IsType<L2>(dense.KernelRegularizer).Factor);
        Assert.Equal(3, Assert.IsType<MaxNorm>(dense.KernelConstraint).MaxValue);
    }

    [Fact]
    public void A_model_with_a_Lambda_trains_eagerly_and_refuses_to_be_saved()
    {
        int calls = 0;
        var model = new Sequential(Input.Of([2]), new Dense(1) { KernelInitializer = new Constant(1) }, new Lambda(x =>
        {
            calls++;
            return x * 2f;
        })
        { Name = "twice" });
        model.Compile(new SGD(0.01), Loss.MeanSquaredError);
        int before = calls;
        model.Fit(X, Y, new FitOptions { Epochs = 5, Verbosity = Verbosity.Silent });
        Assert.Equal(before + 5, calls);
        Assert.Contains("'twice' (Lambda)", Assert.Throws<NotSupportedException>(model.ToJson).Message);
    }

    [Theory]
    [InlineData("weight")]
    [InlineData("activity")]
    [InlineData("activity of a nested model")]
    public void A_regularizer_from_outside_is_asked_at_every_step(string where)
    {
        var growing = new Growing();
        Layer regularized = where switch
        {
            "weight" => new Dense(1) { KernelRegularizer = growing },
            "activity" => new Dense(1) { ActivityRegularizer = growing },
            _ => new Sequential(Input.Of([2]), new Dense(1)) { ActivityRegularizer = growing },
        };
        var model = new Sequential(Input.Of([2]), regularized);
        // A rate of zero keeps the weights: only the regularizer's strength changes.
        model.Compile(new SGD(0), Loss.MeanSquaredError);
        int before = growing.Strength;
        History history = model.Fit(X, Y, new FitOptions { Epochs = 3, Verbosity = Verbosity.Silent });
        Assert.Equal(before + 3, growing.Strength);
        IReadOnlyList<double> loss = history["loss"];
        Assert.Equal(loss[1] - loss[0], loss[2] - loss[1], 1e-4);
        Assert.True(loss[1] > loss[0]);
    }

    private static Tensor<float> Kernel(Model model) => model.Weights.First(weight => weight.Path.EndsWith("kernel", StringComparison.Ordinal)).Parameter.Value.Clone();

    // Kernel (0.5, −1), no bias, mean squared error, SGD at rate 0.1.
    private static Sequential Line(Regularizer? regularizer = null, Constraint? constraint = null)
    {
        var model = new Sequential(Input.Of([2]), new Dense(1) { UseBias = false, KernelRegularizer = regularizer, KernelConstraint = constraint });
        model.Weights[0].Parameter.Assign(Tensor.From(new float[,] { { 0.5f }, { -1 } }));
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        return model;
    }

    private sealed class Growing : Regularizer
    {
        public int Strength { get; private set; }

        public override Variable Penalty(Variable x) => VariableOps.Sum(VariableOps.Square(x)) * ++Strength;
    }

    private sealed class Modest : Layer
    {
        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        {
            AddLoss(VariableOps.Abs(inputs[0].Variable) * 0.01f, context);
            return inputs[0];
        }
    }

    private sealed class Recorder(List<double> losses) : Callback
    {
        public override void OnBatchEnd(TrainingProgress progress) => losses.Add(progress.BatchLoss);
    }
}
