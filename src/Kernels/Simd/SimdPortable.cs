using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary><see cref="Vector{T}"/>: as wide as the runtime chooses, no instruction set named.</summary>
internal readonly unsafe struct SimdPortable : ISimd<Vector<float>>
{
    public static int Count => Vector<float>.Count;

    // Vector<T> names no instruction set, so it is taken for a machine with few registers.
    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Splat(float value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> SplatOperand(float* source) => Vector.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LoadPartial(float* source, int count) => LaneByLane<SimdPortable, Vector<float>>.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector<float> value, int count) => LaneByLane<SimdPortable, Vector<float>>.StorePartial(destination, value, count);

    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
        => LaneByLane<SimdPortable, Vector<float>>.Transpose(source, sourceStride, destination, destinationStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Add(Vector<float> left, Vector<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Subtract(Vector<float> left, Vector<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Multiply(Vector<float> left, Vector<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Divide(Vector<float> left, Vector<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend)
        => Vector.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MaxNative(Vector<float> left, Vector<float> right) => Vector.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MinNative(Vector<float> left, Vector<float> right) => Vector.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Max(Vector<float> left, Vector<float> right) => Vector.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Min(Vector<float> left, Vector<float> right) => Vector.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Abs(Vector<float> value) => Vector.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sqrt(Vector<float> value) => Vector.SquareRoot(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Round(Vector<float> value) => Vector.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ScaleByPowerOfTwo(Vector<float> value, Vector<float> exponent)
        => value * Vector.AsVectorSingle(Vector.ShiftLeft(Vector.ConvertToInt32Native(exponent) + Vector.Create(127), 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ScaleByAnyPowerOfTwo(Vector<float> value, Vector<float> exponent)
    {
        // In two halves, each a normal power: only the second product can round.
        Vector<int> whole = Vector.ConvertToInt32Native(exponent);
        Vector<int> half = Vector.ShiftRightArithmetic(whole, 1);
        Vector<int> bias = Vector.Create(127);
        return value * Vector.AsVectorSingle(Vector.ShiftLeft(half + bias, 23)) * Vector.AsVectorSingle(Vector.ShiftLeft(whole - half + bias, 23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> SplitMantissa(Vector<float> value, out Vector<float> exponent)
    {
        // Bits above those of √½ count whole octaves; taking them off leaves a number in [√½, √2).
        Vector<int> bits = Vector.AsVectorInt32(value);
        Vector<int> octaves = Vector.ShiftRightArithmetic(bits - Vector.Create(0x3F3504F3), 23);
        exponent = Vector.ConvertToSingle(octaves);
        return Vector.AsVectorSingle(bits - Vector.ShiftLeft(octaves, 23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> FirstLanes(int count)
        => Vector.AsVectorSingle(Vector.LessThan(Vector<int>.Indices, Vector.Create(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyUInt32(Vector<float> value, uint factor, out Vector<float> high)
    {
        Vector<ulong> lowHalves = Vector.Create(0xFFFF_FFFFUL);
        Vector<ulong> pairs = Vector.AsVectorUInt64(value);
        Vector<ulong> even = (pairs & lowHalves) * factor;
        Vector<ulong> odd = Vector.ShiftRightLogical(pairs, 32) * factor;
        high = Vector.AsVectorSingle(Vector.ShiftRightLogical(even, 32) | (odd & ~lowHalves));
        return Vector.AsVectorSingle((even & lowHalves) | Vector.ShiftLeft(odd, 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> SplatUInt32(uint value) => Vector.AsVectorSingle(Vector.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> CountUpUInt32(uint first) => Vector.AsVectorSingle(Vector.Create(first) + Vector<uint>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> UnitInterval(Vector<float> bits)
        => Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.ShiftRightLogical(Vector.AsVectorUInt32(bits), 8))) * Vector.Create(1f / 16_777_216);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> LessThan(Vector<float> left, Vector<float> right)
        => Vector.AsVectorSingle(Vector.LessThan(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> GreaterThan(Vector<float> left, Vector<float> right)
        => Vector.AsVectorSingle(Vector.GreaterThan(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Equal(Vector<float> left, Vector<float> right)
        => Vector.AsVectorSingle(Vector.Equals(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Select(Vector<float> mask, Vector<float> whenSet, Vector<float> whenClear)
        => Vector.ConditionalSelect(Vector.AsVectorInt32(mask), whenSet, whenClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ZeroBelow(Vector<float> value, float limit)
        => Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(value), new Vector<float>(limit)), Vector<float>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> BitAnd(Vector<float> left, Vector<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> BitOr(Vector<float> left, Vector<float> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> BitXor(Vector<float> left, Vector<float> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector<float> value) => Vector.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(Vector<float> v0, Vector<float> v1, Vector<float> v2, Vector<float> v3, Vector<float> v4, Vector<float> v5, Vector<float> v6, Vector<float> v7, float* sums)
        => LaneByLane<SimdPortable, Vector<float>>.SumEight(v0, v1, v2, v3, v4, v5, v6, v7, sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Vector<float> value)
    {
        float largest = value[0];
        for (int i = 1; i < Vector<float>.Count; i++)
            largest = MathF.Max(largest, value[i]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNativeAcross(Vector<float> value)
    {
        float largest = value[0];
        for (int i = 1; i < Vector<float>.Count; i++)
            largest = value[i] > largest ? value[i] : largest;
        return largest;
    }
}
