using FlatFuse.Autograd;
using FlatFuse.Layers;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>Writes Keras 3's table of layers, output shapes and parameter counts, and returns what it shows.</summary>
    /// <param name="writer">Where to write; <see cref="Console.Out"/> when null.</param>
    /// <param name="expandNested">True to show the layers of nested models too.</param>
    /// <returns>The same as data.</returns>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public ModelSummary Summary(TextWriter? writer = null, bool expandNested = false)
    {
        ModelSummary summary = Summarize();
        SummaryTable.Write(writer ?? Console.Out, summary, expandNested);
        return summary;
    }

    /// <summary>The table's content, without writing it.</summary>
    internal ModelSummary Summarize()
    {
        (long total, long trainable) = Count([this]);
        return new ModelSummary(Name, this is Sequential, Rows(), total, trainable);
    }

    private IReadOnlyList<LayerSummary> Rows()
    {
        ModelGraph graph = Graph;
        var rows = new List<LayerSummary>();
        foreach (Layer layer in Layers)
        {
            GraphNode[] calls = [.. graph.CallsOf(layer)];
            (long parameters, long trainable) = Count([layer]);
            rows.Add(new LayerSummary(layer.Name, layer.ClassName, OutputShapesOf(calls), parameters, trainable, ConnectionsOf(calls, graph), layer is Model { HasGraph: true } inner ? inner.Rows() : []));
        }
        return rows;
    }

    private static IReadOnlyList<SymbolicShape> OutputShapesOf(GraphNode[] calls)
    {
        var shapes = new List<SymbolicShape>();
        foreach (GraphNode call in calls)
        {
            SymbolicShape[] outputs = [.. call.Outputs.Select(output => output.Shape)];
            if (shapes.Count == 0 || !outputs.All(shapes.Contains))
                shapes.AddRange(outputs);
        }
        return shapes;
    }

    private static IReadOnlyList<string> ConnectionsOf(GraphNode[] calls, ModelGraph graph)
    {
        var connections = new List<string>();
        foreach (GraphNode call in calls)
        {
            foreach (GraphEdge edge in call.Inputs)
                connections.Add($"{graph.Nodes[edge.Node].Layer.Name}[{graph.Nodes[edge.Node].CallNumber}][{edge.Output}]");
        }
        return connections;
    }

    private static (long Total, long Trainable) Count(IReadOnlyList<Layer> layers)
    {
        long total = 0, trainable = 0;
        var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Layer>(layers);
        while (open.TryPop(out Layer? layer))
        {
            foreach (Parameter parameter in layer.Parameters)
            {
                if (!seen.Add(parameter))
                    continue;
                total += parameter.Count;
                trainable += parameter.Trainable ? parameter.Count : 0;
            }
            foreach (Layer inner in layer.Sublayers)
                open.Push(inner);
        }
        return (total, trainable);
    }
}
