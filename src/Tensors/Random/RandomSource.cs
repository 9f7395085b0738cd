using System.Globalization;
using FlatFuse.Kernels;

namespace FlatFuse.Tensors;

/// <summary>
/// Random tensors as functions of a key: a source holds no state, so the same call gives the same bits every time. Two draws that must
/// differ take sources of different keys (<see cref="Derive(string)"/>).
/// </summary>
/// <param name="Key">The stream.</param>
public readonly record struct RandomSource(RandomKey Key)
{
    /// <summary>The source of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public static RandomSource FromSeed(long seed) => new(RandomKey.FromSeed(seed));

    /// <summary>An independent source below this one.</summary>
    /// <param name="name">For example a parameter's path.</param>
    public RandomSource Derive(string name) => new(Key.Derive(name));

    /// <summary>An independent source below this one.</summary>
    /// <param name="number">For example a step.</param>
    public RandomSource Derive(ulong number) => new(Key.Derive(number));

    /// <summary>Numbers spread evenly over [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above the largest.</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentException">The bounds are not finite, or low is above high.</exception>
    public Tensor<float> Uniform(double low, double high, params ReadOnlySpan<int> shape)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"RandomSource.Uniform: bounds {low} … {high}; expected finite numbers, the lower one first."));
        Tensor<float> result = Tensor.Zeros<float>(shape);
        // Rounding to float may arrive at the upper bound itself: the float below stands in for it.
        float largest = high > low ? Math.Max((float)low, MathF.BitDecrement((float)high)) : (float)low;
        Span<float> values = result.AsSpan();
        Philox.Uniform(Key.Value, values);
        foreach (ref float value in values)
            value = Math.Min((float)(low + (high - low) * value), largest);
        return result;
    }

    /// <summary>Normally distributed numbers.</summary>
    /// <remarks>Box and Muller, A note on the generation of random normal deviates, 1958; computed in double.</remarks>
    /// <param name="mean">Their mean.</param>
    /// <param name="standardDeviation">Their standard deviation, 0 or more.</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentException">The mean is not finite, or the deviation is negative or not finite.</exception>
    public Tensor<float> Normal(double mean, double standardDeviation, params ReadOnlySpan<int> shape)
    {
        CheckNormal("Normal", mean, standardDeviation);
        Tensor<float> result = Tensor.Zeros<float>(shape);
        Philox.Normal(Key.Value, result.AsSpan());
        return Scaled(result, mean, standardDeviation);
    }

    /// <summary>Normally distributed numbers within two standard deviations of the mean; those beyond are drawn again.</summary>
    /// <remarks>What remains has a standard deviation of 0.8796 times the given one, as in Keras.</remarks>
    /// <param name="mean">Their mean.</param>
    /// <param name="standardDeviation">The standard deviation before the cut, 0 or more.</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentException">The mean is not finite, or the deviation is negative or not finite.</exception>
    public Tensor<float> TruncatedNormal(double mean, double standardDeviation, params ReadOnlySpan<int> shape)
    {
        CheckNormal("TruncatedNormal", mean, standardDeviation);
        Tensor<float> result = Tensor.Zeros<float>(shape);
        Philox.TruncatedNormal(Key.Value, result.AsSpan());
        return Scaled(result, mean, standardDeviation);
    }

    /// <summary>Whole numbers in low … high − 1, each equally likely.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">One above the largest.</param>
    /// <param name="shape">Sizes.</param>
    /// <exception cref="ArgumentException">Low is not below high.</exception>
    public Tensor<int> Integers(int low, int high, params ReadOnlySpan<int> shape)
    {
        if (low >= high)
            throw new ArgumentException($"RandomSource.Integers: no whole number lies in {low} … {high} − 1; expected low below high.");
        Tensor<int> result = Tensor.Zeros<int>(shape);
        uint span = (uint)((long)high - low);
        var bits = new RandomBits(Key);
        foreach (ref int value in result)
            value = (int)(low + (long)bits.NextBelow(span));
        return result;
    }

    /// <summary>The numbers 0 … n − 1 in random order, each order equally likely (Fisher and Yates, as Durstenfeld gave it).</summary>
    /// <param name="n">How many, 0 or more.</param>
    public int[] Permutation(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var order = new int[n];
        for (int i = 0; i < n; i++)
            order[i] = i;
        var bits = new RandomBits(Key);
        for (int i = n - 1; i > 0; i--)
        {
            int j = (int)bits.NextBelow((uint)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static Tensor<float> Scaled(Tensor<float> unit, double mean, double standardDeviation)
    {
        foreach (ref float value in unit.AsSpan())
            value = (float)(mean + standardDeviation * value);
        return unit;
    }

    private static void CheckNormal(string operation, double mean, double standardDeviation)
    {
        if (!double.IsFinite(mean) || !double.IsFinite(standardDeviation) || standardDeviation < 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"RandomSource.{operation}: mean {mean}, standard deviation {standardDeviation}; expected finite numbers, the deviation 0 or more."));
    }
}
