using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Training.Tests;

/// <summary>Every loss with targets and predictions it is meant for, away from kinks and clipping.</summary>
internal static class LossCases
{
    public const int Rows = 5;
    public const int Columns = 4;

    public static IReadOnlyDictionary<string, Loss> All { get; } = new Dictionary<string, Loss>
    {
        ["mse"] = new MeanSquaredError(),
        ["mae"] = new MeanAbsoluteError(),
        ["mape"] = new MeanAbsolutePercentageError(),
        ["msle"] = new MeanSquaredLogarithmicError(),
        ["huber"] = new Huber { Delta = 0.3 },
        ["log cosh"] = new LogCosh(),
        ["bce"] = new BinaryCrossentropy(),
        ["bce smoothed"] = new BinaryCrossentropy { LabelSmoothing = 0.2 },
        ["bce logits"] = new BinaryCrossentropy { FromLogits = true, LabelSmoothing = 0.1 },
        ["binary focal"] = new BinaryFocalCrossentropy { ApplyClassBalancing = true },
        ["binary focal logits"] = new BinaryFocalCrossentropy { FromLogits = true, LabelSmoothing = 0.1, Gamma = 1.5 },
        ["cce"] = new CategoricalCrossentropy(),
        ["cce smoothed"] = new CategoricalCrossentropy { LabelSmoothing = 0.2 },
        ["cce logits"] = new CategoricalCrossentropy { FromLogits = true, LabelSmoothing = 0.1 },
        ["cce logits plain"] = new CategoricalCrossentropy { FromLogits = true },
        ["categorical focal"] = new CategoricalFocalCrossentropy { LabelSmoothing = 0.1 },
        ["categorical focal logits"] = new CategoricalFocalCrossentropy { FromLogits = true, Gamma = 3 },
        ["scce"] = new SparseCategoricalCrossentropy(),
        ["scce ignoring"] = new SparseCategoricalCrossentropy { IgnoreClass = 1 },
        ["scce logits"] = new SparseCategoricalCrossentropy { FromLogits = true },
        ["scce logits ignoring"] = new SparseCategoricalCrossentropy { FromLogits = true, IgnoreClass = 1 },
        ["hinge"] = new Hinge(),
        ["squared hinge"] = new SquaredHinge(),
        ["categorical hinge"] = new CategoricalHinge(),
        ["kl"] = new KLDivergence(),
        ["poisson"] = new Poisson(),
        ["cosine"] = new CosineSimilarity(),
    };

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (string name in All.Keys)
                names.Add(name);
            return names;
        }
    }

    public static Tensor<float> Targets(Loss loss)
    {
        if (loss.TakesClassNumbers)
            return Tensor.From([0f, 1f, 2f, 3f, 2f]);
        var oneHot = new float[Rows * Columns];
        for (int row = 0; row < Rows; row++)
            oneHot[(row * Columns) + (row % Columns)] = 1f;
        float[] values = loss switch
        {
            BinaryCrossentropy or BinaryFocalCrossentropy or CategoricalCrossentropy or CategoricalFocalCrossentropy or CategoricalHinge or Hinge or SquaredHinge => oneHot,
            _ => TestValues.Create(Rows * Columns, seed: 1, 0.05f, 0.95f),
        };
        if (loss is MeanAbsoluteError or MeanAbsolutePercentageError)
            KeepApart(values, Predictions().AsSpan());
        return Tensor.From<float>(values, Rows, Columns);
    }

    public static Tensor<float> Predictions() => Tensor.From<float>(TestValues.Create(Rows * Columns, seed: 2, 0.1f, 0.9f), Rows, Columns);

    // |p − t| has a corner at 0 that no finite difference may straddle.
    private static void KeepApart(Span<float> targets, ReadOnlySpan<float> predictions)
    {
        for (int i = 0; i < targets.Length; i++)
            targets[i] += MathF.Abs(targets[i] - predictions[i]) < 0.05f ? 0.2f : 0f;
    }

    public static CallContext Context() => new(workers: new Workers(threads: 1));
}
