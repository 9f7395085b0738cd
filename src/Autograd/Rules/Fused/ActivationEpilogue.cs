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

    /// <param name="context">The call.</param>
    /// <param name="kind">The activation.</param>
    /// <param name="outputShape">The node's.</param>
    /// <param name="keepsHistory">A backward pass may follow.</param>
    /// <param name="kernelDerives">The kernel's backward pass applies the derivative itself: <see cref="Backward"/> is not called.</param>
    public ActivationEpilogue(CallContext context, ActivationKind kind, ReadOnlySpan<int> outputShape, bool keepsHistory, bool kernelDerives = false)
    {
        _kind = kind;
        if (!keepsHistory || kind == ActivationKind.Linear)
            return;
        if (!kernelDerives)
            _gradient = context.Allocator.Allocate(outputShape);
        if (Activations.NeedsInput(kind))
            _beforeActivation = context.Allocator.Allocate(outputShape);
    }

    /// <summary>The activation.</summary>
    public ActivationKind Kind => _kind;

    /// <summary>What the forward pass kept of the values before the activation; empty where the derivative follows from y.</summary>
    public ReadOnlySpan<float> Kept => _beforeActivation is null ? default : _beforeActivation.AsSpan();

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
        Span<float> dz = _gradient!.AsSpan();
        Activations.Backward(workers, _kind, Kept, output.AsSpan(), dy.AsSpan(), dz, accumulate: false);
        return dz;
    }
}
