namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract void LSTMForward(
        Workers w, in LSTMShape s, in LSTMOperands operands, Span<float> sequences, Span<float> lastH, Span<float> lastC, Span<float> saved);

    internal abstract void LSTMBackward(
        Workers w, in LSTMShape s, in LSTMOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH,
        ReadOnlySpan<float> dLastC, in LSTMGradients gradients);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    internal override void LSTMForward(
        Workers w, in LSTMShape s, in LSTMOperands operands, Span<float> sequences, Span<float> lastH, Span<float> lastC, Span<float> saved)
    {
        if (HasUsualCell(s))
        {
            LSTMSequence<TSimd, TVector, TanhSigmoidCell<TSimd, TVector>>.Forward(w, s, default, operands, sequences, lastH, lastC, saved);
            return;
        }
        var cell = new AnyActivationCell<TSimd, TVector>(s.Activation, s.RecurrentActivation);
        LSTMSequence<TSimd, TVector, AnyActivationCell<TSimd, TVector>>.Forward(w, s, cell, operands, sequences, lastH, lastC, saved);
    }

    internal override void LSTMBackward(
        Workers w, in LSTMShape s, in LSTMOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences, ReadOnlySpan<float> dLastH,
        ReadOnlySpan<float> dLastC, in LSTMGradients gradients)
    {
        if (HasUsualCell(s))
        {
            LSTMSequence<TSimd, TVector, TanhSigmoidCell<TSimd, TVector>>.Backward(
                w, s, default, operands, saved, dSequences, dLastH, dLastC, gradients);
            return;
        }
        var cell = new AnyActivationCell<TSimd, TVector>(s.Activation, s.RecurrentActivation);
        LSTMSequence<TSimd, TVector, AnyActivationCell<TSimd, TVector>>.Backward(
            w, s, cell, operands, saved, dSequences, dLastH, dLastC, gradients);
    }

    private static bool HasUsualCell(in LSTMShape s)
        => s.Activation == ActivationKind.Tanh && s.RecurrentActivation == ActivationKind.Sigmoid;
}
