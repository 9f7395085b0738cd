using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>A value with its history: the node that made it, so that gradients find their way back.</summary>
public partial class Variable
{
    private readonly CallContext? _context;
    private Tensor<float>? _value;
    private Variable? _companion;

    internal Variable(Tensor<float> value, CallContext context, bool requiresGradient = false)
    {
        _value = value;
        _context = context;
        RequiresGradient = requiresGradient;
    }

    internal Variable(Tensor<float> value, CallContext context, GradientNode? producer)
        : this(value, context, producer is not null) => Producer = producer;

    private protected Variable(bool requiresGradient) => RequiresGradient = requiresGradient;

    /// <summary>The number or numbers.</summary>
    /// <exception cref="InvalidOperationException">A parameter that has no value yet.</exception>
    public Tensor<float> Value
    {
        get => _value ?? throw new InvalidOperationException($"{this} has no value yet: it is drawn when the first model that holds its layer is made, or at the layer's first call.");
        private protected set => _value = value;
    }

    /// <summary>The shape of the value.</summary>
    public virtual ReadOnlySpan<int> Shape => Value.Shape;

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Length;

    /// <summary>The context the value was made in; null for a parameter, which belongs to none.</summary>
    public CallContext? Context => _context;

    /// <summary>True when a gradient flows into this value.</summary>
    public virtual bool RequiresGradient { get; }

    /// <summary>The node that made the value; null for leaves and constants.</summary>
    public GradientNode? Producer { get; }

    /// <summary>The gradient of the last backward pass, in the value's shape; null when none reached it.</summary>
    public Tensor<float>? Gradient { get; internal set; }

    /// <summary>
    /// A second value that a floor above keeps beside this one, for as long as this one lives: layers called in own code keep its mask here. No
    /// operation reads it or passes it on.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is set on a parameter, which serves many passes at once.</exception>
    public Variable? Companion
    {
        get => _companion;
        set => _companion = _context is not null || value is null
            ? value
            : throw new InvalidOperationException($"{this} belongs to no pass and cannot carry a companion; carry it on VariableOps.InContext(parameter, context).");
    }

    /// <summary>
    /// Computes the gradient of this scalar with respect to every leaf and parameter it depends on and leaves it in their
    /// <see cref="Gradient"/>, replacing the one of an earlier pass.
    /// </summary>
    /// <exception cref="InvalidOperationException">The value has more than one element, or no history.</exception>
    public void Backward()
    {
        if (Value.Count != 1)
            throw new InvalidOperationException($"Backward() starts from a scalar; this value has shape {Shapes.Format(Shape)}. Reduce it with Sum() or Mean(), or give Backward a gradient.");
        Tensor<float> one = Tensor.Zeros<float>(Shape);
        one.AsSpan().Fill(1f);
        Backward(one);
    }

    /// <summary>The same for a value of any shape, seeded with the gradient of the final result with respect to it.</summary>
    /// <param name="gradient">In the value's shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">The value has no history.</exception>
    public void Backward(Tensor<float> gradient) => BackwardPass.Plan([this], [gradient]).Run();
}
