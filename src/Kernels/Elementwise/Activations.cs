namespace FlatFuse.Kernels;

/// <summary>Element-wise activations and their derivatives.</summary>
/// <remarks>
/// Formulas stand at the members of <see cref="ActivationKind"/>; the functions are within 2.5 units in the last place where they are one
/// of exp, sigmoid or tanh. NaN stays NaN. x · 0 is NaN at x = −∞ (SiLU, GELU, Mish, HardSiLU), as in Keras.
/// </remarks>
public static partial class Activations
{
    /// <summary>y = f(x), element by element.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="kind">The activation f.</param>
    /// <param name="x">Inputs, any shape flattened.</param>
    /// <param name="y">Outputs; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is no activation.</exception>
    public static unsafe void Forward(Workers workers, ActivationKind kind, ReadOnlySpan<float> x, Span<float> y)
    {
        ArgumentNullException.ThrowIfNull(workers);
        CheckKind(kind);
        Check.Length("Activations.Forward", "y", y.Length, x.Length);
        Check.SameOrDisjoint("Activations.Forward", "x", x, y);
        fixed (float* px = x, py = y)
            workers.Kernels.ActivationForward(workers, kind, px, py, x.Length);
    }

    /// <summary>dx = f′ · dy, or dx += f′ · dy, element by element.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="kind">The activation f.</param>
    /// <param name="x">The inputs of the forward call; may be empty unless <see cref="NeedsInput"/>.</param>
    /// <param name="y">The outputs of the forward call.</param>
    /// <param name="dy">The gradient of the outputs.</param>
    /// <param name="dx">The gradient of the inputs; may be <paramref name="dy"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is no activation.</exception>
    public static unsafe void Backward(
        Workers workers, ActivationKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        const string Name = "Activations.Backward";
        ArgumentNullException.ThrowIfNull(workers);
        CheckKind(kind);
        Check.Length(Name, "y", y.Length, dy.Length);
        Check.Length(Name, "dx", dx.Length, dy.Length);
        if (NeedsInput(kind))
            Check.Length(Name, "x", x.Length, dy.Length);
        Check.SameOrDisjoint(Name, "dy", dy, dx);
        Check.SameOrDisjoint(Name, "x", x, dx);
        Check.SameOrDisjoint(Name, "y", y, dx);
        fixed (float* px = x, py = y, pdy = dy, pdx = dx)
            workers.Kernels.ActivationBackward(workers, kind, px, py, pdy, pdx, dy.Length, accumulate);
    }

    /// <summary>False where the derivative follows from the output alone, so that a layer need not keep its input.</summary>
    /// <param name="kind">The activation.</param>
    public static bool NeedsInput(ActivationKind kind)
        => kind is ActivationKind.SiLU or ActivationKind.GELU or ActivationKind.Mish or ActivationKind.HardSiLU or ActivationKind.TanhShrink;

    private static void CheckKind(ActivationKind kind)
    {
        if (kind is < ActivationKind.Linear or > ActivationKind.SparseSigmoid)
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Activations: unknown kind; expected a member of ActivationKind.");
    }
}
