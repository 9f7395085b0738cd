using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Data;

/// <summary>Preprocessing layers inside models: what they learned stays through making, training, saving and loading.</summary>
public sealed class PreprocessingLayerTests
{
    private static readonly Tensor<float> Data = Tensor.From(new float[,] { { 1, 10 }, { 3, 20 }, { 5, 30 }, { 7, 40 } });

    [Fact]
    public void Adapted_statistics_stay_in_a_model_whatever_its_seed_and_after_loading()
    {
        var scaler = new Normalization();
        scaler.Adapt(Data);
        var model = new Sequential(Input.Of([2]), scaler, new Dense(1)) { Seed = 9 };
        Assert.Equal([4f, 25f], scaler.Parameters[0].Value.AsSpan().ToArray());
        Assert.Equal([5f, 125f], scaler.Parameters[1].Value.AsSpan().ToArray());
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        model.Fit(Data, Tensor.From(new float[,] { { 1 }, { 2 }, { 3 }, { 4 } }), new FitOptions { Epochs = 20, Verbosity = Verbosity.Silent });
        Assert.Equal([4f, 25f], scaler.Parameters[0].Value.AsSpan().ToArray());

        string path = Path.Combine(Path.GetTempPath(), $"flatfuse-{Guid.NewGuid():N}.zip");
        try
        {
            model.Save(path);
            Assert.Equal(model.Predict(Data).AsSpan().ToArray(), Model.Load(path).Predict(Data).AsSpan().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
        // Adapted again, the compiled model follows.
        float[] before = model.Predict(Data).AsSpan().ToArray();
        scaler.Adapt(Tensor.From(new float[,] { { 0, 0 }, { 100, 100 } }));
        Assert.NotEqual(before, model.Predict(Data).AsSpan().ToArray());
    }

    [Fact]
    public void Categories_and_intervals_feed_a_fused_model()
    {
        var ids = Input.Of([1], name: "ids", dtype: DType.Int32);
        var number = Input.Of([1], name: "number");
        var bins = new Discretization(2) { OutputMode = CategoryMode.OneHot };
        bins.Adapt(Tensor.From([1f, 2f, 3f, 4f]));
        SymbolicTensor joined = new Concatenate().Apply(new CategoryEncoding(3, CategoryMode.OneHot).Apply(ids), bins.Apply(number));
        var model = new Model([ids, number], joined);
        Assert.Equal("(None, 5)", model.OutputShape.ToString());
        Tensor<int> categories = Tensor.From(new[,] { { 2 }, { 0 } });
        Tensor<float> numbers = Tensor.From(new float[,] { { -5 }, { 50 } });
        float[] expected = [0, 0, 1, 1, 0, 1, 0, 0, 0, 1];
        Assert.Equal(expected, model.Predict([categories, numbers]).AsSpan().ToArray());
        Assert.Equal(expected, Model.FromJson(model.ToJson(ArchitectureDialect.Keras3)).Predict([categories, numbers]).AsSpan().ToArray());
        Assert.Contains("from 0 to 2", Assert.Throws<ArgumentException>(() => model.Predict([Tensor.From(new[,] { { 3 } }), Tensor.From(new float[,] { { 0 } })])).Message);
    }
}
