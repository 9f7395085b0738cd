using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>tanh and sigmoid: what backward keeps are the activated gates, from which the derivatives follow without a transcendental.</summary>
internal readonly struct TanhSigmoidCell<TSimd, TVector> : ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
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
