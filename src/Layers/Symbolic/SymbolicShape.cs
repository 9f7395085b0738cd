using System.Collections;
using System.Globalization;

namespace FlatFuse.Layers;

/// <summary>A shape whose sizes may be unknown until data arrives: <c>(None, 20, 3)</c>. Axis 0 is the batch.</summary>
public sealed class SymbolicShape : IReadOnlyList<int?>, IEquatable<SymbolicShape>
{
    private readonly int?[] _sizes;

    /// <summary>A shape of the given sizes, the batch included.</summary>
    /// <param name="sizes">Sizes; null where unknown.</param>
    public SymbolicShape(params ReadOnlySpan<int?> sizes) => _sizes = sizes.ToArray();

    /// <summary>Number of axes, the batch included.</summary>
    public int Rank => _sizes.Length;

    int IReadOnlyCollection<int?>.Count => _sizes.Length;

    /// <summary>The size of an axis, null when unknown; a negative axis counts from the end.</summary>
    /// <param name="axis">−rank … rank − 1.</param>
    public int? this[int axis] => _sizes[axis < 0 ? axis + _sizes.Length : axis];

    /// <summary>The shape of known sizes.</summary>
    /// <param name="sizes">Sizes.</param>
    public static SymbolicShape Of(ReadOnlySpan<int> sizes)
    {
        var shape = new int?[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            shape[i] = sizes[i];
        return new SymbolicShape(shape);
    }

    /// <summary>The same shape with one size replaced.</summary>
    /// <param name="axis">−rank … rank − 1.</param>
    /// <param name="size">The new size.</param>
    public SymbolicShape With(int axis, int? size)
    {
        int?[] sizes = [.. _sizes];
        sizes[axis < 0 ? axis + sizes.Length : axis] = size;
        return new SymbolicShape(sizes);
    }

    /// <summary>True when sizes agree wherever both are known.</summary>
    /// <param name="other">The other shape.</param>
    public bool IsCompatibleWith(SymbolicShape other)
    {
        if (Rank != other.Rank)
            return false;
        for (int i = 0; i < Rank; i++)
        {
            if (_sizes[i] is { } left && other._sizes[i] is { } right && left != right)
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SymbolicShape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SymbolicShape);

    /// <inheritdoc/>
    public override int GetHashCode() => _sizes.Aggregate(_sizes.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<int?> GetEnumerator() => ((IEnumerable<int?>)_sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Keras's spelling: <c>(None, 20, 3)</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> sizes = _sizes.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "None");
        return _sizes.Length == 1 ? $"({sizes.First()},)" : $"({string.Join(", ", sizes)})";
    }
}
