using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>
/// Walks back from a model's outputs to its inputs and lists what it met, as Keras 3's <c>map_graph</c> does: the order of
/// layers in a summary, and so the order of weights, is Keras's.
/// </summary>
internal sealed class GraphTrace
{
    private readonly string _model;
    private readonly IReadOnlyList<SymbolicTensor> _inputs;
    private readonly Dictionary<SymbolicTensor, int> _inputNumbers = new(ReferenceEqualityComparer.Instance);
    private readonly SymbolicTensor?[] _standIns;
    private readonly List<Visit> _order = [];
    private readonly Dictionary<object, Visit> _visits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Layer, int> _firstMet = new(ReferenceEqualityComparer.Instance);

    private GraphTrace(string model, IReadOnlyList<SymbolicTensor> inputs)
    {
        _model = model;
        _inputs = inputs;
        _standIns = new SymbolicTensor?[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            if (!_inputNumbers.TryAdd(inputs[i], i))
                throw new ArgumentException($"Model '{model}': the input '{inputs[i].Layer.Name}' is listed twice; list each input once.", nameof(inputs));
            // A tensor from the middle of another model may start a new one; there it is an input like any other.
            if (inputs[i].Producer.Inputs.Count > 0)
                _standIns[i] = Placeholders.Of(inputs[i].Shape, inputs[i].DType);
        }
    }

    /// <summary>Makes the graph.</summary>
    /// <param name="model">The model's name, for errors.</param>
    /// <param name="inputs">Placeholders where values enter.</param>
    /// <param name="outputs">What the model computes.</param>
    /// <exception cref="ArgumentException">An output needs an input that is not listed, an input is listed twice, or two layers have one name.</exception>
    public static ModelGraph Run(string model, IReadOnlyList<SymbolicTensor> inputs, IReadOnlyList<SymbolicTensor> outputs)
    {
        if (inputs.Count == 0 || outputs.Count == 0)
            throw new ArgumentException($"Model '{model}': {inputs.Count} inputs and {outputs.Count} outputs were given; a model needs at least one of each.", nameof(inputs));
        var trace = new GraphTrace(model, inputs);
        foreach (SymbolicTensor output in outputs)
            trace.WalkBack(output);
        trace.AddUnusedInputs();
        return trace.ToGraph(outputs);
    }

    private Visit VisitOf(SymbolicTensor tensor)
    {
        object key = _inputNumbers.ContainsKey(tensor) ? tensor : tensor.Producer;
        if (_visits.TryGetValue(key, out Visit? visit))
            return visit;
        visit = _inputNumbers.TryGetValue(tensor, out int number)
            ? new Visit((_standIns[number] ?? tensor).Layer, null, _standIns[number] ?? tensor)
            : new Visit(tensor.Layer, tensor.Producer, null);
        _visits.Add(key, visit);
        return visit;
    }

    // Depth first with an explicit stack: a very deep model must not overflow the thread's.
    private void WalkBack(SymbolicTensor output)
    {
        var stack = new Stack<Visit>();
        Enter(output, consumer: null, stack);
        while (stack.TryPeek(out Visit? visit))
        {
            if (visit.Next == visit.Parents.Length)
            {
                stack.Pop();
                _order.Add(visit);
                continue;
            }
            SymbolicTensor tensor = visit.Call!.Inputs[visit.Next];
            visit.Parents[visit.Next++] = Enter(tensor, visit.Layer, stack);
        }
    }

    private Visit Enter(SymbolicTensor tensor, Layer? consumer, Stack<Visit> stack)
    {
        Visit visit = VisitOf(tensor);
        if (visit.Entered)
            return visit;
        if (visit.Call is { Inputs.Count: 0 })
            throw Disconnected(tensor, consumer);
        visit.Entered = true;
        _firstMet.TryAdd(visit.Layer, _firstMet.Count);
        stack.Push(visit);
        return visit;
    }

