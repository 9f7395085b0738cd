using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>What a pass does to a vector of elements of one channel, or of neighbouring channels.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True when the pass reads dy.</summary>
    static abstract bool ReadsGradient { get; }

    /// <summary>Numbers of a channel that the pass uses: 0 to 4.</summary>
    static abstract int Constants { get; }

    /// <summary>Adds to the channel's two sums and returns what is to be written; a pass does one or the other.</summary>
    static abstract TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second);
}

/// <summary>The numbers of a channel, in every lane, or of neighbouring channels, lane by lane.</summary>
internal struct ChannelConstants<TVector>
    where TVector : unmanaged
{
    public TVector First;
    public TVector Second;
    public TVector Third;
    public TVector Fourth;
}

/// <summary>Σ w x.</summary>
internal readonly struct ChannelSumPass<TSimd, TVector> : IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool ReadsGradient => false;

    public static int Constants => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
    {
        sum = TSimd.MultiplyAdd(x, weight, sum);
        return x;
    }
}

/// <summary>Σ w (x − c) and Σ w (x − c)².</summary>
internal readonly struct ChannelDeviationPass<TSimd, TVector> : IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool ReadsGradient => false;

    public static int Constants => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
    {
        TVector deviation = TSimd.Subtract(x, k.First);
        TVector weighted = TSimd.Multiply(deviation, weight);
        sum = TSimd.Add(sum, weighted);
        second = TSimd.MultiplyAdd(weighted, deviation, second);
        return x;
    }
}

/// <summary>(x − c) · factor + shift.</summary>
internal readonly struct ChannelApplyPass<TSimd, TVector> : IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool ReadsGradient => false;

    public static int Constants => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
        => TSimd.MultiplyAdd(TSimd.Subtract(x, k.First), k.Second, k.Third);
}

/// <summary>Σ dy and Σ dy · ((x − c) · scale + shift).</summary>
internal readonly struct ChannelGradientSumPass<TSimd, TVector> : IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool ReadsGradient => true;

    public static int Constants => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
    {
        sum = TSimd.Add(sum, dy);
        second = TSimd.MultiplyAdd(dy, TSimd.MultiplyAdd(TSimd.Subtract(x, k.First), k.Second, k.Third), second);
        return x;
    }
}

/// <summary>factor · dy − w ((x − c) · slope + level).</summary>
internal readonly struct ChannelInputGradientPass<TSimd, TVector> : IChannelPass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool ReadsGradient => true;

    public static int Constants => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector dy, TVector weight, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
    {
        TVector share = TSimd.MultiplyAdd(TSimd.Subtract(x, k.First), k.Third, k.Fourth);
        return TSimd.Subtract(TSimd.Multiply(k.Second, dy), TSimd.Multiply(weight, share));
    }
}
