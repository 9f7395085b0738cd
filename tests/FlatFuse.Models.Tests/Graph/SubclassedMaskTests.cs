using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Models.Tests.Fitting;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Graph;

/// <summary>Masks travel in own code as they do in a graph: the same layers with the same seed give the same bits.</summary>
public sealed class SubclassedMaskTests
{
    private const int Samples = 14, Steps = 6;

    // Rows end with 0 to 5 padded steps; one row is padding altogether.
    private static readonly Tensor<float> Ids = PaddedIds();
    private static readonly Tensor<float> Readings = PaddedReadings();

    public static TheoryData<string> Chains => [.. Cases.Keys];

    private static Dictionary<string, Func<Layer[]>> Cases { get; } = new()
    {
        ["lstm after embedding"] = () => [Words(), new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["lstm of sequences, masked loss"] = () => [Words(), new LSTM(3) { Name = "r", ReturnSequences = true }, new Dense(1) { Name = "d" }],
        ["through layers that keep it"] = () => [Words(), new Dense(5, Activation.Tanh) { Name = "a" }, new Dropout(0.3) { Name = "b" }, new LayerNormalization() { Name = "c" }, new GRU(3) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["time distributed"] = () => [Words(), new TimeDistributed(new Dense(3) { Name = "i" }) { Name = "t" }, new SimpleRNN(2) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["bidirectional of sequences"] = () => [Words(), new Bidirectional(new LSTM(2) { Name = "r", ReturnSequences = true }) { Name = "b" }, new Dense(1) { Name = "d" }],
        ["bidirectional"] = () => [Words(), new Bidirectional(new GRU(2) { Name = "r" }, MergeMode.Sum) { Name = "b" }, new Dense(1) { Name = "d" }],
        ["average pooling"] = () => [Words(), new GlobalAveragePooling1D() { Name = "p" }, new Dense(1) { Name = "d" }],
        ["flatten drops it"] = () => [Words(), new Flatten() { Name = "f" }, new Reshape([Steps, 4]) { Name = "s" }, new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["convolution drops it"] = () => [Words(), new Conv1D(3, 2) { Name = "c", Padding = Padding.Same }, new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["nested stack"] = () => [new Sequential([Words(), new Dense(3) { Name = "i" }]) { Name = "n" }, new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }],
        ["recurrent dropout"] = () => [Words(), new LSTM(3) { Name = "r", RecurrentDropout = 0.3 }, new Dense(1) { Name = "d" }],
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_chain_of_layers_gives_the_bits_of_the_same_stack(string chain)
        => SameBits(new Chain(Cases[chain]()) { Seed = 3 }, new Sequential([Input.Of([Steps]), .. Cases[chain]()]) { Seed = 3 }, Ids);

    [Fact]
    public void Masking_of_readings_reaches_a_later_layer()
    {
        static Layer[] Layers() => [new Masking() { Name = "m" }, new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }];
        SameBits(new Chain(Layers()) { Seed = 3 }, new Sequential([Input.Of([Steps, 2]), .. Layers()]) { Seed = 3 }, Readings);
    }

    [Fact]
    public void Merging_and_attention_see_the_masks_of_all_inputs()
    {
        var input = Input.Of([Steps]);
        SymbolicTensor words = Words().Apply(input), other = new Embedding(9, 4) { Name = "e2", MaskZero = true }.Apply(input);
        SymbolicTensor sum = new Add { Name = "s" }.Apply(words, other), seen = new Attention { Name = "q" }.Apply(sum, words);
        var graph = new Model(input, new Dense(1) { Name = "d" }.Apply(new LSTM(2) { Name = "r" }.Apply(seen))) { Seed = 3 };
        SameBits(new Attentive { Seed = 3 }, graph, Ids);
    }

    [Fact]
    public void A_mask_enters_from_the_graph_around_and_leaves_to_it()
    {
        Sequential Around(Layer middle) => new([Input.Of([Steps]), Words(), middle, new LSTM(2) { Name = "r" }, new Dense(1) { Name = "d" }]) { Seed = 3 };
        static Layer[] Inside() => [new Dense(3) { Name = "i" }, new Activation(Activation.Tanh) { Name = "t" }];
        Sequential plain = Around(new Sequential(Inside()) { Name = "c" });
        SameBits(Around(new Chain(Inside(), "c")), plain, Ids);
        SameBits(Around(new OwnLayer(Inside()) { Name = "c" }), plain, Ids);
    }

    [Fact]
    public void A_layer_that_no_shape_asked_for_is_made_at_its_first_call()
    {
        var model = new Sequential([Input.Of([Steps]), Words(), new Unprepared(), new GlobalAveragePooling1D()]);
        Assert.Equal(4, model.Predict(Ids).Shape[1]);
    }

    [Fact]
    public void A_layer_called_inside_a_lambda_sees_the_mask()
    {
        var pool = new GlobalAveragePooling1D();
        var own = new Sequential([Input.Of([Steps]), Words(), new Lambda((Variable x) => pool.Apply(x))]) { Seed = 3 };
        var plain = new Sequential([Input.Of([Steps]), Words(), new GlobalAveragePooling1D()]) { Seed = 3 };
        Assert.Equal(plain.Predict(Ids).AsSpan().ToArray(), own.Predict(Ids).AsSpan().ToArray());
    }

    [Fact]
    public void Operations_drop_a_mask_and_code_may_carry_it_on()
    {
        Layer[] layers = [Words(), new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }];
        Tensor<float> masked = new Chain(layers) { Seed = 3 }.Predict(Ids);
        float[] dropped = new Doubling(layers, carries: false) { Seed = 3 }.Predict(Ids).AsSpan().ToArray();
        float[] carried = new Doubling(layers, carries: true) { Seed = 3 }.Predict(Ids).AsSpan().ToArray();
        Assert.NotEqual(dropped, carried);
        // Doubled and halved: exact in floating point.
        Assert.Equal(masked.AsSpan().ToArray(), carried);
        var table = new Sequential([Input.Of([Steps]), new Embedding(9, 4) { Name = "e" }, new LSTM(3) { Name = "r" }, new Dense(1) { Name = "d" }]) { Seed = 3 };
        Assert.Equal(table.Predict(Ids).AsSpan().ToArray(), dropped);
    }

    [Fact]
    public void A_value_without_a_mask_keeps_none_when_a_layer_returns_it_under_one()
    {
        var context = new CallContext();
        Variable x = context.Constant(Tensor.Zeros<float>(2, Steps, 3));
        Variable mask = context.Constant(Tensor.Full(1f, 2, Steps));
        Variable y = new Naming(mask).Apply(x);
        Assert.Null(x.Mask);
        Assert.Same(mask, y.Mask);
        Assert.NotSame(x, y);
        var parameter = new Parameter("w", [2]);
        Assert.Throws<InvalidOperationException>(() => parameter.Mask = mask);
    }

    private static void SameBits(Model own, Model graph, Tensor<float> x)
    {
        graph.Predict(x);
        int[] shape = own.Predict(x).Shape.ToArray();
        // An inner model of own code draws its weights by itself.
        foreach (NamedWeight weight in graph.Weights)
            own.GetWeight(weight.Path).Assign(weight.Parameter.Value.Clone());
        Tensor<float> y = RandomSource.FromSeed(5).Normal(0, 1, shape);
        Assert.Equal(graph.Predict(x).AsSpan().ToArray(), own.Predict(x).AsSpan().ToArray());
        own.Compile(new Adam(0.01), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        graph.Compile(new Adam(0.01), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        Assert.Equal(graph.Evaluate(x, y).Loss, own.Evaluate(x, y).Loss);
        if (!Dropping(graph))
        {
            // Four epochs over batches of 5, 5, 4: eager, captured and replayed steps of the graph.
            History history = own.Fit(x, y, FitModels.Silent(epochs: 4, batchSize: 5)), expected = graph.Fit(x, y, FitModels.Silent(epochs: 4, batchSize: 5));
            Assert.Equal(expected["loss"], history["loss"]);
            Assert.Equal(expected[expected.Keys[1]], history[expected.Keys[1]]);
            Assert.Equal(graph.Predict(x).AsSpan().ToArray(), own.Predict(x).AsSpan().ToArray());
        }
    }

    // Dropout draws by the path of its layer, which the code's own scope is part of: only inference is compared.
    private static bool Dropping(Model model)
        => model.Layers.Any(layer => layer is Dropout or LSTM { RecurrentDropout: > 0 });

    private static Embedding Words() => new(9, 4) { Name = "e", MaskZero = true };

    private static Tensor<float> PaddedIds()
    {
        Tensor<float> ids = Tensor.Zeros<float>(Samples, Steps);
        for (int i = 0; i < Samples; i++)
        {
            for (int t = 0; t < Steps - (i % (Steps + 1)); t++)
                ids[i, t] = 1 + ((i * 5 + t * 3) % 8);
        }
        return ids;
    }

    private static Tensor<float> PaddedReadings()
    {
        Tensor<float> readings = RandomSource.FromSeed(4).Normal(0, 1, Samples, Steps, 2);
        for (int i = 0; i < Samples; i++)
        {
            for (int t = Steps - (i % (Steps + 1)); t < Steps; t++)
                (readings[i, t, 0], readings[i, t, 1]) = (0f, 0f);
        }
        return readings;
    }

    private sealed class Chain : SubclassedModel
    {
        private readonly Layer[] _layers;

        public Chain(Layer[] layers, string? name = null)
            : base(name)
        {
            _layers = layers;
            foreach (Layer layer in layers)
                Register(layer);
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context)
        {
            Variable x = inputs[0];
            foreach (Layer layer in _layers)
                x = layer.Apply(x);
            return x;
        }
    }

    private sealed class Doubling : SubclassedModel
    {
        private readonly Layer[] _layers;
        private readonly bool _carries;

        public Doubling(Layer[] layers, bool carries)
        {
            (_layers, _carries) = (layers, carries);
            foreach (Layer layer in layers)
                Register(layer);
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context)
        {
            Variable words = _layers[0].Apply(inputs[0]), x = words * 2f * 0.5f;
            Assert.NotNull(words.Mask);
            Assert.Null(x.Mask);
            if (_carries)
                x.Mask = words.Mask;
            return _layers[2].Apply(_layers[1].Apply(x));
        }
    }

    private sealed class Attentive : SubclassedModel
    {
        private readonly Layer _words, _others, _sum, _attention, _reader, _score;

        public Attentive()
        {
            _words = Register(Words());
            _others = Register(new Embedding(9, 4) { Name = "e2", MaskZero = true });
            _sum = Register(new Add { Name = "s" });
            _attention = Register(new Attention { Name = "q" });
            _reader = Register(new LSTM(2) { Name = "r" });
            _score = Register(new Dense(1) { Name = "d" });
        }

        protected override Variable Call(IReadOnlyList<Variable> inputs, CallContext context)
        {
            Variable words = _words.Apply(inputs[0]), sum = _sum.Apply(words, _others.Apply(inputs[0]));
            return _score.Apply(_reader.Apply(_attention.Apply(sum, words)));
        }
    }

    private sealed class OwnLayer(Layer[] layers) : Layer
    {
        public override IReadOnlyList<Layer> Sublayers { get; } = layers;

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
        {
            SymbolicShape shape = inputShapes[0];
            foreach (Layer layer in Sublayers)
                shape = ShapeThrough(layer, shape);
            return shape;
        }

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        {
            Variable x = inputs[0].Variable;
            foreach (Layer layer in Sublayers)
                x = layer.Apply(x);
            return x;
        }
    }

    private sealed class Unprepared : Layer
    {
        private readonly Dense _dense = new(4);

        public override IReadOnlyList<Layer> Sublayers => [_dense];

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => _dense.Apply(inputs[0].Variable);
    }

    private sealed class Naming(Variable mask) : Layer
    {
        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => new(inputs[0].Variable, mask);
    }
}