    private ArgumentException Disconnected(SymbolicTensor missing, Layer? consumer)
    {
        string listed = string.Join(", ", _inputs.Select(input => input.Layer.Name));
        string need = consumer is null
            ? $"one of its outputs is the input '{missing.Layer.Name}' {missing.Shape}"
            : $"layer '{consumer.Name}' ({consumer.ClassName}) needs the input '{missing.Layer.Name}' {missing.Shape}";
        return new ArgumentException($"Model '{_model}': the graph is disconnected. {need}, which is not among the model's inputs ({listed}). List '{missing.Layer.Name}' as an input too, or, when it belongs to another model, call that model on one of the listed inputs: inner.Apply({_inputs[0].Layer.Name}).");
    }

    private void AddUnusedInputs()
    {
        int unused = 0;
        foreach (SymbolicTensor input in _inputs)
        {
            Visit visit = VisitOf(input);
            if (visit.Entered)
                continue;
            visit.Entered = true;
            _firstMet.TryAdd(visit.Layer, -1 - unused++);
            _order.Add(visit);
        }
    }

    private ModelGraph ToGraph(IReadOnlyList<SymbolicTensor> outputs)
    {
        Layer[] layers = ListLayers();
        LayerNames.Assign(_model, layers);
        NumberCalls();
        var nodes = new GraphNode[_order.Count];
        for (int i = 0; i < nodes.Length; i++)
            _order[i].Node = i;
        for (int i = 0; i < nodes.Length; i++)
        {
            Visit visit = _order[i];
            var edges = new GraphEdge[visit.Parents.Length];
            for (int j = 0; j < edges.Length; j++)
                edges[j] = new GraphEdge(visit.Parents[j].Node, visit.Parents[j].OutputIndex(visit.Call!.Inputs[j]));
            nodes[i] = new GraphNode(visit.Layer, edges, visit.Call?.Outputs ?? [visit.InputTensor!], visit.CallNumber, visit.Call is null, visit.Call?.Options);
        }
        var inputNodes = new int[_inputs.Count];
        for (int i = 0; i < inputNodes.Length; i++)
            inputNodes[i] = VisitOf(_inputs[i]).Node;
        var outputEdges = new GraphEdge[outputs.Count];
        for (int i = 0; i < outputEdges.Length; i++)
            outputEdges[i] = new GraphEdge(VisitOf(outputs[i]).Node, VisitOf(outputs[i]).OutputIndex(outputs[i]));
        return new ModelGraph(nodes, inputNodes, outputEdges, layers, [.. _inputs]);
    }

    // Keras: a node's depth is the longest way to an output; a shared layer counts at its deepest call.
    private Layer[] ListLayers()
    {
        var depths = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        for (int i = _order.Count - 1; i >= 0; i--)
        {
            Visit visit = _order[i];
            int depth = Math.Max(visit.Depth, depths.GetValueOrDefault(visit.Layer));
            depths[visit.Layer] = depth;
            foreach (Visit parent in visit.Parents)
                parent.Depth = Math.Max(parent.Depth, depth + 1);
        }
        // No two layers are alike in both numbers, so that an unstable sort will do.
        Layer[] layers = [.. depths.Keys];
        Array.Sort(layers, (a, b) => depths[a] != depths[b] ? depths[b].CompareTo(depths[a]) : _firstMet[a].CompareTo(_firstMet[b]));
        return layers;
    }

    private void NumberCalls()
    {
        var numbers = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        // The calls of one layer have numbers of their own; the order of calls of different layers is nothing to anybody.
        Visit[] calls = [.. _order];
        Array.Sort(calls, (a, b) => (a.Call?.CallIndex ?? 0).CompareTo(b.Call?.CallIndex ?? 0));
        foreach (Visit visit in calls)
        {
            visit.CallNumber = numbers.GetValueOrDefault(visit.Layer);
            numbers[visit.Layer] = visit.CallNumber + 1;
        }
    }

    private sealed class Visit(Layer layer, LayerCall? call, SymbolicTensor? inputTensor)
    {
        public Layer Layer { get; } = layer;

        public LayerCall? Call { get; } = call;

        public SymbolicTensor? InputTensor { get; } = inputTensor;

        public Visit[] Parents { get; } = new Visit[call?.Inputs.Count ?? 0];

        public int Next { get; set; }

        public bool Entered { get; set; }

        public int Depth { get; set; }

        public int CallNumber { get; set; }

        public int Node { get; set; }

        public int OutputIndex(SymbolicTensor tensor) => Call is null ? 0 : tensor.Index;
    }
}
