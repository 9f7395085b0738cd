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

    /// <summary>y = factor · x + offset.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="offset">The value at 0.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Affine(Workers workers, ReadOnlySpan<float> x, float factor, float offset, Span<float> y)
        => Run(workers, UnaryOperation.Affine, x, y, factor, "Elementwise.Affine", offset);

    /// <summary>y = x inside [low, high], else the nearer end; NaN stays NaN.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value, not below <paramref name="low"/>.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Clip(Workers workers, ReadOnlySpan<float> x, float low, float high, Span<float> y)
        => Run(workers, UnaryOperation.Clip, x, y, low, "Elementwise.Clip", high);

    /// <summary>y = numerator / x.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="numerator">A number.</param>
    /// <param name="y">The results; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Reciprocal(Workers workers, ReadOnlySpan<float> x, float numerator, Span<float> y)
        => Run(workers, UnaryOperation.Reciprocal, x, y, numerator, "Elementwise.Reciprocal");

    /// <summary>y += factor · sign(x), where sign(0) = 0: the gradient of Σ |x|.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The operands.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="y">The sums; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void AddSigns(Workers workers, ReadOnlySpan<float> x, float factor, Span<float> y)
        => Run(workers, BinaryOperation.AddSign, x, y, y, factor, "Elementwise.AddSigns");

    /// <summary>dx = f′ · dy, or dx += f′ · dy.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="function">f.</param>
    /// <param name="x">The operands of f.</param>
    /// <param name="y">Its results.</param>
    /// <param name="dy">The gradient of the results.</param>
    /// <param name="dx">The gradient of the operands; may be <paramref name="dy"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <param name="first">The first number of f: the lower end of clipping.</param>
    /// <param name="second">The second number of f: the upper end of clipping.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    public static void Gradient(
        Workers workers, UnaryDerivative function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate, float first = 0f, float second = 0f)
    {
        const string Name = "Elementwise.Gradient";
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(Name, "x", x.Length, dy.Length);
        Check.Length(Name, "y", y.Length, dy.Length);
        Check.Length(Name, "dx", dx.Length, dy.Length);
        Check.SameOrDisjoint(Name, "x", x, dx);
        Check.SameOrDisjoint(Name, "y", y, dx);
        Check.SameOrDisjoint(Name, "dy", dy, dx);
        fixed (float* px = x, py = y, pdy = dy, pdx = dx)
            workers.Kernels.UnaryGradient(workers, function, px, py, pdy, pdx, dy.Length, accumulate, first, second);
    }

    private static void Run(Workers workers, UnaryOperation operation, ReadOnlySpan<float> x, Span<float> y, float parameter, string name, float second = 0f)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Length(name, "y", y.Length, x.Length);
        Check.SameOrDisjoint(name, "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.Unary(workers, operation, px, py, x.Length, parameter, second);
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
