using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>256 bits: 8 floats a vector.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Count => 8;

    public static int Registers => Avx512F.VL.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Splat(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SplatOperand(float* source) => Vector256.Create(Avx512F.VL.IsSupported ? Volatile.Read(ref *source) : *source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPartial(float* source, int count)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, FirstLanes(count));
        return LoadLanes(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector256<float> value, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(destination, FirstLanes(count), value);
            return;
        }
        StoreLanes(destination, value, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FirstLanes(int count)
        => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        if (!Avx.IsSupported)
        {
            LaneByLane<Simd256, Vector256<float>>.Transpose(source, sourceStride, destination, destinationStride);
            return;
        }
        TransposeHalf(source, sourceStride, destination, destinationStride);
        TransposeHalf(source + 4, sourceStride, destination + (4 * destinationStride), destinationStride);
    }

    /// <summary>4 columns of 8 rows become 4 rows of 8.</summary>
    /// <remarks>Rows 0 to 3 are loaded into lower halves, rows 4 to 7 into upper ones: nothing has to cross the halves afterwards, and an insertion from memory takes
    /// any of three ports where a shuffle takes one of two. 8 insertions and 16 shuffles for 64 floats instead of 24 shuffles.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeHalf(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        float* lower = source + (4 * sourceStride);
        Vector256<float> r0 = Avx.InsertVector128(Vector128.Load(source).ToVector256Unsafe(), Vector128.Load(lower), 1);
        Vector256<float> r1 = Avx.InsertVector128(Vector128.Load(source + sourceStride).ToVector256Unsafe(), Vector128.Load(lower + sourceStride), 1);
        Vector256<float> r2 = Avx.InsertVector128(Vector128.Load(source + (2 * sourceStride)).ToVector256Unsafe(), Vector128.Load(lower + (2 * sourceStride)), 1);
        Vector256<float> r3 = Avx.InsertVector128(Vector128.Load(source + (3 * sourceStride)).ToVector256Unsafe(), Vector128.Load(lower + (3 * sourceStride)), 1);
        // Within each half: pairs of rows interleaved, then pairs of pairs.
        Vector256<float> u0 = Avx.UnpackLow(r0, r1), u1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> u2 = Avx.UnpackLow(r2, r3), u3 = Avx.UnpackHigh(r2, r3);
        *(Vector256<float>*)destination = Avx.Shuffle(u0, u2, 0x44);
        *(Vector256<float>*)(destination + destinationStride) = Avx.Shuffle(u0, u2, 0xEE);
        *(Vector256<float>*)(destination + (2 * destinationStride)) = Avx.Shuffle(u1, u3, 0x44);
        *(Vector256<float>*)(destination + (3 * destinationStride)) = Avx.Shuffle(u1, u3, 0xEE);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend)
        => Vector256.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MaxNative(Vector256<float> left, Vector256<float> right) => Vector256.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MinNative(Vector256<float> left, Vector256<float> right) => Vector256.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sqrt(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Round(Vector256<float> value) => Vector256.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ScaleByPowerOfTwo(Vector256<float> value, Vector256<float> exponent)
        => value * (Vector256.ShiftLeft(Vector256.ConvertToInt32Native(exponent) + Vector256.Create(127), 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ScaleByAnyPowerOfTwo(Vector256<float> value, Vector256<float> exponent)
    {
        // In two halves, each a normal power: only the second product can round.
        Vector256<int> whole = Vector256.ConvertToInt32Native(exponent);
        Vector256<int> half = Vector256.ShiftRightArithmetic(whole, 1);
        Vector256<int> bias = Vector256.Create(127);
        return value * Vector256.ShiftLeft(half + bias, 23).AsSingle() * Vector256.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SplitMantissa(Vector256<float> value, out Vector256<float> exponent)
    {
        // Bits above those of √½ count whole octaves; taking them off leaves a number in [√½, √2).
        Vector256<int> octaves = Vector256.ShiftRightArithmetic(value.AsInt32() - Vector256.Create(0x3F3504F3), 23);
        exponent = Vector256.ConvertToSingle(octaves);
        return (value.AsInt32() - Vector256.ShiftLeft(octaves, 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyUInt32(Vector256<float> value, uint factor, out Vector256<float> high)
    {
        Vector256<ulong> even;
        Vector256<ulong> odd;
        if (Avx2.IsSupported)
        {
            Vector256<uint> splat = Vector256.Create(factor);
            even = Avx2.Multiply(value.AsUInt32(), splat);
            odd = Avx2.Multiply(Vector256.ShiftRightLogical(value.AsUInt64(), 32).AsUInt32(), splat);
        }
        else
        {
            even = (value.AsUInt64() & Vector256.Create(0xFFFF_FFFFUL)) * factor;
            odd = Vector256.ShiftRightLogical(value.AsUInt64(), 32) * factor;
        }
        Vector256<ulong> lowHalves = Vector256.Create(0xFFFF_FFFFUL);
        high = ((Vector256.ShiftRightLogical(even, 32)) | (odd & ~lowHalves)).AsSingle();
        return ((even & lowHalves) | Vector256.ShiftLeft(odd, 32)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SplatUInt32(uint value) => Vector256.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CountUpUInt32(uint first) => (Vector256.Create(first) + Vector256<uint>.Indices).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UnitInterval(Vector256<float> bits)
        => Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bits.AsUInt32(), 8).AsInt32()) * Vector256.Create(1f / 16_777_216);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LessThan(Vector256<float> left, Vector256<float> right) => Vector256.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> GreaterThan(Vector256<float> left, Vector256<float> right) => Vector256.GreaterThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Equal(Vector256<float> left, Vector256<float> right) => Vector256.Equals(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Select(Vector256<float> mask, Vector256<float> whenSet, Vector256<float> whenClear)
        => Vector256.ConditionalSelect(mask, whenSet, whenClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ZeroBelow(Vector256<float> value, float limit)
        => Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(value), Vector256.Create(limit)), Vector256<float>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> BitAnd(Vector256<float> left, Vector256<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> BitOr(Vector256<float> left, Vector256<float> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> BitXor(Vector256<float> left, Vector256<float> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Simd128.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3, Vector256<float> v4, Vector256<float> v5, Vector256<float> v6, Vector256<float> v7, float* sums)
    {
        if (!Avx.IsSupported)
        {
            EightLanes(v0, v1, v2, v3, v4, v5, v6, v7, sums);
            return;
        }
        Vector256<float> low = Avx.HorizontalAdd(Avx.HorizontalAdd(v0, v1), Avx.HorizontalAdd(v2, v3));
        Vector256<float> high = Avx.HorizontalAdd(Avx.HorizontalAdd(v4, v5), Avx.HorizontalAdd(v6, v7));
        Vector256.Store(Avx.Permute2x128(low, high, 0x20) + Avx.Permute2x128(low, high, 0x31), sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Vector256<float> value) => Simd128.MaxAcross(Vector128.Max(value.GetLower(), value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNativeAcross(Vector256<float> value)
        => Simd128.MaxNativeAcross(Vector128.MaxNative(value.GetLower(), value.GetUpper()));

    // Where the hardware masks nothing. Named here, because the compiler resolves every call of a body that it inlines, run or not, and one of another generic type dearly.
    private static Vector256<float> LoadLanes(float* source, int count) => LaneByLane<Simd256, Vector256<float>>.LoadPartial(source, count);

    private static void EightLanes(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3, Vector256<float> v4, Vector256<float> v5, Vector256<float> v6, Vector256<float> v7, float* sums)
        => LaneByLane<Simd256, Vector256<float>>.SumEight(v0, v1, v2, v3, v4, v5, v6, v7, sums);

    private static void StoreLanes(float* destination, Vector256<float> value, int count) => LaneByLane<Simd256, Vector256<float>>.StorePartial(destination, value, count);
}
