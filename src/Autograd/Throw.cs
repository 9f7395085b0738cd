using System.Diagnostics.CodeAnalysis;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>Refusals of this floor: operation, what came, what was expected, what to do next.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Shape(string operation, ReadOnlySpan<int> shape, string expected, string hint)
        => throw new ArgumentException($"{operation}: received shape {Shapes.Format(shape)}; expected {expected}. {hint}");

    [DoesNotReturn]
    public static void Pair(string operation, string problem, ReadOnlySpan<int> left, ReadOnlySpan<int> right, string expected, string hint)
        => throw new ArgumentException($"{operation}: {problem}, left {Shapes.Format(left)} × right {Shapes.Format(right)}; expected {expected}. {hint}");

    [DoesNotReturn]
    public static void Operand(string operation, string operand, ReadOnlySpan<int> shape, string expected, string hint)
        => throw new ArgumentException($"{operation}: {operand} has shape {Shapes.Format(shape)}; expected {expected}. {hint}");

    [DoesNotReturn]
    public static void Range(string operation, string message)
        => throw new ArgumentOutOfRangeException(null, $"{operation}: {message}");
}
