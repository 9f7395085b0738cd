using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>Operands for gradient checks: spread values under every kind of layout.</summary>
internal static class TestTensors
{
    /// <summary>Every layout that a user's view can have.</summary>
    public static readonly string[] LayoutNames = ["contiguous", "transposed", "sliced", "flipped", "broadcast"];

    /// <summary>Evenly spaced values over [low, high] in a shuffled order: no ties, and none at 0 of a symmetric range, so no kink is near.</summary>
    public static Tensor<float> Spread(int seed, float low, float high, params int[] shape)
    {
        int count = Shapes.Count(shape);
        int[] order = RandomSource.FromSeed(seed).Permutation(count);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = low + ((high - low) * (order[i] + 0.5f) / count);
        return Tensor.From<float>(values, shape);
    }

    /// <summary>Spread values seen through a layout.</summary>
    public static Tensor<float> Of(string layout, int seed, float low, float high, params int[] shape)
    {
        // A scalar has no axis to lay out.
        switch (shape.Length == 0 ? "contiguous" : layout)
        {
            case "contiguous":
                return Spread(seed, low, high, shape);
            case "transposed":
                return Spread(seed, low, high, [.. shape.Reverse()]).Permute([.. Enumerable.Range(0, shape.Length).Reverse()]);
            case "sliced":
                Tensor<float> larger = Spread(seed, low, high, [.. shape.Select(size => size + 2)]);
                Slice[] inside = [.. shape.Select(size => (Slice)(1..(size + 1)))];
                return larger[inside];
            case "flipped":
                // Of a vector once: twice is the vector itself.
                Tensor<float> flipped = Spread(seed, low, high, shape).Flip(0);
                return shape.Length > 1 ? flipped.Flip(-1) : flipped;
            case "broadcast":
                return Spread(seed, low, high, [1, .. shape.Skip(1)]).BroadcastTo(shape);
            default:
                throw new ArgumentException($"'{layout}' is no layout of TestTensors.", nameof(layout));
        }
    }
}
