namespace FlatFuse.Kernels;

/// <summary>
/// A whole GRU over a batch of sequences and its gradient. Gates lie in Keras's order z, r, h; <see cref="NaiveGRU{T}"/> is the definition.
/// </summary>
/// <remarks>
/// z, r = recurrent activation of x K + h R + b. Reset after: candidate = a(x K_h + b_h + r (h R_h + b'_h)), bias (2, 3 · units);
/// reset before: candidate = a(x K_h + (r h) R_h + b_h), bias (3 · units). h' = z h + (1 − z) candidate.
/// </remarks>
public static class GRUKernel
{
    /// <summary>Floats that <see cref="Forward"/> keeps for <see cref="Backward"/>.</summary>
    /// <param name="s">Sizes and options.</param>
    public static int SavedLength(in GRUShape s) => RecurrentDoor.SavedLength(s.Frame);

    /// <summary>Runs all steps.</summary>
    /// <param name="w">Kernel set and threads.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sequences">Every step's h, (batch, steps, units) in processing order, or empty when it is not wanted.</param>
    /// <param name="lastH">h after the last step, (batch, units), or empty.</param>
    /// <param name="saved"><see cref="SavedLength"/> floats for <see cref="Backward"/>, or empty in inference.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Forward(Workers w, in GRUShape s, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
        => RecurrentDoor.Forward("GRUKernel.Forward", w, s.Frame, operands, sequences, lastH, saved);

    /// <summary>The gradients of a loss whose derivatives by the outputs are given: those of x, weights, bias and the initial state.</summary>
    /// <param name="w">Kernel set and threads.</param>
    /// <param name="s">Sizes and options of the forward call.</param>
    /// <param name="operands">The operands of the forward call, unchanged.</param>
    /// <param name="saved">What <see cref="Forward"/> kept; it stays, so that backward can run again.</param>
    /// <param name="dSequences">(batch, steps, units) in processing order, or empty for zeros.</param>
    /// <param name="dLastH">(batch, units), or empty for zeros.</param>
    /// <param name="gradients">Destinations, each to be overwritten or added to; empty ones are not computed.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Backward(
        Workers w, in GRUShape s, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH,
        in RecurrentGradients gradients)
        => RecurrentDoor.Backward("GRUKernel.Backward", w, s.Frame, operands, saved, dSequences, dLastH, gradients);
}
