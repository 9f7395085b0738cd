using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>One float a vector: the same kernel bodies where no vector unit is to be used.</summary>
internal readonly unsafe struct SimdScalar : ISimd<float>
{
    public static int Count => 1;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Splat(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SplatOperand(float* source) => *source;

    public static float LoadPartial(float* source, int count) => count > 0 ? *source : 0f;

    public static void StorePartial(float* destination, float value, int count)
    {
        if (count > 0)
            *destination = value;
    }

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride) => *destination = *source;

    public static float Add(float left, float right) => left + right;

    public static float Subtract(float left, float right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float left, float right) => left * right;

    public static float Divide(float left, float right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float left, float right, float addend) => float.MultiplyAddEstimate(left, right, addend);

    public static float MaxNative(float left, float right) => left > right ? left : right;

    public static float MinNative(float left, float right) => left < right ? left : right;

    public static float Max(float left, float right) => MathF.Max(left, right);

    public static float Min(float left, float right) => MathF.Min(left, right);

    public static float Abs(float value) => MathF.Abs(value);

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Round(float value) => MathF.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ScaleByPowerOfTwo(float value, float exponent)
        => value * BitConverter.Int32BitsToSingle(((int)exponent + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ScaleByAnyPowerOfTwo(float value, float exponent)
    {
        // In two halves, each a normal power: only the second product can round.
        int whole = (int)exponent;
        int half = whole >> 1;
        return value * BitConverter.Int32BitsToSingle((half + 127) << 23) * BitConverter.Int32BitsToSingle((whole - half + 127) << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SplitMantissa(float value, out float exponent)
    {
        // Bits above those of √½ count whole octaves; taking them off leaves a number in [√½, √2).
        int bits = BitConverter.SingleToInt32Bits(value);
        int octaves = (bits - 0x3F3504F3) >> 23;
        exponent = octaves;
        return BitConverter.Int32BitsToSingle(bits - (octaves << 23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FirstLanes(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyUInt32(float value, uint factor, out float high)
    {
        ulong product = (ulong)BitConverter.SingleToUInt32Bits(value) * factor;
        high = BitConverter.UInt32BitsToSingle((uint)(product >> 32));
        return BitConverter.UInt32BitsToSingle((uint)product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SplatUInt32(uint value) => BitConverter.UInt32BitsToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float CountUpUInt32(uint first) => BitConverter.UInt32BitsToSingle(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float UnitInterval(float bits) => (BitConverter.SingleToUInt32Bits(bits) >> 8) * (1f / 16_777_216);

    public static float LessThan(float left, float right) => Mask(left < right);

    public static float GreaterThan(float left, float right) => Mask(left > right);

    public static float Equal(float left, float right) => Mask(left == right);

    public static float Select(float mask, float whenSet, float whenClear)
        => BitConverter.SingleToUInt32Bits(mask) != 0 ? whenSet : whenClear;

    public static float ZeroBelow(float value, float limit) => MathF.Abs(value) < limit ? 0f : value;

    public static float BitAnd(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) & BitConverter.SingleToUInt32Bits(right));

    public static float BitOr(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) | BitConverter.SingleToUInt32Bits(right));

    public static float BitXor(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) ^ BitConverter.SingleToUInt32Bits(right));

    public static float Sum(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(float v0, float v1, float v2, float v3, float v4, float v5, float v6, float v7, float* sums)
        => LaneByLane<SimdScalar, float>.SumEight(v0, v1, v2, v3, v4, v5, v6, v7, sums);

    public static float MaxAcross(float value) => value;

    public static float MaxNativeAcross(float value) => value;

    private static float Mask(bool set) => BitConverter.UInt32BitsToSingle(set ? uint.MaxValue : 0u);
}
