using FlatFuse.Kernels;
using FlatFuse.Tensors;
using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of operations that work element by element, and of softmax.</summary>
internal static class ElementwiseCases
{
    public static readonly OperationCase[] All =
    [
        .. Binary(nameof(VariableOps.Add), VariableOps.Add),
        .. Binary(nameof(VariableOps.Subtract), VariableOps.Subtract),
        .. Binary(nameof(VariableOps.Multiply), VariableOps.Multiply),
        .. Binary(nameof(VariableOps.Divide), VariableOps.Divide),
        .. Binary(nameof(VariableOps.Maximum), VariableOps.Maximum),
        .. Binary(nameof(VariableOps.Minimum), VariableOps.Minimum),
        Choice("a choice for each element", [2, 3, 4], [2, 3, 4], shape => shape),
        Choice("a choice for each row", [2, 3, 4], [2, 3, 4], shape => [.. shape[..^1], 1]),
        Choice("broadcast", [2, 1, 4], [3, 1], shape => [.. shape[..^1], 1]),
        Unary(nameof(VariableOps.Negate), "", -2f, VariableOps.Negate),
        Unary(nameof(VariableOps.Exp), "", -2f, VariableOps.Exp),
        Unary(nameof(VariableOps.Log), "", 0.5f, VariableOps.Log),
        Unary(nameof(VariableOps.Sqrt), "", 0.5f, VariableOps.Sqrt),
        Unary(nameof(VariableOps.Square), "", -2f, VariableOps.Square),
        Unary(nameof(VariableOps.Abs), "", -2f, VariableOps.Abs),
        Unary(nameof(VariableOps.Power), "3", -2f, x => VariableOps.Power(x, 3)),
        Unary(nameof(VariableOps.Power), "2", -2f, x => VariableOps.Power(x, 2)),
        Unary(nameof(VariableOps.Power), "0.5", 0.5f, x => VariableOps.Power(x, 0.5)),
        Unary(nameof(VariableOps.Power), "-1.5", 0.5f, x => VariableOps.Power(x, -1.5)),
        Unary(nameof(VariableOps.Power), "0", -2f, x => VariableOps.Power(x, 0)),
        Unary(nameof(VariableOps.Affine), "", -2f, x => VariableOps.Affine(x, -1.5f, 0.25f)),
        Unary(nameof(VariableOps.Reciprocal), "", 0.5f, x => VariableOps.Reciprocal(x, 3f)),
        Unary(nameof(VariableOps.Clip), "", -2f, x => VariableOps.Clip(x, -1f, 0.45f)),
        .. Enum.GetValues<ActivationKind>().Select(Activation),
        new()
        {
            // The jump at 1/2 is as far from the values as an activation's kink.
            Operation = nameof(VariableOps.Threshold), Function = v => VariableOps.Threshold(v[0], 0.5f, 7f), Step = 1f / 64f,
            Operands = [Between(-3f, 3f, 4, 4)], Empty = [[[0]], [[0, 3]]],
        },
        Rows(nameof(VariableOps.Softmax), 2f, VariableOps.Softmax),
        Rows(nameof(VariableOps.LogSoftmax), 2f, VariableOps.LogSoftmax),
        Rows(nameof(VariableOps.GLU), 2f, VariableOps.GLU),
        // All entries survive: τ is near −1/4, more than 2h below them.
        Rows(nameof(VariableOps.Sparsemax), 0.1f, VariableOps.Sparsemax),
    ];

    // Operands are apart from each other (no tie of Maximum) and the right one from 0 (Divide); the other order where the right one may be 0.
    private static IEnumerable<OperationCase> Binary(string operation, Func<Variable, Variable, Variable> function)
    {
        int[][][] empty = [[[0], [0]], [[0, 4], [0, 4]], [[2, 0], [2, 0]], [[0, 3], [3]], [[0, 3], [1, 1]], [[1, 3], [0, 1]], [[2, 0], []]];
        yield return new OperationCase
        {
            Operation = operation, Function = v => function(v[0], v[1]),
            Operands = [Between(-2f, 2f, 3, 4), Between(2.2f, 4f, 3, 4)], Empty = empty,
        };
        if (operation == nameof(VariableOps.Divide))
            yield break;
        yield return new OperationCase
        {
            Operation = operation, Options = "the other order", Function = v => function(v[1], v[0]),
            Operands = [Between(-2f, 2f, 3, 4), Between(2.2f, 4f, 3, 4)], Empty = empty,
        };
    }

    // The condition has no gradient: every second entry of it chooses the second operand.
    private static OperationCase Choice(string options, int[] then, int[] otherwise, Func<int[], int[]> condition) => new()
    {
        Operation = nameof(VariableOps.Where), Options = options, Function = v => VariableOps.Where(EverySecond(v[0], condition(v[0].Shape.ToArray())), v[0], v[1]),
        Operands = [Of(then), Of(otherwise)], Empty = [[[2, 0], [2, 0]], [[0, 3], [0, 3]], [[0, 3], [3]], [[0, 3], [1, 1]]],
    };

    private static Variable EverySecond(Variable beside, int[] shape)
    {
        Tensor<float> chosen = Tensor.Zeros<float>(shape);
        for (int i = 0; i < chosen.Count; i += 2)
            chosen.AsSpan()[i] = 1f;
        return beside.Context!.Constant(chosen);
    }

    // 4, 16 or 36 values over [−2, 2]: the kinks at −1, 0 and 0.45 are at least 0.05 away from each of them, more than 2h = 1/32.
    private static OperationCase Unary(string operation, string options, float low, Func<Variable, Variable> function) => new()
    {
        Operation = operation, Options = options, Function = v => function(v[0]), Step = 1f / 64f,
        Operands = [Between(low, 2f, 4, 4)], Empty = [[[0]], [[0, 3]], [[3, 0]]],
    };

    // 4, 16 or 36 values over [−3, 3]: the kinks at 0, ±1/2, ±1 and ±3 are at least 1/16 away from each of them, more than 2h = 1/32.
    private static OperationCase Activation(ActivationKind kind) => new()
    {
        Operation = nameof(VariableOps.Activate), Options = kind.ToString(), Function = v => VariableOps.Activate(v[0], kind), Step = 1f / 64f,
        Operands = [Between(-3f, 3f, 4, 4)], Empty = [[[0]], [[0, 3]]],
    };

    private static OperationCase Rows(string operation, float largest, Func<Variable, Variable> function) => new()
    {
        Operation = operation, Function = v => function(v[0]), Operands = [Between(-largest, largest, 2, 3, 4)], Empty = [[[0, 4]], [[2, 0, 4]]],
    };
}
