using FlatFuse.Tensors;
using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of operations that move elements, and of those that look numbers up.</summary>
internal static class ShapeCases
{
    private static readonly int[][][] EmptyMatrices = [[[0, 4, 2]], [[3, 4, 0]]];

    public static readonly OperationCase[] All =
    [
        Moves(nameof(VariableOps.Reshape), "flat", x => VariableOps.Reshape(x, -1), EmptyMatrices),
        // Twice in a row: the gradient is a view of a view.
        Moves(nameof(VariableOps.Reshape), "twice", x => VariableOps.Reshape(VariableOps.Reshape(x, -1), x.Shape[2], x.Shape[0], x.Shape[1]), EmptyMatrices),
        Moves(nameof(VariableOps.InContext), "", x => VariableOps.InContext(x, x.Context!), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "reversed", x => VariableOps.Transpose(x), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "1 0 2", x => VariableOps.Transpose(x, 1, 0, 2), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "0 -1 1", x => VariableOps.Transpose(x, 0, -1, 1), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "-1 0 1", x => VariableOps.Transpose(x, -1, 0, 1), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "0 2 3 1", x => VariableOps.Transpose(VariableOps.Reshape(x, x.Shape[0], 2, x.Shape[1] / 2, x.Shape[2]), 0, 2, 3, 1), EmptyMatrices),
        Moves(nameof(VariableOps.Transpose), "1 2 0, twice the value", x => VariableOps.Add(VariableOps.Transpose(x, 1, 2, 0), VariableOps.Transpose(x, 1, 2, 0)), EmptyMatrices),
        Moves(nameof(VariableOps.Slice), "leading", x => VariableOps.Slice(x, 0, 1, 2), [[[3, 4, 0]], [[3, 0, 2]]]),
        Moves(nameof(VariableOps.Slice), "middle, from the end", x => VariableOps.Slice(x, 1, -3, 2), EmptyMatrices),
        Moves(nameof(VariableOps.Slice), "last", x => VariableOps.Slice(x, -1, 1, 1), [[[0, 4, 2]], [[3, 0, 2]]]),
        Moves(nameof(VariableOps.Slice), "nothing", x => VariableOps.Slice(x, 1, 4, 0), EmptyMatrices),
        Moves(nameof(VariableOps.Slice), "behind axes of one", x => VariableOps.Slice(VariableOps.Slice(x, 0, 0, 1), 1, 1, 2), [[[3, 4, 0]]]),
        Moves(nameof(VariableOps.Flip), "0", x => VariableOps.Flip(x, 0), EmptyMatrices),
        Moves(nameof(VariableOps.Flip), "1", x => VariableOps.Flip(x, 1), EmptyMatrices),
        Moves(nameof(VariableOps.Flip), "-1", x => VariableOps.Flip(x, -1), EmptyMatrices),
        Moves(nameof(VariableOps.BroadcastTo), "a new axis", x => VariableOps.BroadcastTo(x, 2, 3, 4, x.Shape[^1]), [[[3, 4, 0]]]),
        Moves(nameof(VariableOps.BroadcastTo), "inside", x => VariableOps.BroadcastTo(VariableOps.Slice(x, 1, 1, 1), x.Shape[0], 5, 2), [[[0, 4, 2]]]),
        Moves(nameof(VariableOps.BroadcastTo), "no time at all", x => VariableOps.BroadcastTo(VariableOps.Slice(x, 0, 1, 1), 0, x.Shape[1], 2), [[[3, 0, 2]]]),
        .. Enumerable.Range(-1, 4).Select(Concatenate),
        new()
        {
            Operation = nameof(VariableOps.Gather), Function = v => VariableOps.Gather(v[0], Constant(v[0], [1f, 1f, 0f], 3)),
            Operands = [Of(3, 2, 2)], Empty = [[[3, 0, 2]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Gather), Options = "one number", Function = v => VariableOps.Gather(v[0], Constant(v[0], [2f])),
            Operands = [Of(3)], Empty = [[[3, 0]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Embedding), Function = v => VariableOps.Embedding(Constant(v[0], [2f, 0f, 2f, 3f, 2f, 0f], 2, 3), v[0]),
            Operands = [Of(5, 4)], Empty = [[[5, 0]]],
        },
        new()
        {
            Operation = nameof(VariableOps.Embedding), Options = "of nothing", Function = v => VariableOps.Embedding(Constant(v[0], [], 0, 3), v[0]),
            Operands = [Of(5, 4)], Empty = [[[0, 4]]],
        },
        // Steps: their derivative is 0 wherever there is one. 12 to 30 numbers over [−2, 2] keep 0.06 away from the boundaries; 2h = 1/32.
        Steps(nameof(VariableOps.NotZero), VariableOps.NotZero),
        Steps(nameof(VariableOps.Digitize), x => VariableOps.Digitize(x, [-1f, 0f, 1f])),
        Steps(nameof(VariableOps.MultiHot), x => VariableOps.MultiHot(VariableOps.Digitize(x, [-1f, 0f, 1f]), 4)),
    ];

    private static OperationCase Moves(string operation, string options, Func<Variable, Variable> function, int[][][] empty) => new()
    {
        Operation = operation, Options = options, Function = v => function(v[0]), Operands = [Of(3, 4, 2)], Empty = empty,
    };

    private static OperationCase Concatenate(int axis)
    {
        int[] second = [2, 3, 2], longer = [0, 0, 0];
        second[(axis + 3) % 3] = 4;
        longer[(axis + 3) % 3] = 4;
        return new OperationCase
        {
            Operation = nameof(VariableOps.Concatenate), Options = $"axis {axis}", Function = v => VariableOps.Concatenate([v[0], v[1], v[0]], axis),
            Operands = [Of(2, 3, 2), Of(second)], Empty = [[[0, 0, 0], longer], [[0, 0, 0], [0, 0, 0]]],
        };
    }

    private static OperationCase Steps(string operation, Func<Variable, Variable> function) => new()
    {
        Operation = operation, Function = v => function(v[0]), Step = 1f / 64f, Operands = [Between(-2f, 2f, 3, 4)], Empty = [[[0, 4]], [[3, 0]]],
    };

    private static Variable Constant(Variable table, float[] ids, params int[] shape) => table.Context!.Constant(Tensor.From<float>(ids, shape));
}
