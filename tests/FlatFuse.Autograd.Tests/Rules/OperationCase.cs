using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>One row of <see cref="OperationCases"/>: an operation, and where its gradient is measured.</summary>
internal sealed class OperationCase
{
    /// <summary>The member of <see cref="VariableOps"/> that the row is about.</summary>
    public required string Operation { get; init; }

    /// <summary>What tells the row from others of the same operation.</summary>
    public string Options { get; init; } = "";

    /// <summary>The operation on its operands.</summary>
    public required Func<IReadOnlyList<Variable>, Variable> Function { get; init; }

    /// <summary>One an operand: its shape and the range of its numbers.</summary>
    public required OperandRange[] Operands { get; init; }

    /// <summary>Shapes, one an operand, of which at least one has no element.</summary>
    public required int[][][] Empty { get; init; }

    /// <summary>True where those have no result and the operation says so: the mean of nothing.</summary>
    public bool RefusesEmpty { get; init; }

    /// <summary>True where equal numbers are kinks, as for maxima: no operand is broadcast then.</summary>
    public bool TiesAreKinks { get; init; }

    /// <summary>The distance h of the differences.</summary>
    public float Step { get; init; } = 1f / 32f;

    /// <summary>True to run as in training.</summary>
    public bool Training { get; init; }

    public string Name => Options.Length == 0 ? Operation : $"{Operation}, {Options}";

    /// <summary>The layouts to check: each for all operands at once, and last a different one for each operand.</summary>
    public IEnumerable<string> Layouts
        => TestTensors.LayoutNames.Append("mixed").Where(layout => !(TiesAreKinks && layout == "broadcast"));

    /// <summary>Operands of that layout.</summary>
    public Tensor<float>[] Values(string layout) => [.. Operands.Select((operand, i) => operand.Values(LayoutOf(layout, i), i))];

    /// <summary>Operands of that layout, in the shapes of each entry of <see cref="Empty"/>.</summary>
    public IEnumerable<Tensor<float>[]> EmptyValues(string layout)
        => Empty.Select(shapes => shapes.Select((shape, i) => (Operands[i] with { Shape = shape }).Values(LayoutOf(layout, i), i)).ToArray());

    private string LayoutOf(string layout, int operand)
    {
        if (layout != "mixed")
            return layout;
        string[] all = TiesAreKinks ? ["flipped", "contiguous", "transposed", "sliced"] : ["flipped", "contiguous", "broadcast", "transposed", "sliced"];
        return all[operand % all.Length];
    }
}
