using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// The activation at the end of a fused node. Where the derivative follows from y, the kernel's epilogue applies it and nothing is
/// saved; otherwise (GELU, SiLU, …) the value before the activation is kept while a backward pass may follow.
/// </summary>
internal readonly struct ActivationEpilogue
{
    private readonly ActivationKind _kind;
    private readonly Tensor<float>? _beforeActivation;
    private readonly Tensor<float>? _gradient;

    public ActivationEpilogue(CallContext context, ActivationKind kind, ReadOnlySpan<int> outputShape, bool keepsHistory)
    {
        _kind = kind;
        if (!keepsHistory || kind == ActivationKind.Linear)
            return;
        _gradient = context.Allocator.Allocate(outputShape);
        if (Activations.NeedsInput(kind))
            _beforeActivation = context.Allocator.Allocate(outputShape);
    }

    /// <summary>What the kernel itself applies.</summary>
    public ActivationKind Fused => _beforeActivation is null ? _kind : ActivationKind.Linear;

    /// <summary>Where the kernel writes.</summary>
    public Span<float> Target(Tensor<float> output) => (_beforeActivation ?? output).AsSpan();

    /// <summary>Applies what the kernel did not.</summary>
    public void Finish(Workers workers, Tensor<float> output)
    {
        if (_beforeActivation is not null)
            Activations.Forward(workers, _kind, _beforeActivation.AsSpan(), output.AsSpan());
    }

    /// <summary>dz = dy · act′, the gradient before the activation.</summary>
    public ReadOnlySpan<float> Backward(Workers workers, Tensor<float> output, Tensor<float> dy)
    {
        if (_kind == ActivationKind.Linear)
            return dy.AsSpan();
        ReadOnlySpan<float> z = _beforeActivation is null ? default : _beforeActivation.AsSpan();
        Span<float> dz = _gradient!.AsSpan();
        Activations.Backward(workers, _kind, z, output.AsSpan(), dy.AsSpan(), dz, accumulate: false);
        return dz;
    }
}
