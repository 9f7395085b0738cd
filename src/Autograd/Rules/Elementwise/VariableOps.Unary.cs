namespace FlatFuse.Autograd;

/// <summary>
/// Every differentiable operation. Each checks its operands' shapes, then makes one node that computes the value at once and,
/// in the backward pass, the gradients. The call's context is that of the first operand that has one.
/// </summary>
public static partial class VariableOps
{
    /// <summary>y = −x, element by element. Gradient: <c>dx = −dy</c>.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Negate(Variable x) => Unary(nameof(Negate), x, default(NegateRule));

    /// <summary>y = eˣ, element by element. Gradient: <c>dx = dy · y</c>.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Exp(Variable x) => Unary(nameof(Exp), x, default(ExpRule));

    /// <summary>y = ln x, element by element; NaN below 0, −∞ at 0. Gradient: <c>dx = dy / x</c>.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Log(Variable x) => Unary(nameof(Log), x, default(LogRule));

    /// <summary>y = √x, element by element; NaN below 0. Gradient: <c>dx = dy / (2 y)</c>.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Sqrt(Variable x) => Unary(nameof(Sqrt), x, default(SqrtRule));

    /// <summary>y = x², element by element. Gradient: <c>dx = 2 x · dy</c>.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Square(Variable x) => Unary(nameof(Square), x, default(SquareRule));

    /// <summary>y = |x|, element by element. Gradient: <c>dx = sign(x) · dy</c>, 0 at 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable Abs(Variable x) => Unary(nameof(Abs), x, default(AbsRule));

    /// <summary>y = xᵖ, element by element. Gradient: <c>dx = p xᵖ⁻¹ · dy</c>.</summary>
    /// <param name="x">Any shape; below 0 the result is NaN unless p is whole.</param>
    /// <param name="exponent">p.</param>
    public static Variable Power(Variable x, double exponent) => exponent switch
    {
        2.0 => Square(x),
        0.5 => Sqrt(x),
        _ => Unary(nameof(Power), x, new PowerRule(exponent)),
    };

    /// <summary>y = factor · x + offset, element by element. Gradient: <c>dx = factor · dy</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="factor">The slope.</param>
    /// <param name="offset">The value at 0.</param>
    public static Variable Affine(Variable x, float factor, float offset = 0f) => Unary(nameof(Affine), x, new AffineRule(factor, offset));

    /// <summary>y = numerator / x, element by element. Gradient: <c>dx = −dy · y / x</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="numerator">A number.</param>
    public static Variable Reciprocal(Variable x, float numerator = 1f) => Unary(nameof(Reciprocal), x, new ReciprocalRule(numerator));

    /// <summary>x inside [low, high], the nearer end outside; NaN stays NaN. Gradient: dy inside, the ends included, 0 outside.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value.</param>
    /// <exception cref="ArgumentException"><paramref name="low"/> is above <paramref name="high"/>.</exception>
    public static Variable Clip(Variable x, float low, float high)
        => low <= high
            ? Unary(nameof(Clip), x, new ClipRule(low, high))
            : throw new ArgumentException(FormattableString.Invariant($"Clip: the range [{low}, {high}] is empty; expected low ≤ high. Swap the two ends."));

    private static Variable Unary<TRule>(string operation, Variable x, TRule rule)
        where TRule : struct, IUnaryRule
    {
        CallContext context = Operands.ContextOf(operation, x);
        return context.Run(new UnaryNode<TRule>(context, x, rule), x.Shape);
    }
}
