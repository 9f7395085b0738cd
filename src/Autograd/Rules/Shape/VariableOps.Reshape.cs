using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>The same elements, in row-major order, under another shape; copies nothing but a parameter. Gradient: dy under the input's shape.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">Sizes; one of them may be −1 and is then computed.</param>
    /// <exception cref="ArgumentException">The sizes do not multiply to the number of elements.</exception>
    public static Variable Reshape(Variable x, params ReadOnlySpan<int> shape)
        => ReshapeIn(Operands.ContextOf(nameof(Reshape), x), x, ResolveShape(x.Shape, shape));

    /// <summary>
    /// The same value as part of <paramref name="context"/>'s pass: brings in a parameter when an operation's other operands are
    /// parameters too, as in a weight penalty. Gradient: dy.
    /// </summary>
    /// <param name="x">A parameter, or any variable.</param>
    /// <param name="context">The pass to take part in.</param>
    public static Variable InContext(Variable x, CallContext context) => ReshapeIn(context, x, x.Shape);

    private static Variable ReshapeIn(CallContext context, Variable x, ReadOnlySpan<int> shape)
    {
        var node = new ReshapeNode(context, x);
        return node.Copies ? context.Run(node, shape) : context.RunView(node, x.Value.Reshape(shape));
    }

    private static int[] ResolveShape(ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        int[] sizes = to.ToArray();
        int count = Shapes.Count(from);
        int unknown = Array.IndexOf(sizes, -1);
        bool negative = false;
        for (int i = 0; i < sizes.Length; i++)
            negative |= sizes[i] < 0 && i != unknown;
        if (unknown >= 0 && !negative)
        {
            sizes[unknown] = 1;
            int known = Shapes.Count(sizes);
            sizes[unknown] = known == 0 ? 0 : count / known;
        }
        if (negative || Shapes.Count(sizes) != count)
            throw new ArgumentException($"Reshape: received shape {Shapes.Format(from)} with {count} elements, which do not fill {Shapes.Format(to)}; expected sizes whose product is {count}. Write −1 for at most one size to have it computed.");
        return sizes;
    }
}

/// <summary>
/// The input's elements in the same order: a view, but for a user's strided view and for a parameter. A parameter moves when a model
/// is compiled, and steps captured before must not go on reading the memory it has left.
/// </summary>
internal sealed class ReshapeNode : GradientNode
{
    public ReshapeNode(CallContext context, Variable x)
        : base(context, x) => Copies = x is Parameter || !x.Value.IsContiguous;

    public bool Copies { get; }

    public override void Forward(Tensor<float> output)
    {
        if (Copies)
            Inputs[0].Value.CopyTo(output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        => Operands.WriteCopy(Workers, dy.AsSpan(), destinations[0]);

    // Of gradients, which are contiguous, even where the value had to be copied.
    public override bool IsView => true;
}
