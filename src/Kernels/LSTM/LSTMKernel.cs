namespace FlatFuse.Kernels;

/// <summary>
/// A whole LSTM over a batch of sequences and its gradient. Gates lie in Keras's order i, f, c, o;
/// <see cref="NaiveLSTM{T}"/> is the definition.
/// </summary>
/// <remarks>Formulas: z = x K + h R + b; i, f, o = recurrent activation; g = activation; c' = f c + i g; h' = o activation(c').</remarks>
public static unsafe class LSTMKernel
{
    // No kernel set is wider, and a narrower one pads less.
    private const int WidestVector = 16;

    /// <summary>Floats that <see cref="Forward"/> keeps for <see cref="Backward"/>.</summary>
    /// <param name="s">Sizes and options.</param>
    public static int SavedLength(in LSTMShape s)
    {
        CheckSizes(s);
        return new LSTMMemory(s, new LSTMLayout(s, WidestVector), null, null).KeptLength;
    }

    /// <summary>Runs all steps.</summary>
    /// <param name="w">Kernel set and threads.</param>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sequences">Every step's h, (batch, steps, units) in processing order, or empty when it is not wanted.</param>
    /// <param name="lastH">h after the last step, (batch, units), or empty.</param>
    /// <param name="lastC">c after the last step, (batch, units), or empty.</param>
    /// <param name="saved"><see cref="SavedLength"/> floats for <see cref="Backward"/>, or empty in inference.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Forward(
        Workers w, in LSTMShape s, in LSTMOperands operands, Span<float> sequences, Span<float> lastH, Span<float> lastC, Span<float> saved)
    {
        const string Name = "LSTMKernel.Forward";
        CheckOperands(Name, w, s, operands);
        CheckOptional(Name, nameof(sequences), "batch · steps · units", sequences.Length, s.SequenceLength);
        CheckOptional(Name, nameof(lastH), "batch · units", lastH.Length, s.StateLength);
        CheckOptional(Name, nameof(lastC), "batch · units", lastC.Length, s.StateLength);
        CheckOptional(Name, nameof(saved), "SavedLength", saved.Length, SavedLength(s));
        w.Kernels.LSTMForward(w, s, operands, sequences, lastH, lastC, saved);
    }

    /// <summary>
    /// The gradients of a loss whose derivatives by the outputs are given: those of x, weights, bias and initial states.
    /// </summary>
    /// <param name="w">Kernel set and threads.</param>
    /// <param name="s">Sizes and options of the forward call.</param>
    /// <param name="operands">The operands of the forward call, unchanged.</param>
    /// <param name="saved">What <see cref="Forward"/> kept; it stays, so that backward can run again.</param>
    /// <param name="dSequences">(batch, steps, units) in processing order, or empty for zeros.</param>
    /// <param name="dLastH">(batch, units), or empty for zeros.</param>
    /// <param name="dLastC">(batch, units), or empty for zeros.</param>
    /// <param name="gradients">Destinations, each to be overwritten or added to; empty ones are not computed.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Backward(
        Workers w, in LSTMShape s, in LSTMOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, ReadOnlySpan<float> dLastC, in LSTMGradients gradients)
    {
        const string Name = "LSTMKernel.Backward";
        CheckOperands(Name, w, s, operands);
        CheckExact(Name, nameof(saved), "SavedLength", saved.Length, SavedLength(s));
        CheckOptional(Name, nameof(dSequences), "batch · steps · units", dSequences.Length, s.SequenceLength);
        CheckOptional(Name, nameof(dLastH), "batch · units", dLastH.Length, s.StateLength);
        CheckOptional(Name, nameof(dLastC), "batch · units", dLastC.Length, s.StateLength);
        CheckOptional(Name, "gradients.X", "batch · steps · features", gradients.X.Length, s.InputLength);
        CheckOptional(Name, "gradients.Kernel", "features · 4 units", gradients.Kernel.Length, s.KernelLength);
        CheckOptional(Name, "gradients.RecurrentKernel", "units · 4 units", gradients.RecurrentKernel.Length, s.RecurrentKernelLength);
        CheckOptional(Name, "gradients.Bias", "4 units", gradients.Bias.Length, s.BiasLength);
        CheckOptional(Name, "gradients.H0", "batch · units", gradients.H0.Length, s.StateLength);
        CheckOptional(Name, "gradients.C0", "batch · units", gradients.C0.Length, s.StateLength);
        w.Kernels.LSTMBackward(w, s, operands, saved, dSequences, dLastH, dLastC, gradients);
    }

    private static void CheckSizes(in LSTMShape s)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(s.Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(s.Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Units, 1);
    }

    private static void CheckOperands(string name, Workers w, in LSTMShape s, in LSTMOperands operands)
    {
        ArgumentNullException.ThrowIfNull(w);
        CheckSizes(s);
        CheckExact(name, "X", "batch · steps · features", operands.X.Length, s.InputLength);
        CheckExact(name, "Kernel", "features · 4 units", operands.Kernel.Length, s.KernelLength);
        CheckExact(name, "RecurrentKernel", "units · 4 units", operands.RecurrentKernel.Length, s.RecurrentKernelLength);
        CheckOptional(name, "Bias", "4 units", operands.Bias.Length, s.BiasLength);
        CheckOptional(name, "H0", "batch · units", operands.H0.Length, s.StateLength);
        CheckOptional(name, "C0", "batch · units", operands.C0.Length, s.StateLength);
        CheckOptional(name, "Mask", "batch · steps", operands.Mask.Length, s.MaskLength);
    }

    private static void CheckOptional(string name, string operand, string meaning, int received, int expected)
    {
        if (received != 0)
            CheckExact(name, operand, meaning, received, expected);
    }

    private static void CheckExact(string name, string operand, string meaning, int received, int expected)
    {
        if (received != expected)
        {
            throw new ArgumentException(
                $"{name}: {operand} has {received} elements, expected {expected} = {meaning}. Give a span of exactly that length.", operand);
        }
    }
}
