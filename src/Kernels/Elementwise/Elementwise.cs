namespace FlatFuse.Kernels;

/// <summary>Arithmetic and simple functions, element by element over spans of one length.</summary>
/// <remarks>A destination may be one of the operands; other overlaps are refused. Results do not depend on the position of an element.</remarks>
public static unsafe class Elementwise
{
    /// <summary>y = left + right.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Add(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Add, left, right, y, 0f, "Elementwise.Add");

    /// <summary>y = left − right.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Subtract(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Subtract, left, right, y, 0f, "Elementwise.Subtract");

    /// <summary>y = left · right.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Multiply(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Multiply, left, right, y, 0f, "Elementwise.Multiply");

    /// <summary>y = left / right.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Divide(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Divide, left, right, y, 0f, "Elementwise.Divide");

    /// <summary>y = the larger of both; NaN wins.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Maximum(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Maximum, left, right, y, 0f, "Elementwise.Maximum");

    /// <summary>y = the smaller of both; NaN wins.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="left">The left operands.</param>
    /// <param name="right">The right operands.</param>
    /// <param name="y">The results; may be an operand itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Minimum(Workers workers, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y)
        => Run(workers, BinaryOperation.Minimum, left, right, y, 0f, "Elementwise.Minimum");

    /// <summary>y += factor · x.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="y">The sums; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void AddScaled(Workers workers, ReadOnlySpan<float> x, float factor, Span<float> y)
        => Run(workers, BinaryOperation.AddScaled, x, y, y, factor, "Elementwise.AddScaled");

    /// <summary>y = factor · x.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="y">The products; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Scale(Workers workers, ReadOnlySpan<float> x, float factor, Span<float> y)
        => Run(workers, UnaryOperation.Scale, x, y, factor, "Elementwise.Scale");

    /// <summary>y = eˣ.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Exp(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Exp, x, y, 0f, "Elementwise.Exp");

    /// <summary>y = log x; −∞ at 0, NaN below.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Log(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Log, x, y, 0f, "Elementwise.Log");

    /// <summary>y = √x, correctly rounded; NaN below 0.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Sqrt(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Sqrt, x, y, 0f, "Elementwise.Sqrt");

    /// <summary>y = x².</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Square(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Square, x, y, 0f, "Elementwise.Square");

    /// <summary>y = |x|.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Abs(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Abs, x, y, 0f, "Elementwise.Abs");

    /// <summary>y = −x.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Negate(Workers workers, ReadOnlySpan<float> x, Span<float> y)
        => Run(workers, UnaryOperation.Negate, x, y, 0f, "Elementwise.Negate");

    private static void Run(Workers workers, UnaryOperation operation, ReadOnlySpan<float> x, Span<float> y, float parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(name, "y", y.Length, x.Length);
        Check.SameOrDisjoint(name, "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.Unary(workers, operation, px, py, x.Length, parameter);
    }

    private static void Run(
        Workers workers, BinaryOperation operation, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y, float parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(name, "right", right.Length, left.Length);
        Check.Length(name, "y", y.Length, left.Length);
        Check.SameOrDisjoint(name, "left", left, y);
        Check.SameOrDisjoint(name, "right", right, y);
        fixed (float* pl = left, pr = right, py = y)
            workers.Kernels.Binary(workers, operation, pl, pr, py, left.Length, parameter);
    }
}
