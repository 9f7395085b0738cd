using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One step of a recurrence, written by its user: from an input (batch, features) and the states the output and the next states.
/// <see cref="RNN"/> runs it over a sequence.
/// </summary>
/// <remarks>
/// <para>Derive, create the weights in <see cref="Layer.Build"/> (with shapes [(batch, features), states…]), and write <see cref="Step"/> with
/// <see cref="VariableOps"/> and operators; the gradient follows from them. A cell is a layer as well: called on [input, states…] it takes one step and returns
/// [output, next states…].</para>
/// <para>Source: Keras 3, the cells of <c>keras.layers.RNN</c>.</para>
/// </remarks>
public abstract class RecurrentCell : Layer
{
    /// <summary>The width of each state.</summary>
    public abstract IReadOnlyList<int> StateSizes { get; }

    /// <summary>The width of the output; that of the first state unless overridden.</summary>
    public virtual int OutputSize => StateSizes[0];

    /// <summary>Takes one step.</summary>
    /// <param name="x">(batch, features).</param>
    /// <param name="states">The states, each (batch, its size).</param>
    /// <param name="context">Training flag and random keys.</param>
    /// <returns>The output (batch, <see cref="OutputSize"/>) and the next states, as many as before.</returns>
    public abstract (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context);

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count != StateSizes.Count + 1)
            throw ShapeError($"expected [input, {StateSizes.Count} states]; got {inputShapes.Count} inputs: {string.Join(", ", inputShapes)}. Put the cell into an RNN to run it over a sequence.");
        SymbolicShape shape = inputShapes[0];
        if (shape.Rank != 2 || shape[1] is null)
            throw ShapeError($"expected (batch, features); got {shape}. Put the cell into an RNN to run it over (batch, steps, features).");
        for (int i = 0; i < StateSizes.Count; i++)
        {
            var expected = new SymbolicShape(shape[0], StateSizes[i]);
            if (!inputShapes[i + 1].IsCompatibleWith(expected))
                throw ShapeError($"state {i} is {inputShapes[i + 1]}; expected {expected} = (batch, units).");
        }
        return new SymbolicShape(shape[0], OutputSize);
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape output = ComputeOutputShape(inputShapes);
        return [output, .. StateSizes.Select(size => new SymbolicShape(output[0], size))];
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallMany(inputs, context)[0];

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        var states = new Variable[inputs.Length - 1];
        for (int i = 0; i < states.Length; i++)
            states[i] = inputs[i + 1].Variable;
        (Variable output, IReadOnlyList<Variable> next) = Step(inputs[0].Variable, states, context);
        if (next.Count != states.Length)
            throw new InvalidOperationException($"Cell '{Name}' ({ClassName}): Step returned {next.Count} states; expected {states.Length}, as StateSizes says.");
        return [output, .. next.Select(state => (LayerValue)state)];
    }
}
