using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>512 bits: 16 floats a vector.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Count => 16;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Splat(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SplatOperand(float* source) => Vector512.Create(Volatile.Read(ref *source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadPartial(float* source, int count)
    {
        if (Avx512F.IsSupported)
            return Avx512F.MaskLoad(source, FirstLanes(count), Vector512<float>.Zero);
        return LoadLanes(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector512<float> value, int count)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(destination, FirstLanes(count), value);
            return;
        }
        StoreLanes(destination, value, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FirstLanes(int count)
        => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <remarks>Eight pieces of 256 bits: shuffles of 512 have one port, those of 256 two.</remarks>
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        if (!Avx.IsSupported)
        {
            LaneByLane<Simd512, Vector512<float>>.Transpose(source, sourceStride, destination, destinationStride);
            return;
        }
        for (int half = 0; half < 2; half++)
        {
            Simd256.TransposeHalf(source, sourceStride, destination, destinationStride);
            Simd256.TransposeHalf(source + 4, sourceStride, destination + (4 * destinationStride), destinationStride);
            Simd256.TransposeHalf(source + 8, sourceStride, destination + (8 * destinationStride), destinationStride);
            Simd256.TransposeHalf(source + 12, sourceStride, destination + (12 * destinationStride), destinationStride);
            source += 8 * sourceStride;
            destination += 8;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend)
        => Vector512.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MaxNative(Vector512<float> left, Vector512<float> right) => Vector512.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MinNative(Vector512<float> left, Vector512<float> right) => Vector512.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> value) => Vector512.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ScaleByPowerOfTwo(Vector512<float> value, Vector512<float> exponent)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Scale(value, exponent);
        return value * (Vector512.ShiftLeft(Vector512.ConvertToInt32Native(exponent) + Vector512.Create(127), 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ScaleByAnyPowerOfTwo(Vector512<float> value, Vector512<float> exponent)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Scale(value, exponent);
        // In two halves, each a normal power: only the second product can round.
        Vector512<int> whole = Vector512.ConvertToInt32Native(exponent);
        Vector512<int> half = Vector512.ShiftRightArithmetic(whole, 1);
        Vector512<int> bias = Vector512.Create(127);
        return value * Vector512.ShiftLeft(half + bias, 23).AsSingle() * Vector512.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SplitMantissa(Vector512<float> value, out Vector512<float> exponent)
    {
        // Bits above those of √½ count whole octaves; taking them off leaves a number in [√½, √2).
        Vector512<int> octaves = Vector512.ShiftRightArithmetic(value.AsInt32() - Vector512.Create(0x3F3504F3), 23);
        exponent = Vector512.ConvertToSingle(octaves);
        return (value.AsInt32() - Vector512.ShiftLeft(octaves, 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyUInt32(Vector512<float> value, uint factor, out Vector512<float> high)
    {
        Vector512<ulong> even;
        Vector512<ulong> odd;
        if (Avx512F.IsSupported)
        {
            Vector512<uint> splat = Vector512.Create(factor);
            even = Avx512F.Multiply(value.AsUInt32(), splat);
            odd = Avx512F.Multiply(Vector512.ShiftRightLogical(value.AsUInt64(), 32).AsUInt32(), splat);
        }
        else
        {
            even = (value.AsUInt64() & Vector512.Create(0xFFFF_FFFFUL)) * factor;
            odd = Vector512.ShiftRightLogical(value.AsUInt64(), 32) * factor;
        }
        Vector512<ulong> lowHalves = Vector512.Create(0xFFFF_FFFFUL);
        high = ((Vector512.ShiftRightLogical(even, 32)) | (odd & ~lowHalves)).AsSingle();
        return ((even & lowHalves) | Vector512.ShiftLeft(odd, 32)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SplatUInt32(uint value) => Vector512.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CountUpUInt32(uint first) => (Vector512.Create(first) + Vector512<uint>.Indices).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> UnitInterval(Vector512<float> bits)
        => Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bits.AsUInt32(), 8).AsInt32()) * Vector512.Create(1f / 16_777_216);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LessThan(Vector512<float> left, Vector512<float> right) => Vector512.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GreaterThan(Vector512<float> left, Vector512<float> right) => Vector512.GreaterThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Equal(Vector512<float> left, Vector512<float> right) => Vector512.Equals(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Select(Vector512<float> mask, Vector512<float> whenSet, Vector512<float> whenClear)
        => Vector512.ConditionalSelect(mask, whenSet, whenClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ZeroBelow(Vector512<float> value, float limit)
        => Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(value), Vector512.Create(limit)), Vector512<float>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> BitAnd(Vector512<float> left, Vector512<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> BitOr(Vector512<float> left, Vector512<float> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> BitXor(Vector512<float> left, Vector512<float> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Simd256.Sum(value.GetLower() + value.GetUpper());

    /// <remarks>Vectors are added in pairs, which leaves half of each: 24 instructions take the place of eight times nine. Where one can be blended instead of shuffled it is, because shuffles have one port.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3, Vector512<float> v4, Vector512<float> v5, Vector512<float> v6, Vector512<float> v7, float* sums)
    {
        if (!Avx512F.IsSupported)
        {
            Simd256.SumEight(
                v0.GetLower() + v0.GetUpper(), v1.GetLower() + v1.GetUpper(), v2.GetLower() + v2.GetUpper(), v3.GetLower() + v3.GetUpper(),
                v4.GetLower() + v4.GetUpper(), v5.GetLower() + v5.GetUpper(), v6.GetLower() + v6.GetUpper(), v7.GetLower() + v7.GetUpper(), sums);
            return;
        }
        Vector512<float> low = Quarters(Halves(v0, v1), Halves(v2, v3)), high = Quarters(Halves(v4, v5), Halves(v6, v7));
        // Of the lower 256 bits both parts are four of the first sums, of the upper ones four of the others.
        Vector512<float> both = Avx512F.BlendVariable(high, low, Vector512.Create(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0).AsSingle()) + Avx512F.Shuffle4x128(low, high, 0x4E);
        Vector256.Store((Avx512F.Shuffle4x128(both, both, 0x88) + Avx512F.Shuffle4x128(both, both, 0xDD)).GetLower(), sums);
    }

    // Of each 128 bits the first two lanes are the left vector's, the others the right one's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(Vector512<float> left, Vector512<float> right)
        => Avx512F.BlendVariable(right, left, Vector512.Create(-1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0).AsSingle()) + Avx512F.Shuffle(left, right, 0x4E);

    // Of each 128 bits a lane for each of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(Vector512<float> left, Vector512<float> right)
        => Avx512F.Shuffle(left, right, 0x88) + Avx512F.Shuffle(left, right, 0xDD);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Vector512<float> value) => Simd256.MaxAcross(Vector256.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNativeAcross(Vector512<float> value)
        => Simd256.MaxNativeAcross(Vector256.MaxNative(value.GetLower(), value.GetUpper()));

    // Where the hardware masks nothing. Named here, because the compiler resolves every call of a body that it inlines, run or not, and one of another generic type dearly.
    private static Vector512<float> LoadLanes(float* source, int count) => LaneByLane<Simd512, Vector512<float>>.LoadPartial(source, count);

    private static void StoreLanes(float* destination, Vector512<float> value, int count) => LaneByLane<Simd512, Vector512<float>>.StorePartial(destination, value, count);
}
