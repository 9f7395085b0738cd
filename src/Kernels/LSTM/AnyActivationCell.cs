namespace FlatFuse.Kernels;

/// <summary>
/// Any pair of activations, called through pointers: four hundred pairs would be as many kernels. Backward keeps the pre-activations,
/// because some derivatives need them.
/// </summary>
internal readonly unsafe struct AnyActivationCell<TSimd, TVector>(ActivationKind activation, ActivationKind gate) : ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly LSTMActivation<TSimd, TVector> _activation = LSTMActivation<TSimd, TVector>.Of(activation);
    private readonly LSTMActivation<TSimd, TVector> _gate = LSTMActivation<TSimd, TVector>.Of(gate);

    public TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c)
    {
        TVector update = TSimd.Multiply(_gate.Value(i), _activation.Value(g));
        c = TSimd.MultiplyAdd(_gate.Value(f), c, update);
        return TSimd.Multiply(_gate.Value(o), _activation.Value(c));
    }

    public void Backward(
        ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc)
    {
        TVector iValue = _gate.Value(i);
        TVector fValue = _gate.Value(f);
        TVector gValue = _activation.Value(g);
        TVector oValue = _gate.Value(o);
        TVector cValue = _activation.Value(c);
        dc = TSimd.MultiplyAdd(TSimd.Multiply(dh, oValue), _activation.Derivative(c, cValue), dc);
        o = TSimd.Multiply(TSimd.Multiply(dh, cValue), _gate.Derivative(o, oValue));
        i = TSimd.Multiply(TSimd.Multiply(dc, gValue), _gate.Derivative(i, iValue));
        f = TSimd.Multiply(TSimd.Multiply(dc, cPrevious), _gate.Derivative(f, fValue));
        g = TSimd.Multiply(TSimd.Multiply(dc, iValue), _activation.Derivative(g, gValue));
        dc = TSimd.Multiply(dc, fValue);
    }
}
