using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>f′ at x, given y = f(x) and the numbers of the function.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    static abstract TVector Invoke(TVector x, TVector y, TVector first, TVector second);
}

/// <summary>y.</summary>
internal readonly struct ExpDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second) => y;
}

/// <summary>1 / x.</summary>
internal readonly struct LogDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second) => TSimd.Divide(TSimd.Splat(1f), x);
}

/// <summary>1 / (2 y).</summary>
internal readonly struct SqrtDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second) => TSimd.Divide(TSimd.Splat(0.5f), y);
}

/// <summary>2 x.</summary>
internal readonly struct SquareDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second) => TSimd.Add(x, x);
}

/// <summary>The sign of x, 0 at 0 and at NaN.</summary>
internal readonly struct AbsDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second)
        => AddSignOperator<TSimd, TVector>.Invoke(x, default(TVector), TSimd.Splat(1f));
}

/// <summary>−y / x.</summary>
internal readonly struct ReciprocalDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second) => TSimd.Divide(VectorMath<TSimd, TVector>.Negate(y), x);
}

/// <summary>1 for first ≤ x ≤ second, else 0; 0 at NaN.</summary>
internal readonly struct ClipDerivative<TSimd, TVector> : IUnaryDerivative<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector y, TVector first, TVector second)
    {
        // Inside, and only there, clipping changes nothing; a NaN is equal to nothing.
        TVector clipped = ClipOperator<TSimd, TVector>.Invoke(x, first, second);
        return TSimd.Select(TSimd.Equal(clipped, x), TSimd.Splat(1f), default(TVector));
    }
}
