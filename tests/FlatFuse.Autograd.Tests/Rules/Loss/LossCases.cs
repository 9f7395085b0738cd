using FlatFuse.Tensors;
using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of losses and penalties.</summary>
internal static class LossCases
{
    public static readonly OperationCase[] All =
    [
        new()
        {
            Operation = nameof(VariableOps.SparseCategoricalCrossentropyFromLogits),
            Function = v => VariableOps.SparseCategoricalCrossentropyFromLogits(v[0], Labels(v[0].Shape[..^1])),
            Operands = [Between(-2f, 2f, 2, 3, 4)], Empty = [[[0, 3, 4]], [[0, 4]], [[2, 0, 4]]],
        },
        new()
        {
            Operation = nameof(VariableOps.SparseCategoricalCrossentropyFromLogits), Options = "labels with an axis of one",
            Function = v => VariableOps.SparseCategoricalCrossentropyFromLogits(v[0], Labels([.. v[0].Shape[..^1], 1])),
            Operands = [Between(-2f, 2f, 2, 3, 4)], Empty = [[[0, 3, 4]]],
        },
        // The targets are no operand of the graph: each layout of theirs is a row.
        .. TestTensors.LayoutNames.Select(layout => new OperationCase
        {
            Operation = nameof(VariableOps.CategoricalCrossentropyFromLogits), Options = $"targets {layout}",
            Function = v => VariableOps.CategoricalCrossentropyFromLogits(v[0], TestTensors.Of(layout, 5, 0f, 0.5f, [.. v[0].Shape])),
            Operands = [Between(-2f, 2f, 3, 4)], Empty = [[[0, 4]], [[2, 0, 4]]],
        }),
        // All on one side of 0, where |x| has its kink; then on the other.
        Penalty("above 0", 0.2f, 1f),
        Penalty("below 0", -1f, -0.2f),
    ];

    private static OperationCase Penalty(string options, float low, float high) => new()
    {
        Operation = nameof(VariableOps.ElasticPenalty), Options = options, Function = v => VariableOps.ElasticPenalty(v[0], 0.3, 0.2),
        Operands = [Between(low, high, 3, 4)], Empty = [[[0, 3]], [[0]]],
    };

    private static Tensor<float> Labels(ReadOnlySpan<int> shape)
    {
        Tensor<float> labels = Tensor.Zeros<float>(shape);
        for (int i = 0; i < labels.Count; i++)
            labels.AsSpan()[i] = (2 + (3 * i)) % 4;
        return labels;
    }
}
