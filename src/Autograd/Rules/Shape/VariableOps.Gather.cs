using System.Globalization;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// Rows of a table by number: <c>y[i…, :] = table[ids[i…], :]</c>. Gradient: the rows of dy are added into the rows they came from,
    /// in the order of the ids; ids get none.
    /// </summary>
    /// <param name="table">(rows, …), rank 1 or more.</param>
    /// <param name="ids">Any shape, whole numbers 0 … rows − 1; checked at every run.</param>
    /// <returns>The shape of ids, followed by that of a row.</returns>
    /// <exception cref="ArgumentException">The table is a scalar, or an id is no row of the table.</exception>
    public static Variable Gather(Variable table, Variable ids)
    {
        if (table.Rank == 0)
            Throw.Operand(nameof(Gather), "table", table.Shape, "(rows, …)", "Reshape the table so that its first axis counts the rows.");
        CallContext context = Operands.ContextOf(nameof(Gather), ids, table);
        return context.Run(new GatherNode(nameof(Gather), context, ids, table), [.. ids.Shape, .. table.Shape[1..]]);
    }

    /// <summary>
    /// A learned vector for each id: <c>y[i…, :] = table[ids[i…], :]</c>. Gradient: the rows of dy are added into the rows they came from,
    /// in the order of the ids; ids get none.
    /// </summary>
    /// <param name="ids">Any shape, for example (batch, steps); whole numbers 0 … vocabulary − 1; checked at every run.</param>
    /// <param name="table">(vocabulary, dim).</param>
    /// <returns>The shape of ids, followed by dim.</returns>
    /// <exception cref="ArgumentException">The table's rank is not 2, or an id is outside the vocabulary.</exception>
    public static Variable Embedding(Variable ids, Variable table)
    {
        if (table.Rank != 2)
            Throw.Operand(nameof(Embedding), "table", table.Shape, "(vocabulary, dim)", "Use Gather for rows of another rank.");
        CallContext context = Operands.ContextOf(nameof(Embedding), ids, table);
        return context.Run(new GatherNode(nameof(Embedding), context, ids, table), [.. ids.Shape, table.Shape[1]]);
    }
}

/// <summary>Table rows by number. The ids are looked at before anything is read: an id outside the table never becomes a wrong number.</summary>
internal sealed class GatherNode : GradientNode
{
    private readonly string _operation;
    private readonly Operand _ids;
    private readonly Operand _table;
    private readonly int _rows;
    private readonly int _dim;

    public GatherNode(string operation, CallContext context, Variable ids, Variable table)
        : base(context, ids, table)
    {
        _operation = operation;
        _ids = new Operand(context, ids);
        _table = new Operand(context, table);
        _rows = table.Shape[0];
        _dim = Shapes.Count(table.Shape[1..]);
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> ids = _ids.Read();
        int invalid = EmbeddingTable.FirstInvalidId(ids, _rows);
        if (invalid >= 0)
            throw InvalidId(ids[invalid], invalid);
        // Rows without elements: the ids are looked at all the same, but there is nothing to take.
        if (_dim > 0)
            EmbeddingTable.Gather(Workers, ids, _table.Read(), _dim, output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        Operands.WriteNothing(destinations[0]);
        if (destinations[1].IsNeeded && _dim > 0)
            EmbeddingTable.ScatterAdd(Workers, _ids.Read(), dy.AsSpan(), _dim, destinations[1].Span, destinations[1].Accumulate);
    }

    private ArgumentException InvalidId(float id, int position)
    {
        ReadOnlySpan<int> shape = Inputs[0].Shape;
        var index = new int[shape.Length];
        for (int axis = shape.Length - 1, rest = position; axis >= 0; rest /= shape[axis], axis--)
            index[axis] = rest % shape[axis];
        return new ArgumentException($"{_operation}: id {id.ToString("R", CultureInfo.InvariantCulture)} at position {Shapes.Format(index)} of ids {Shapes.Format(shape)} is not in the vocabulary of {_rows}; expected whole numbers 0 … {_rows - 1}. Enlarge the table, or map unknown ids to a reserved one.");
    }
}
