using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The arithmetic between an LSTM's matrix products, for one vector of units.</summary>
/// <remarks>Forward replaces the four pre-activations by what backward wants to find again: that is the cell's own affair.</remarks>
internal interface ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>One step: c becomes f c + i g, h = o a(c).</summary>
    TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c);

    /// <summary>
    /// One step's gradient: the four kept values become the gradients of the pre-activations, <paramref name="dc"/> that of the
    /// previous c; <paramref name="c"/> is the new state, <paramref name="cPrevious"/> the old one.
    /// </summary>
    void Backward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc);
}

/// <summary>tanh and sigmoid: what backward keeps are the activated gates, from which the derivatives follow without a transcendental.</summary>
internal readonly struct TanhSigmoidCell<TSimd, TVector> : ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c)
    {
        i = VectorMath<TSimd, TVector>.Sigmoid(i);
        f = VectorMath<TSimd, TVector>.Sigmoid(f);
        g = VectorMath<TSimd, TVector>.Tanh(g);
        o = VectorMath<TSimd, TVector>.Sigmoid(o);
        c = TSimd.MultiplyAdd(f, c, TSimd.Multiply(i, g));
        return TSimd.Multiply(o, VectorMath<TSimd, TVector>.Tanh(c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Backward(
        ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc)
    {
        TVector one = TSimd.Splat(1f);
        TVector tanh = VectorMath<TSimd, TVector>.Tanh(c);
        TVector dhO = TSimd.Multiply(dh, o);
        dc = TSimd.MultiplyAdd(dhO, OneMinusSquare(tanh), dc);
        o = TSimd.Multiply(TSimd.Multiply(dhO, tanh), TSimd.Subtract(one, o));
        TVector dcI = TSimd.Multiply(dc, i);
        TVector dcF = TSimd.Multiply(dc, f);
        i = TSimd.Multiply(TSimd.Multiply(dcI, g), TSimd.Subtract(one, i));
        g = TSimd.Multiply(dcI, OneMinusSquare(g));
        f = TSimd.Multiply(TSimd.Multiply(dcF, cPrevious), TSimd.Subtract(one, f));
        dc = dcF;
    }

    // (1 - y)(1 + y) keeps its digits where y is near 1; 1 - y² does not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OneMinusSquare(TVector y)
    {
        TVector one = TSimd.Splat(1f);
        return TSimd.Multiply(TSimd.Subtract(one, y), TSimd.Add(one, y));
    }
}

/// <summary>
/// Any pair of activations, lane by lane through the formulas: rare, and slow on purpose rather than twenty more kernels.
/// Backward keeps the pre-activations, because some derivatives need them.
/// </summary>
internal readonly unsafe struct AnyActivationCell<TSimd, TVector>(ActivationKind activation, ActivationKind gate) : ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c)
    {
        TVector update = TSimd.Multiply(Value(gate, i), Value(activation, g));
        c = TSimd.MultiplyAdd(Value(gate, f), c, update);
        return TSimd.Multiply(Value(gate, o), Value(activation, c));
    }

    public void Backward(
        ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc)
    {
        TVector iValue = Value(gate, i);
        TVector fValue = Value(gate, f);
        dc = TSimd.MultiplyAdd(TSimd.Multiply(dh, Value(gate, o)), Derivative(activation, c), dc);
        o = TSimd.Multiply(TSimd.Multiply(dh, Value(activation, c)), Derivative(gate, o));
        i = TSimd.Multiply(TSimd.Multiply(dc, Value(activation, g)), Derivative(gate, i));
        f = TSimd.Multiply(TSimd.Multiply(dc, cPrevious), Derivative(gate, f));
        g = TSimd.Multiply(TSimd.Multiply(dc, iValue), Derivative(activation, g));
        dc = TSimd.Multiply(dc, fValue);
    }

    private static TVector Value(ActivationKind kind, TVector x)
    {
        float* lanes = stackalloc float[TSimd.Count];
        TSimd.Store(lanes, x);
        for (int lane = 0; lane < TSimd.Count; lane++)
            lanes[lane] = NaiveActivation<float>.Value(kind, lanes[lane]);
        return TSimd.Load(lanes);
    }

    private static TVector Derivative(ActivationKind kind, TVector x)
    {
        float* lanes = stackalloc float[TSimd.Count];
        TSimd.Store(lanes, x);
        for (int lane = 0; lane < TSimd.Count; lane++)
            lanes[lane] = NaiveActivation<float>.Derivative(kind, lanes[lane]);
        return TSimd.Load(lanes);
    }
}
