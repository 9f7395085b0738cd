using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>128 bits: 4 floats a vector.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Count => 4;

    public static int Registers => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Splat(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SplatOperand(float* source) => Vector128.Create(Avx512F.VL.IsSupported ? Volatile.Read(ref *source) : *source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* source, int count)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, FirstLanes(count));
        return LoadLanes(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector128<float> value, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(destination, FirstLanes(count), value);
            return;
        }
        StoreLanes(destination, value, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FirstLanes(int count)
        => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        if (!Sse.IsSupported)
        {
            LaneByLane<Simd128, Vector128<float>>.Transpose(source, sourceStride, destination, destinationStride);
            return;
        }
        Vector128<float> r0 = *(Vector128<float>*)source, r1 = *(Vector128<float>*)(source + sourceStride);
        Vector128<float> r2 = *(Vector128<float>*)(source + (2 * sourceStride)), r3 = *(Vector128<float>*)(source + (3 * sourceStride));
        // a0 b0 a1 b1 | a2 b2 a3 b3 | c0 d0 c1 d1 | c2 d2 c3 d3
        Vector128<float> t0 = Sse.UnpackLow(r0, r1), t1 = Sse.UnpackHigh(r0, r1);
        Vector128<float> t2 = Sse.UnpackLow(r2, r3), t3 = Sse.UnpackHigh(r2, r3);
        *(Vector128<float>*)destination = Sse.MoveLowToHigh(t0, t2);
        *(Vector128<float>*)(destination + destinationStride) = Sse.MoveHighToLow(t2, t0);
        *(Vector128<float>*)(destination + (2 * destinationStride)) = Sse.MoveLowToHigh(t1, t3);
        *(Vector128<float>*)(destination + (3 * destinationStride)) = Sse.MoveHighToLow(t3, t1);
    }

    /// <summary>Two runs of four numbers become four pairs. For x86.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Zip(float* first, float* second, float* pairs)
    {
        Vector128<float> a = *(Vector128<float>*)first, b = *(Vector128<float>*)second;
        *(Vector128<float>*)pairs = Sse.UnpackLow(a, b);
        *(Vector128<float>*)(pairs + 4) = Sse.UnpackHigh(a, b);
    }

    /// <summary>Four pairs become two runs of four numbers. For x86.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unzip(float* pairs, float* first, float* second)
    {
        Vector128<float> a = *(Vector128<float>*)pairs, b = *(Vector128<float>*)(pairs + 4);
        *(Vector128<float>*)first = Sse.Shuffle(a, b, 0x88);
        *(Vector128<float>*)second = Sse.Shuffle(a, b, 0xDD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend)
        => Vector128.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MaxNative(Vector128<float> left, Vector128<float> right) => Vector128.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MinNative(Vector128<float> left, Vector128<float> right) => Vector128.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> value) => Vector128.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ScaleByPowerOfTwo(Vector128<float> value, Vector128<float> exponent)
        => value * (Vector128.ShiftLeft(Vector128.ConvertToInt32Native(exponent) + Vector128.Create(127), 23)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ScaleByAnyPowerOfTwo(Vector128<float> value, Vector128<float> exponent)
    {
        // In two halves, each a normal power: only the second product can round.
        Vector128<int> whole = Vector128.ConvertToInt32Native(exponent);
        Vector128<int> half = Vector128.ShiftRightArithmetic(whole, 1);
        Vector128<int> bias = Vector128.Create(127);
        return value * Vector128.ShiftLeft(half + bias, 23).AsSingle() * Vector128.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SplitMantissa(Vector128<float> value, out Vector128<float> exponent)
    {
        // Bits above those of √½ count whole octaves; taking them off leaves a number in [√½, √2).
        Vector128<int> octaves = Vector128.ShiftRightArithmetic(value.AsInt32() - Vector128.Create(0x3F3504F3), 23);
        exponent = Vector128.ConvertToSingle(octaves);
        return (value.AsInt32() - Vector128.ShiftLeft(octaves, 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyUInt32(Vector128<float> value, uint factor, out Vector128<float> high)
    {
        Vector128<ulong> even;
        Vector128<ulong> odd;
        if (Sse2.IsSupported)
        {
            Vector128<uint> splat = Vector128.Create(factor);
            even = Sse2.Multiply(value.AsUInt32(), splat);
            odd = Sse2.Multiply(Vector128.ShiftRightLogical(value.AsUInt64(), 32).AsUInt32(), splat);
        }
        else
        {
            even = (value.AsUInt64() & Vector128.Create(0xFFFF_FFFFUL)) * factor;
            odd = Vector128.ShiftRightLogical(value.AsUInt64(), 32) * factor;
        }
        Vector128<ulong> lowHalves = Vector128.Create(0xFFFF_FFFFUL);
        high = ((Vector128.ShiftRightLogical(even, 32)) | (odd & ~lowHalves)).AsSingle();
        return ((even & lowHalves) | Vector128.ShiftLeft(odd, 32)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SplatUInt32(uint value) => Vector128.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CountUpUInt32(uint first) => (Vector128.Create(first) + Vector128<uint>.Indices).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> UnitInterval(Vector128<float> bits)
        => Vector128.ConvertToSingle(Vector128.ShiftRightLogical(bits.AsUInt32(), 8).AsInt32()) * Vector128.Create(1f / 16_777_216);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LessThan(Vector128<float> left, Vector128<float> right) => Vector128.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> GreaterThan(Vector128<float> left, Vector128<float> right) => Vector128.GreaterThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Equal(Vector128<float> left, Vector128<float> right) => Vector128.Equals(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Select(Vector128<float> mask, Vector128<float> whenSet, Vector128<float> whenClear)
        => Vector128.ConditionalSelect(mask, whenSet, whenClear);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZeroBelow(Vector128<float> value, float limit)
        => Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Abs(value), Vector128.Create(limit)), Vector128<float>.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> BitAnd(Vector128<float> left, Vector128<float> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> BitOr(Vector128<float> left, Vector128<float> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> BitXor(Vector128<float> left, Vector128<float> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumEight(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3, Vector128<float> v4, Vector128<float> v5, Vector128<float> v6, Vector128<float> v7, float* sums)
        => LaneByLane<Simd128, Vector128<float>>.SumEight(v0, v1, v2, v3, v4, v5, v6, v7, sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Vector128<float> value) => MathF.Max(MathF.Max(value[0], value[1]), MathF.Max(value[2], value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxNativeAcross(Vector128<float> value)
    {
        Vector128<float> pairs = Vector128.MaxNative(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    // Where the hardware masks nothing. Named here, because the compiler resolves every call of a body that it inlines, run or not, and one of another generic type dearly.
    private static Vector128<float> LoadLanes(float* source, int count) => LaneByLane<Simd128, Vector128<float>>.LoadPartial(source, count);

    private static void StoreLanes(float* destination, Vector128<float> value, int count) => LaneByLane<Simd128, Vector128<float>>.StorePartial(destination, value, count);
}
