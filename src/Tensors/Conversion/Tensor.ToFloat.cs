using System.Globalization;
using System.Numerics;

namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    // 2^24: up to here every whole number is a float.
    private const double LargestExact = 16_777_216;

    /// <inheritdoc/>
    public override Tensor<float> ToFloat() => (object)this switch
    {
        Tensor<float> same => same,
        Tensor<double> values => Rounded(values),
        Tensor<Half> values => Rounded(values),
        Tensor<bool> values => FromBool(values),
        Tensor<byte> values => Exact(values),
        Tensor<sbyte> values => Exact(values),
        Tensor<short> values => Exact(values),
        Tensor<ushort> values => Exact(values),
        Tensor<int> values => Exact(values),
        Tensor<uint> values => Exact(values),
        Tensor<long> values => Exact(values),
        Tensor<ulong> values => Exact(values),
        _ => throw new NotSupportedException($"ToFloat: no conversion from {typeof(T).Name} to float; expected float, double, Half, bool or a whole-number type up to 64 bits."),
    };

    private static Tensor<float> Exact<TInteger>(Tensor<TInteger> source)
        where TInteger : unmanaged, IBinaryInteger<TInteger>
    {
        float[] result = GC.AllocateUninitializedArray<float>(source.Count);
        int written = 0;
        foreach (TInteger value in source)
        {
            // Rounding to double keeps the order, so that the test is right for 64-bit numbers too.
            double wide = double.CreateTruncating(value);
            if (Math.Abs(wide) > LargestExact)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ToFloat: the value {value} at {Shapes.Format(Shapes.IndexAt(written, source.Shape))} of shape {Shapes.Format(source.Shape)} is beyond 16777216, up to which float holds every whole number. Renumber the ids, or scale the values as doubles."));
            result[written++] = (float)wide;
        }
        return new Tensor<float>(result, new Layout(source.Shape));
    }

    private static Tensor<float> Rounded<TFloat>(Tensor<TFloat> source)
        where TFloat : unmanaged, IFloatingPoint<TFloat>
    {
        float[] result = GC.AllocateUninitializedArray<float>(source.Count);
        int written = 0;
        foreach (TFloat value in source)
            result[written++] = float.CreateTruncating(value);
        return new Tensor<float>(result, new Layout(source.Shape));
    }

    private static Tensor<float> FromBool(Tensor<bool> source)
    {
        float[] result = GC.AllocateUninitializedArray<float>(source.Count);
        int written = 0;
        foreach (bool value in source)
            result[written++] = value ? 1 : 0;
        return new Tensor<float>(result, new Layout(source.Shape));
    }
}
