using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// One operation of the graph, coarse on purpose: a whole LSTM sequence or a Dense layer is one node with a hand-written
/// backward. It writes only into memory it is given and can run again, so a captured step is replayed without new objects.
/// </summary>
/// <remarks>
/// A node reads <c>Inputs[i].Value</c> at each run, never a copy. What forward must keep for backward (gates, arg-max positions)
/// lies in tensors that the constructor takes from <c>context.Allocator</c>.
/// </remarks>
public abstract class GradientNode
{
    private readonly Variable[] _inputs;

    /// <summary>Creates a node.</summary>
    /// <param name="context">Where the node gets saved memory and workers.</param>
    /// <param name="inputs">The operands, parameters included.</param>
    protected GradientNode(CallContext context, params ReadOnlySpan<Variable> inputs)
    {
        Context = context;
        _inputs = inputs.ToArray();
    }

    /// <summary>The operands.</summary>
    public ReadOnlySpan<Variable> Inputs => _inputs;

    /// <summary>The result; set by <see cref="CallContext.Run"/>.</summary>
    public Variable Output { get; internal set; } = null!;

    /// <summary>The context of the call.</summary>
    protected CallContext Context { get; }

    /// <summary>Threads, kernels and scratch memory of kernel calls.</summary>
    protected Workers Workers => Context.Workers;

    /// <summary>
    /// True when backward may follow: what only backward reads is saved, and its working memory taken, just then.
    /// </summary>
    protected bool KeepsHistory => Context.IsRecording && AnyInputRequiresGradient;

    internal bool AnyInputRequiresGradient
    {
        get
        {
            foreach (Variable input in _inputs)
            {
                if (input.RequiresGradient)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Memory of undefined content for the life of the node; for constructors, never for a run.</summary>
    /// <param name="shape">Sizes.</param>
    protected Tensor<float> Keep(params ReadOnlySpan<int> shape) => Context.Allocator.Allocate(shape);

    /// <summary>Computes the output from the inputs' present values.</summary>
    /// <param name="output">Contiguous, of undefined content; the same tensor at every run.</param>
    public abstract void Forward(Tensor<float> output);

    /// <summary>Computes the inputs' gradients.</summary>
    /// <param name="dy">The gradient of the output, contiguous, in its shape.</param>
    /// <param name="destinations">One an input: where its gradient goes, to be overwritten or added to; or none.</param>
    public abstract void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations);

    /// <summary>
    /// True for a node whose output shows consecutive elements of its only input in the same order (reshape, flatten, a leading slice):
    /// the gradient of such an output can be a part of the input's, so that nothing needs copying.
    /// </summary>
    public virtual bool IsView => false;

    /// <summary>For a view: which element of the input comes first.</summary>
    public virtual int ViewStart => 0;
}
