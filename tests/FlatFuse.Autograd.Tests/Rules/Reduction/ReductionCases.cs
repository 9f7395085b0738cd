using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of sums, means and maxima, over all axes and over each.</summary>
internal static class ReductionCases
{
    private static readonly int?[] Axes = [null, 0, 1, 2, -1];

    public static readonly OperationCase[] All =
    [
        .. Axes.Select(axis => new OperationCase
        {
            Operation = nameof(VariableOps.Sum), Options = Text(axis), Function = v => VariableOps.Sum(v[0], axis),
            Operands = [Of(2, 3, 4)], Empty = [[[0, 3, 4]], [[2, 0, 4]], [[2, 3, 0]], [[0, 0, 0]]],
        }),
        .. Axes.Select(axis => new OperationCase
        {
            Operation = nameof(VariableOps.Mean), Options = Text(axis), Function = v => VariableOps.Mean(v[0], axis, keepDims: true),
            Operands = [Of(2, 3, 4)], Empty = [EmptyBeside(axis)], RefusesEmpty = axis is null,
        }),
        // Up to 120 values over [−8, 8]: 0.13 apart, so that no other becomes the greatest within 2h = 1/16.
        .. Axes.Select(axis => new OperationCase
        {
            Operation = nameof(VariableOps.Max), Options = Text(axis), Function = v => VariableOps.Max(v[0], axis), TiesAreKinks = true,
            Operands = [Between(-8f, 8f, 2, 3, 4)], Empty = [EmptyBeside(axis)], RefusesEmpty = axis is null,
        }),
    ];

    private static string Text(int? axis) => axis is { } number ? $"axis {number}" : "all";

    // Nothing beside the axis is an empty result; nothing along it is refused (ReductionTests).
    private static int[][] EmptyBeside(int? axis) => axis == 0 ? [[2, 0, 4]] : [[0, 3, 4]];
}
