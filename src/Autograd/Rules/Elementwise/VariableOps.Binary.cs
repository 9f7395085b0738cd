namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>left + right under NumPy's broadcasting. Gradient: dy, summed over repeated axes.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it: equal sizes, or 1, on every axis counted from the last.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Add(Variable left, Variable right) => Binary<AddRule>(left, right);

    /// <summary>left − right under NumPy's broadcasting. Gradient: dy and −dy, summed over repeated axes.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Subtract(Variable left, Variable right) => Binary<SubtractRule>(left, right);

    /// <summary>left · right, element by element, under NumPy's broadcasting. Gradient: dy · right and dy · left, summed over repeated axes.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Multiply(Variable left, Variable right) => Binary<MultiplyRule>(left, right);

    /// <summary>y = left / right, element by element, under NumPy's broadcasting. Gradient: dy / right and −dy · y / right, summed over repeated axes.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Divide(Variable left, Variable right) => Binary<DivideRule>(left, right);

    /// <summary>The larger of both, element by element, under NumPy's broadcasting. Gradient: dy to the larger one; to the left one between equals.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Maximum(Variable left, Variable right) => Binary<MaximumRule>(left, right);

    /// <summary>The smaller of both, element by element, under NumPy's broadcasting. Gradient: dy to the smaller one; to the left one between equals.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Minimum(Variable left, Variable right) => Binary<MinimumRule>(left, right);

    private static Variable Binary<TRule>(Variable left, Variable right)
        where TRule : struct, IBinaryRule<TRule>
    {
        CallContext context = Operands.ContextOf(TRule.Name, left, right);
        BroadcastPlan plan = BroadcastPlan.Create(TRule.Name, left.Shape, right.Shape);
        return context.Run(new BinaryNode<TRule>(context, left, right, plan), plan.OutputShape);
    }
}
