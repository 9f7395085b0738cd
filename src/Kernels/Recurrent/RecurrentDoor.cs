namespace FlatFuse.Kernels;

/// <summary>The length checks that the doors <see cref="GRUKernel"/> and <see cref="SimpleRNNKernel"/> share.</summary>
internal static class RecurrentDoor
{
    // No kernel set is wider, and a narrower one pads less.
    private const int WidestVector = 16;

    public static unsafe int SavedLength(in RecurrentShape s)
    {
        CheckSizes(s);
        return new RecurrentMemory(s, new RecurrentLayout(s, WidestVector), null, null).KeptLength;
    }

    public static void Forward(
        string name, Workers w, in RecurrentShape s, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
    {
        CheckOperands(name, w, s, operands);
        CheckOptional(name, nameof(sequences), "batch · steps · units", sequences.Length, s.SequenceLength);
        CheckOptional(name, nameof(lastH), "batch · units", lastH.Length, s.StateLength);
        CheckOptional(name, nameof(saved), "SavedLength", saved.Length, SavedLength(s));
        w.Kernels.RecurrentForward(w, s, operands, sequences, lastH, saved);
    }

    public static void Backward(
        string name, Workers w, in RecurrentShape s, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
    {
        CheckOperands(name, w, s, operands);
        CheckExact(name, nameof(saved), "SavedLength", saved.Length, SavedLength(s));
        CheckOptional(name, nameof(dSequences), "batch · steps · units", dSequences.Length, s.SequenceLength);
        CheckOptional(name, nameof(dLastH), "batch · units", dLastH.Length, s.StateLength);
        CheckOptional(name, "gradients.X", "batch · steps · features", gradients.X.Length, s.InputLength);
        CheckOptional(name, "gradients.Kernel", KernelText(s), gradients.Kernel.Length, s.KernelLength);
        CheckOptional(name, "gradients.RecurrentKernel", RecurrentKernelText(s), gradients.RecurrentKernel.Length, s.RecurrentKernelLength);
        CheckOptional(name, "gradients.Bias", BiasText(s), gradients.Bias.Length, s.BiasLength);
        CheckOptional(name, "gradients.H0", "batch · units", gradients.H0.Length, s.StateLength);
        w.Kernels.RecurrentBackward(w, s, operands, saved, dSequences, dLastH, gradients);
    }

    private static void CheckSizes(in RecurrentShape s)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(s.Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(s.Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(s.Units, 1);
    }

    private static void CheckOperands(string name, Workers w, in RecurrentShape s, in RecurrentOperands operands)
    {
        ArgumentNullException.ThrowIfNull(w);
        CheckSizes(s);
        CheckExact(name, "X", "batch · steps · features", operands.X.Length, s.InputLength);
        CheckExact(name, "Kernel", KernelText(s), operands.Kernel.Length, s.KernelLength);
        CheckExact(name, "RecurrentKernel", RecurrentKernelText(s), operands.RecurrentKernel.Length, s.RecurrentKernelLength);
        CheckOptional(name, "Bias", BiasText(s), operands.Bias.Length, s.BiasLength);
        CheckOptional(name, "H0", "batch · units", operands.H0.Length, s.StateLength);
        CheckOptional(name, "Mask", "batch · steps", operands.Mask.Length, s.MaskLength);
        CheckOptional(name, "RecurrentMask", "batch · units", operands.RecurrentMask.Length, s.StateLength);
    }

    // Whole constants: a text put together here would be made at every call.
    private static string KernelText(in RecurrentShape s) => s.Gates == 1 ? "features · units" : "features · 3 units";

    private static string RecurrentKernelText(in RecurrentShape s) => s.Gates == 1 ? "units · units" : "units · 3 units";

    private static string BiasText(in RecurrentShape s) => s.Kind switch
    {
        RecurrentKind.Simple => "units",
        RecurrentKind.ResetBefore => "3 units",
        _ => "2 · 3 units",
    };

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
