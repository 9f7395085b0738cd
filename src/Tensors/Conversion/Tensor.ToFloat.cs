using System.Globalization;
using System.Numerics;

namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    // 2^24: up to here every whole number is a float.
    private const double LargestExact = 16_777_216;

    /// <inheritdoc/>
    public override Tensor<float> ToFloat()
    {
        if ((object)this is Tensor<float> same)
            return same;
        float[] result = GC.AllocateUninitializedArray<float>(Count);
        ToFloat(result);
        return new Tensor<float>(result, new Layout(Shape));
    }

    /// <inheritdoc/>
    public override void ToFloat(Span<float> destination)
    {
        if (destination.Length != Count)
            throw new ArgumentException($"ToFloat: shape {Shapes.Format(Shape)} has {Count} elements, the destination {destination.Length}; expected as many.", nameof(destination));
        switch ((object)this)
        {
            case Tensor<float> values: values.CopyTo(destination); break;
            case Tensor<double> values: Rounded(values, destination); break;
            case Tensor<Half> values: Rounded(values, destination); break;
            case Tensor<bool> values: FromBool(values, destination); break;
            case Tensor<byte> values: Exact(values, destination); break;
            case Tensor<sbyte> values: Exact(values, destination); break;
            case Tensor<short> values: Exact(values, destination); break;
            case Tensor<ushort> values: Exact(values, destination); break;
            case Tensor<int> values: Exact(values, destination); break;
            case Tensor<uint> values: Exact(values, destination); break;
            case Tensor<long> values: Exact(values, destination); break;
            case Tensor<ulong> values: Exact(values, destination); break;
            default: throw new NotSupportedException($"ToFloat: no conversion from {typeof(T).Name} to float; expected float, double, Half, bool or a whole-number type up to 64 bits.");
        }
    }

    private static void Exact<TInteger>(Tensor<TInteger> source, Span<float> destination)
        where TInteger : unmanaged, IBinaryInteger<TInteger>
    {
        int written = 0;
        foreach (TInteger value in source)
        {
            // Rounding to double keeps the order, so that the test is right for 64-bit numbers too.
            double wide = double.CreateTruncating(value);
            if (Math.Abs(wide) > LargestExact)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ToFloat: the value {value} at {Shapes.Format(Shapes.IndexAt(written, source.Shape))} of shape {Shapes.Format(source.Shape)} is beyond 16777216, up to which float holds every whole number. Renumber the ids, or scale the values as doubles."));
            destination[written++] = (float)wide;
        }
    }

    private static void Rounded<TFloat>(Tensor<TFloat> source, Span<float> destination)
        where TFloat : unmanaged, IFloatingPoint<TFloat>
    {
        int written = 0;
        foreach (TFloat value in source)
            destination[written++] = float.CreateTruncating(value);
    }

    private static void FromBool(Tensor<bool> source, Span<float> destination)
    {
        int written = 0;
        foreach (bool value in source)
            destination[written++] = value ? 1 : 0;
    }
}
