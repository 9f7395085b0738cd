using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class DeterminismTests
{
    [Fact]
    public void The_number_of_threads_never_changes_a_bit()
    {
        int[] alone = Train(threads: 1);
        Assert.Equal(alone, Train(threads: 2));
        Assert.Equal(alone, Train(threads: 3));
    }

    /// <summary>S0.1 is large enough that its LSTM, Conv1D and products are cut into many chunks.</summary>
    [Fact]
    public void The_number_of_threads_never_changes_a_bit_of_a_large_step()
    {
        int[] Train(int threads)
        {
            Model model = FitModels.S01(threads);
            FitModels.Compile(model);
            RandomSource random = RandomSource.FromSeed(4);
            model.Fit(
                [random.Derive("text").Normal(0, 1, 80, 50, 128), random.Derive("behavior").Normal(0, 1, 80, 100, 64)],
                random.Derive("labels").Integers(0, 2, 80, 1),
                FitModels.Silent(epochs: 2));
            return FitModels.Bits(model);
        }

        int[] alone = Train(1);
        Assert.Equal(alone, Train(2));
        Assert.Equal(alone, Train(3));
    }

    [Fact]
    public void The_same_seed_trains_to_the_same_bits() => Assert.Equal(Train(threads: 1), Train(threads: 1));

    [Fact]
    public void A_replayed_step_computes_what_an_eager_one_does()
        => Assert.Equal(Train(threads: 1, new Replayed()), Train(threads: 1, new EagerOnly()));

    [Fact]
    public void Memory_that_was_given_back_is_never_read()
    {
        Model model = FitModels.Fused(poison: true, extra: new EagerOnly());
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(50);
        FitModels.Compile(model);
        History history = model.Fit(x, y, FitModels.Silent(epochs: 2, batchSize: 16));
        Assert.True(double.IsFinite(history["loss"][^1]));
        Assert.DoesNotContain(model.Predict(x).AsSpan().ToArray(), float.IsNaN);
    }

    private static int[] Train(int threads, Layer? extra = null)
    {
        Model model = FitModels.Fused(threads, extra: extra);
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(70);
        FitModels.Compile(model);
        model.Fit(x, y, FitModels.Silent(epochs: 3, batchSize: 16));
        return FitModels.Bits(model);
    }

    /// <summary>A layer that changes nothing; from outside the library, so the model that holds it is never replayed.</summary>
    private sealed class EagerOnly : Layer
    {
        public override string ClassName => "Identity";

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => inputs[0];
    }

    // The same function by a layer of the library: Activation(linear) passes its input on.
    private sealed class Replayed : Layer
    {
        private readonly Activation _linear = new(Activation.Linear);

        public override string ClassName => "Identity";

        internal override bool CanReplay => true;

        protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => inputShapes[0];

        protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => _linear.Apply(inputs[0].Variable);
    }
}
