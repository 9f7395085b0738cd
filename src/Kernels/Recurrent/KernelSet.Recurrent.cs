namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract void RecurrentForward(
        Workers w, in RecurrentShape s, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved);

    internal abstract void RecurrentBackward(
        Workers w, in RecurrentShape s, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void RecurrentForward(
        Workers w, in RecurrentShape s, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
    {
        bool tanh = s.Activation == ActivationKind.Tanh;
        bool usual = tanh && s.RecurrentActivation == ActivationKind.Sigmoid;
        var any = new AnyActivation<TSimd, TVector>(s.Activation);
        var anyGate = new AnyActivation<TSimd, TVector>(s.RecurrentActivation);
        InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>> t = default;
        InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>> g = default;
        switch (s.Kind)
        {
            case RecurrentKind.Simple when tanh:
                Forward(w, s, new SimpleRNNCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>>(t), operands, sequences, lastH, saved);
                break;
            case RecurrentKind.Simple:
                Forward(w, s, new SimpleRNNCell<TSimd, TVector, AnyActivation<TSimd, TVector>>(any), operands, sequences, lastH, saved);
                break;
            case RecurrentKind.ResetAfter when usual:
                Forward(w, s, new GRUResetAfterCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>, InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>>>(t, g), operands, sequences, lastH, saved);
                break;
            case RecurrentKind.ResetAfter:
                Forward(w, s, new GRUResetAfterCell<TSimd, TVector, AnyActivation<TSimd, TVector>, AnyActivation<TSimd, TVector>>(any, anyGate), operands, sequences, lastH, saved);
                break;
            case RecurrentKind.ResetBefore when usual:
                Forward(w, s, new GRUResetBeforeCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>, InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>>>(t, g), operands, sequences, lastH, saved);
                break;
            default:
                Forward(w, s, new GRUResetBeforeCell<TSimd, TVector, AnyActivation<TSimd, TVector>, AnyActivation<TSimd, TVector>>(any, anyGate), operands, sequences, lastH, saved);
                break;
        }
    }

    internal override void RecurrentBackward(
        Workers w, in RecurrentShape s, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
    {
        bool tanh = s.Activation == ActivationKind.Tanh;
        bool usual = tanh && s.RecurrentActivation == ActivationKind.Sigmoid;
        var any = new AnyActivation<TSimd, TVector>(s.Activation);
        var anyGate = new AnyActivation<TSimd, TVector>(s.RecurrentActivation);
        InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>> t = default;
        InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>> g = default;
        switch (s.Kind)
        {
            case RecurrentKind.Simple when tanh:
                Backward(w, s, new SimpleRNNCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>>(t), operands, saved, dSequences, dLastH, gradients);
                break;
            case RecurrentKind.Simple:
                Backward(w, s, new SimpleRNNCell<TSimd, TVector, AnyActivation<TSimd, TVector>>(any), operands, saved, dSequences, dLastH, gradients);
                break;
            case RecurrentKind.ResetAfter when usual:
                Backward(w, s, new GRUResetAfterCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>, InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>>>(t, g), operands, saved, dSequences, dLastH, gradients);
                break;
            case RecurrentKind.ResetAfter:
                Backward(w, s, new GRUResetAfterCell<TSimd, TVector, AnyActivation<TSimd, TVector>, AnyActivation<TSimd, TVector>>(any, anyGate), operands, saved, dSequences, dLastH, gradients);
                break;
            case RecurrentKind.ResetBefore when usual:
                Backward(w, s, new GRUResetBeforeCell<TSimd, TVector, InlineActivation<TSimd, TVector, TanhActivation<TSimd, TVector>>, InlineActivation<TSimd, TVector, SigmoidActivation<TSimd, TVector>>>(t, g), operands, saved, dSequences, dLastH, gradients);
                break;
            default:
                Backward(w, s, new GRUResetBeforeCell<TSimd, TVector, AnyActivation<TSimd, TVector>, AnyActivation<TSimd, TVector>>(any, anyGate), operands, saved, dSequences, dLastH, gradients);
                break;
        }
    }

    private static void Forward<TCell>(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
        where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
        => RecurrentSequence<TSimd, TVector, TCell>.Forward(w, s, cell, operands, sequences, lastH, saved);

    private static void Backward<TCell>(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
        where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
        => RecurrentSequence<TSimd, TVector, TCell>.Backward(w, s, cell, operands, saved, dSequences, dLastH, gradients);
}
