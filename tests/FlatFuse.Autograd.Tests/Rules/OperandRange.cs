using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>An operand of an <see cref="OperationCase"/>: different numbers, evenly spaced over [Low, High].</summary>
internal sealed record OperandRange(float Low, float High, int[] Shape)
{
    /// <summary>Numbers over [−1, 1].</summary>
    public static OperandRange Of(params int[] shape) => new(-1f, 1f, shape);

    /// <summary>Numbers over another range.</summary>
    public static OperandRange Between(float low, float high, params int[] shape) => new(low, high, shape);

    public Tensor<float> Values(string layout, int seed) => TestTensors.Of(layout, seed + 1, Low, High, Shape);
}
