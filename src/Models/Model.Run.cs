using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    internal sealed override bool RunsOwnCode => false;

    /// <summary>Computes the outputs from values, inside the context's present scope.</summary>
    /// <param name="inputs">One an input, in their order, with their masks.</param>
    /// <param name="context">Training flag, allocator, random keys, workers.</param>
    /// <returns>The outputs with their masks.</returns>
    /// <exception cref="ArgumentException">The number of inputs is wrong, or a shape is not the declared one.</exception>
    internal IReadOnlyList<LayerValue> Run(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        ModelGraph graph = Graph;
        CheckInputCount(inputs.Length);
        var values = new IReadOnlyList<LayerValue>[graph.Nodes.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            CheckInput(i, inputs[i].Variable.Shape);
            values[graph.InputNodes[i]] = [inputs[i]];
        }
        for (int i = 0; i < values.Length; i++)
        {
            GraphNode node = graph.Nodes[i];
            if (!node.IsInput)
                values[i] = node.Layer.Invoke(Gather(node.Inputs, values), context, node.Options);
        }
        return Gather(graph.Outputs, values);
    }

    /// <summary>Checks how many arrays there are.</summary>
    /// <param name="count">Arrays given.</param>
    /// <exception cref="ArgumentException">Not one an input.</exception>
    internal void CheckInputCount(int count)
    {
        if (count != Inputs.Count)
            throw new ArgumentException($"Model '{Name}' has {Inputs.Count} input{(Inputs.Count == 1 ? "" : "s")} ({string.Join(", ", InputNames)}); {count} {(count == 1 ? "array was" : "arrays were")} given. Give one array an input, in that order.");
    }

    /// <summary>Checks the shape of one input's data against the declared one.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="shape">The data's shape, batch first.</param>
    /// <exception cref="ArgumentException">Rank or a known size differs.</exception>
    internal void CheckInput(int index, ReadOnlySpan<int> shape)
    {
        SymbolicTensor input = Graph.InputTensors[index];
        if (!Fits(input.Shape, shape))
            throw new ArgumentException($"Model '{Name}': input '{input.Layer.Name}' expects {input.Shape}, received {Shapes.Format(shape)}.{Advice(input.Shape, shape)}");
    }

    /// <summary>The same for a whole data set, which may hold any number of batches.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="shape">The data's shape, samples first.</param>
    /// <exception cref="ArgumentException">Rank or a known size other than the batch's differs.</exception>
    internal void CheckSamples(int index, ReadOnlySpan<int> shape)
    {
        SymbolicTensor input = Graph.InputTensors[index];
        if (Fits(input.Shape, shape, fromAxis: 1))
            return;
        SymbolicShape anyBatch = input.Shape.With(0, null);
        throw new ArgumentException($"Model '{Name}': input '{input.Layer.Name}' expects {anyBatch}, received {Shapes.Format(shape)}.{Advice(anyBatch, shape)}");
    }

    /// <summary>The size of the batches that <paramref name="samples"/> samples are cut into.</summary>
    /// <param name="asked">The size asked for; a declared batch size wins, because the model takes no other.</param>
    /// <param name="samples">Number of samples.</param>
    /// <exception cref="ArgumentException">The samples do not fill whole batches of the declared size.</exception>
    internal int BatchSizeFor(int asked, int samples)
    {
        foreach (SymbolicTensor input in Graph.InputTensors)
        {
            if (input.Shape[0] is not { } declared)
                continue;
            return samples % declared == 0
                ? declared
                : throw new ArgumentException($"Model '{Name}': input '{input.Layer.Name}' declares batches of {declared} samples; {samples} samples do not fill whole ones. Give a multiple of {declared}.");
        }
        return asked;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        ModelGraph graph = Graph;
        if (inputShapes.Count != graph.InputTensors.Length)
            throw ShapeError($"expected {graph.InputTensors.Length} inputs ({string.Join(", ", InputNames)}), received {inputShapes.Count}: {string.Join(", ", inputShapes)}. Apply takes them in that order.");
        bool asDeclared = true;
        for (int i = 0; i < inputShapes.Count; i++)
        {
            SymbolicTensor input = graph.InputTensors[i];
            if (!input.Shape.IsCompatibleWith(inputShapes[i]))
                throw ShapeError($"input '{input.Layer.Name}' expects {input.Shape}, received {inputShapes[i]}.");
            asDeclared &= input.Shape.Equals(inputShapes[i]);
        }
        return asDeclared ? OutputShapes : graph.InferShapes(inputShapes);
    }

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
        => ComputeOutputShapes(inputShapes)[0];

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => Run(inputs, context)[0];

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context) => Run(inputs, context);

    /// <inheritdoc/>
    protected sealed override DType OutputDType(int index, IReadOnlyList<SymbolicTensor> inputs) => Outputs[index].DType;

    private static LayerValue[] Gather(GraphEdge[] edges, IReadOnlyList<LayerValue>[] values)
    {
        var gathered = new LayerValue[edges.Length];
        for (int i = 0; i < edges.Length; i++)
            gathered[i] = values[edges[i].Node][edges[i].Output];
        return gathered;
    }

    private static bool Fits(SymbolicShape declared, ReadOnlySpan<int> shape, int fromAxis = 0)
    {
        if (declared.Rank != shape.Length)
            return false;
        for (int axis = fromAxis; axis < shape.Length; axis++)
        {
            if (declared[axis] is { } size && size != shape[axis])
                return false;
        }
        return true;
    }

    private static string Advice(SymbolicShape declared, ReadOnlySpan<int> shape)
        => shape.Length == declared.Rank - 1
            ? " Is the batch axis missing? A single sample is a batch of one: Reshape it to (1, …)."
            : " Reshape the data, or declare the input with this shape.";
}
