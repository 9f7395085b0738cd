using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class RecurrentModelTests
{
    [Fact]
    public void Every_recurrent_layer_learns_with_masks_and_dropout_and_is_read_again()
    {
        Model model = Stack();
        (Tensor x, Tensor<float> y) = Data(24);
        model.Compile(new Adam(0.02), Loss.BinaryCrossentropy);
        History history = model.Fit(x, y, FitModels.Silent(epochs: 25, batchSize: 8));
        Assert.True(history["loss"][^1] < 0.6 * history["loss"][0], $"{history["loss"][0]} … {history["loss"][^1]}");
        string path = Path.GetTempFileName();
        try
        {
            model.Save(path);
            Model loaded = Model.Load(path);
            Assert.Equal(model.Predict(x).AsSpan().ToArray(), loaded.Predict(x).AsSpan().ToArray());
            Assert.Equal(model.ToJson(), loaded.ToJson());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        float[][] weights = [.. new int?[] { 1, 2, 3 }.Select(threads =>
        {
            Model model = Stack(threads);
            (Tensor x, Tensor<float> y) = Data(40);
            model.Compile(new Adam(0.02), Loss.BinaryCrossentropy);
            model.Fit(x, y, FitModels.Silent(epochs: 2, batchSize: 16));
            return model.Weights.SelectMany(weight => weight.Parameter.Value.Clone().AsSpan().ToArray()).ToArray();
        })];
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(weights[0], weights[2]);
    }

    [Fact]
    public void A_steady_step_allocates_next_to_nothing()
    {
        Model model = Stack();
        (Tensor x, Tensor<float> y) = Data(96);
        model.Compile(new Adam(0.02), Loss.BinaryCrossentropy);
        var meter = new LeastStep();
        model.Fit(x, y, new FitOptions { BatchSize = 8, Verbosity = Verbosity.Silent, Callbacks = [meter] });
        // A replayed step makes no object; the bound is what the loop's bookkeeping may cost.
        Assert.InRange(meter.Bytes, 0, 16 * 1024);
    }

    [Fact]
    public void A_stateful_model_begins_anew_after_ResetStates()
    {
        var inner = new Sequential(Input.Of([3, 2], batchSize: 2), new Bidirectional(new GRU(4) { Stateful = true, ReturnSequences = true }));
        var model = new Sequential(Input.Of([3, 2], batchSize: 2), inner, new SimpleRNN(2) { Stateful = true });
        Tensor<float> x = RandomSource.FromSeed(3).Normal(0, 1, 2, 3, 2);
        float[] first = model.Predict(x).AsSpan().ToArray();
        Assert.NotEqual(first, model.Predict(x).AsSpan().ToArray());
        model.ResetStates();
        Assert.Equal(first, model.Predict(x).AsSpan().ToArray());
    }

    [Fact]
    public void A_model_over_a_cell_of_its_user_trains_eagerly_and_names_the_cell_when_saved()
    {
        var model = new Sequential(Input.Of([4, 3]), new RNN(new DecayCell()), new Dense(1));
        Tensor<float> x = RandomSource.FromSeed(4).Normal(0, 1, 16, 4, 3);
        Tensor<float> y = Tensor.Zeros<float>(16, 1);
        for (int i = 0; i < 16; i++)
            y[i, 0] = 2 * x[i, 0, 0] - x[i, 3, 1];
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);
        History history = model.Fit(x, y, FitModels.Silent(epochs: 40, batchSize: 8));
        Assert.True(history["loss"][^1] < 0.5 * history["loss"][0], $"{history["loss"][0]} … {history["loss"][^1]}");
        Assert.Contains("rnn/decay_cell/decay", model.Weights.Select(weight => weight.Path));
        Assert.Contains("DecayCell", Assert.Throws<NotSupportedException>(() => model.ToJson()).Message);
    }

    private static Model Stack(int? threads = null)
    {
        var ids = Input.Of([6], name: "ids", dtype: DType.Int32);
        var x = new Embedding(12, 5) { MaskZero = true }.Apply(ids);
        x = new Bidirectional(new GRU(4) { ReturnSequences = true, Dropout = 0.1 }).Apply(x);
        x = new Bidirectional(new SimpleRNN(4) { ReturnSequences = true }, MergeMode.Sum).Apply(x);
        x = new GRU(5) { ResetAfter = false, ReturnSequences = true, RecurrentDropout = 0.1 }.Apply(x);
        x = new RNN(new SimpleRNNCell(4)) { ReturnSequences = true }.Apply(x);
        x = new LSTM(4).Apply(x);
        return new Model(ids, new Dense(1, Activation.Sigmoid).Apply(x)) { Threads = threads, PoisonsMemory = true };
    }

    // The label says whether id 3 occurs; the ends are padding.
    private static (Tensor X, Tensor<float> Y) Data(int samples)
    {
        Tensor<int> ids = RandomSource.FromSeed(7).Integers(1, 12, samples, 6);
        Tensor<float> y = Tensor.Zeros<float>(samples, 1);
        for (int i = 0; i < samples; i++)
        {
            ids[i, 1] = i % 2 == 0 ? 3 : 4;
            for (int t = 0; t < 6; t++)
            {
                if (t != 1 && ids[i, t] == 3)
                    ids[i, t] = 5;
                if (t > 2 + (i % 4))
                    ids[i, t] = 0;
            }
            y[i, 0] = i % 2 == 0 ? 1 : 0;
        }
        return (ids, y);
    }

    private sealed class LeastStep : Callback
    {
        private long _last;
        private int _count;

        public long Bytes { get; private set; } = long.MaxValue;

        public override void OnBatchEnd(TrainingProgress progress)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (_count++ > 2)
                Bytes = Math.Min(Bytes, now - _last);
            _last = now;
        }
    }

    // s' = decay s + x.
    private sealed class DecayCell : RecurrentCell
    {
        private Parameter? _decay;

        public override IReadOnlyList<int> StateSizes => [3];

        public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
        {
            Variable next = states[0] * _decay! + x;
            return (next, [next]);
        }

        protected override void Build(IReadOnlyList<SymbolicShape> inputShapes) => _decay = AddWeight("decay", [3], new Constant(0.9));
    }
}
