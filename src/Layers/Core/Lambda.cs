using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// A function of your own as a layer: <c>new Lambda(x =&gt; x * x)</c>. It has no weights. Layers called inside see the masks; operations end them. Any shape; the output's is found by running the
/// function twice on zeros, with two sizes for every axis that is unknown. Gradient: that of the operations inside.
/// </summary>
/// <remarks>
/// The function may decide anew at each call, so a model that holds one runs every step eagerly instead of replaying a recorded one, and
/// a C# delegate has no form in a file: saving such a model throws. Values inside belong to the step; <c>Clone()</c> keeps one.
/// Source: Keras 3, <c>keras.layers.Lambda</c>.
/// </remarks>
public sealed class Lambda : Layer
{
    private readonly Func<IReadOnlyList<Variable>, Variable> _function;

    /// <summary>Creates the layer from a function of one input.</summary>
    /// <param name="function">Computes the output with <see cref="VariableOps"/> and operators.</param>
    public Lambda(Func<Variable, Variable> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        _function = inputs => function(inputs[0]);
        TakesOne = true;
    }

    /// <summary>Creates the layer from a function of any number of inputs.</summary>
    /// <param name="function">Computes the output with <see cref="VariableOps"/> and operators.</param>
    public Lambda(Func<IReadOnlyList<Variable>, Variable> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        _function = function;
    }

    internal override bool CanReplay => false;

    internal override bool RunsOwnCode => true;

    private bool TakesOne { get; }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (TakesOne)
            OneInput(inputShapes);
        int[] small = Probe(inputShapes, 2), large = Probe(inputShapes, 3);
        if (small.Length != large.Length)
            throw ShapeError($"for inputs {ShapeText.List(inputShapes)} the function gives values of rank {small.Length} or {large.Length}, depending on sizes; expected one rank.");
        var sizes = new int?[small.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = small[axis] == large[axis] ? small[axis] : null;
        return new SymbolicShape(sizes);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        var values = new Variable[inputs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = inputs[i].Variable;
        return _function(values);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: a delegate has no form in a file.</exception>
    protected internal override void WriteConfig(LayerConfig config)
        => throw new NotSupportedException($"Layer '{Name}' (Lambda): a C# delegate cannot be saved, because a file can never name code. Save the weights alone with SaveWeights and make the model in code, or replace the Lambda by layers.");

    private int[] Probe(IReadOnlyList<SymbolicShape> shapes, int unknown)
    {
        var context = new CallContext(recording: false);
        Variable[] zeros = [.. shapes.Select(shape => context.Constant(Tensor.Zeros<float>([.. shape.Select(size => size ?? unknown)])))];
        try
        {
            return _function(zeros).Shape.ToArray();
        }
        catch (ArgumentException problem)
        {
            throw ShapeError($"the function does not take inputs {ShapeText.List(shapes)}: {problem.Message}");
        }
    }
}
