using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// An input as kernels want it: one contiguous span. Values made by nodes are contiguous already; a view that a user gave
/// (a transpose, a slice, a broadcast) is copied into working memory at each read, because its numbers may have changed.
/// </summary>
internal readonly struct Operand
{
    private readonly Variable _variable;
    private readonly Tensor<float>? _copy;

    public Operand(CallContext context, Variable variable)
    {
        _variable = variable;
        _copy = variable.Value.IsContiguous ? null : context.Allocator.Allocate(variable.Shape);
    }

    /// <summary>The elements in row-major order, valid until the next read.</summary>
    public ReadOnlySpan<float> Read()
    {
        Tensor<float> value = _variable.Value;
        if (value.IsContiguous)
            return value.AsSpan();
        Span<float> copy = _copy!.AsSpan();
        value.CopyTo(copy);
        return copy;
    }
}
