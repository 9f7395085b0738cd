using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>y = f(x), element by element, for the activations of Keras; formulas at <see cref="ActivationKind"/>. Gradient: <c>dx = dy · f′(x)</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="kind">f; for <see cref="ActivationKind.Linear"/> the result is <paramref name="x"/> itself.</param>
    public static Variable Activate(Variable x, ActivationKind kind)
    {
        CallContext context = Operands.ContextOf(nameof(Activate), x);
        return kind == ActivationKind.Linear ? x : context.Run(new ActivationNode(context, x, kind), x.Shape);
    }
}

/// <summary>An element-wise activation; its derivative follows from y alone where the kernel says so.</summary>
internal sealed class ActivationNode : GradientNode
{
    private readonly ActivationKind _kind;
    private readonly Operand _x;

    public ActivationNode(CallContext context, Variable x, ActivationKind kind)
        : base(context, x)
    {
        _kind = kind;
        _x = new Operand(context, x);
    }

    public override void Forward(Tensor<float> output) => Activations.Forward(Workers, _kind, _x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        ReadOnlySpan<float> x = Activations.NeedsInput(_kind) ? _x.Read() : default;
        Activations.Backward(Workers, _kind, x, Output.Value.AsSpan(), dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }
}
