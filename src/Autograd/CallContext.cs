using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// Everything a forward pass depends on besides its inputs: the allocator of outputs, the workers, whether it trains, whether
/// it records history, and the random key. Every <see cref="Variable"/> carries its context, so operators need no argument.
/// One context serves one caller at a time; nothing is thread-static.
/// </summary>
public sealed class CallContext
{
    private readonly List<Variable> _losses = [];

    // An array instead of a Stack of structs, whose code would have to be compiled before the first step (docs/architecture.md, Start).
    private (RandomKey Scope, bool Training)[] _scopes = new (RandomKey, bool)[8];
    private int _depth;
    private RandomKey _scope;
    private ulong _draws;

    /// <summary>Creates a context.</summary>
    /// <param name="allocator">Where outputs live; ordinary arrays when null.</param>
    /// <param name="workers">Threads, kernels and scratch memory; the machine's defaults when null.</param>
    /// <param name="seed">The seed of every random number drawn through the context.</param>
    /// <param name="training">True when dropout and its like are active.</param>
    /// <param name="recording">False to keep no history, as in prediction.</param>
    public CallContext(TensorAllocator? allocator = null, Workers? workers = null, long seed = 0, bool training = false, bool recording = true)
    {
        Allocator = allocator ?? TensorAllocator.Heap;
        Workers = workers ?? new Workers();
        _scope = RandomKey.FromSeed(seed);
        Training = training;
        IsRecording = recording;
    }

    /// <summary>Where outputs live.</summary>
    public TensorAllocator Allocator { get; }

    /// <summary>Threads, kernels and scratch memory of kernel calls.</summary>
    public Workers Workers { get; }

    /// <summary>True when dropout and its like are active.</summary>
    public bool Training { get; private set; }

    /// <summary>True while operations leave history for <see cref="Variable.Backward()"/>; see <see cref="NoGradient"/>.</summary>
    public bool IsRecording { get; internal set; }

    /// <summary>The number of the training step: part of every random key, so a replayed step draws fresh numbers.</summary>
    public ulong Step { get; set; }

    /// <summary>Receives every node in the order of execution when the pass is to be replayed; null otherwise.</summary>
    public Tape? Tape { get; init; }

    /// <summary>Hears which scopes are entered and what they compute; null but for tools that look for trouble.</summary>
    public ICallObserver? Observer { get; init; }

    /// <summary>False to ignore what <see cref="AddLoss"/> is given, as in prediction, where nobody asks for losses.</summary>
    public bool CollectsLosses { get; init; } = true;

    /// <summary>Losses beside those of the outputs, in the order they were added: penalties of activities, weights and own layers.</summary>
    public IReadOnlyList<Variable> Losses => _losses;

    /// <summary>Adds to the training loss, with factor 1; a value of several elements counts by its sum.</summary>
    /// <param name="loss">Any shape.</param>
    public void AddLoss(Variable loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (CollectsLosses)
            _losses.Add(loss.Rank == 0 ? loss : VariableOps.Sum(loss));
    }

    /// <summary>Enters the scope of a layer: random keys drawn inside are derived from its name.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="training">Whether dropout and its like are active inside; as outside when null.</param>
    public void Enter(string name, bool? training = null)
    {
        if (_depth == _scopes.Length)
            Array.Resize(ref _scopes, 2 * _depth);
        _scopes[_depth++] = (_scope, Training);
        _scope = _scope.Derive(name);
        Training = training ?? Training;
        Observer?.Entered(name);
    }

    /// <summary>Leaves the innermost scope.</summary>
    /// <exception cref="InvalidOperationException">No scope is entered.</exception>
    public void Leave()
    {
        if (_depth == 0)
            throw new InvalidOperationException("Leave: no scope is entered; expected one Enter before each Leave.");
        (_scope, Training) = _scopes[--_depth];
        Observer?.Left();
    }

    /// <summary>
    /// A key for one random node: seed, layer path and call number. The node derives <see cref="Step"/> from it at each run.
    /// </summary>
    public RandomKey DrawKey() => _scope.Derive(_draws++);

    /// <summary>A constant: no gradient flows into it.</summary>
    /// <param name="value">Its value, not copied.</param>
    public Variable Constant(Tensor<float> value) => new(value, this);

    /// <summary>A leaf whose gradient is wanted.</summary>
    /// <param name="value">Its value, not copied.</param>
    public Variable Leaf(Tensor<float> value) => new(value, this, requiresGradient: true);

    /// <summary>Allocates the node's output, runs it forward once and returns the result with its history.</summary>
    /// <param name="node">A node that has not run yet.</param>
    /// <param name="outputShape">The shape of its output.</param>
    public Variable Run(GradientNode node, params ReadOnlySpan<int> outputShape)
        => Finish(node, Allocator.Allocate(outputShape));

    /// <summary>The same for a node whose output is a view of its input's storage: there is nothing to allocate or compute.</summary>
    /// <param name="node">A node that has not run yet.</param>
    /// <param name="view">Its output, sharing the input's storage.</param>
    /// <exception cref="ArgumentException">The input is a parameter, whose storage may move: such a node copies, through <see cref="Run"/>.</exception>
    public Variable RunView(GradientNode node, Tensor<float> view)
    {
        foreach (Variable input in node.Inputs)
        {
            if (input is Parameter)
                throw new ArgumentException($"A view of {input} would go on showing the memory that the weight leaves at the first Compile; copy its value at each run instead, with Run.", nameof(node));
        }
        return Finish(node, view);
    }

    private Variable Finish(GradientNode node, Tensor<float> output)
    {
        node.Forward(output);
        var result = new Variable(output, this, IsRecording && node.AnyInputRequiresGradient ? node : null);
        node.Output = result;
        Tape?.Add(node);
        return result;
    }
}
