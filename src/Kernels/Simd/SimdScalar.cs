using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>One float a vector: the same kernel bodies where no vector unit is to be used.</summary>
internal readonly unsafe struct SimdScalar : ISimd<float>
{
    public static int Count => 1;

    public static float Zero => 0f;

    public static float Splat(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float* destination, float value) => *destination = value;

    public static float LoadPartial(float* source, int count) => count > 0 ? *source : 0f;

    public static void StorePartial(float* destination, float value, int count)
    {
        if (count > 0)
            *destination = value;
    }

    public static float Add(float left, float right) => left + right;

    public static float Subtract(float left, float right) => left - right;

    public static float Multiply(float left, float right) => left * right;

    public static float Divide(float left, float right) => left / right;

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

    public static float LessThan(float left, float right) => Mask(left < right);

    public static float GreaterThan(float left, float right) => Mask(left > right);

    public static float Equal(float left, float right) => Mask(left == right);

    public static float Select(float mask, float whenSet, float whenClear)
        => BitConverter.SingleToUInt32Bits(mask) != 0 ? whenSet : whenClear;

    public static float BitAnd(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) & BitConverter.SingleToUInt32Bits(right));

    public static float BitOr(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) | BitConverter.SingleToUInt32Bits(right));

    public static float BitXor(float left, float right)
        => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(left) ^ BitConverter.SingleToUInt32Bits(right));

    public static float Sum(float value) => value;

    public static float MaxAcross(float value) => value;

    private static float Mask(bool set) => BitConverter.UInt32BitsToSingle(set ? uint.MaxValue : 0u);
}
