using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>What all cells do with single vectors.</summary>
internal static unsafe class RecurrentLanes<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // The magnitude below which a state or gradient counts as zero. Vanishing ones would otherwise decay into subnormal numbers, which
    // cost a hundred cycles each and which .NET cannot switch off; 1e-30 is far below one rounding error of any sum it enters.
    private const float Negligible = 1e-30f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Flush(TVector value)
        => TSimd.ZeroBelow(value, Negligible);

    /// <summary>Stores a gate's gradient. The padding meets zero weights in the products that follow, but NaN times zero is NaN: so it must be zero itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreGradient(float* destination, TVector value, int lanes)
    {
        value = Flush(value);
        *(TVector*)destination = lanes >= TSimd.Count ? value : TSimd.Select(TSimd.FirstLanes(lanes), value, default(TVector));
    }

    /// <summary>Value and derivative of an activation from what forward kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Recall<TActivation>(TActivation activation, TVector kept, out TVector derivative)
        where TActivation : struct, IRecurrentActivation<TSimd, TVector>
    {
        TVector value = TActivation.KeepsOutput ? kept : activation.Value(kept);
        derivative = activation.Derivative(kept, value);
        return value;
    }
}
