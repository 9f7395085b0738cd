using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// The backward pass of a graph, planned once: nodes in reverse order, the memory of every gradient, and for every
/// contribution whether it overwrites or adds. <see cref="Run"/> allocates nothing and can be repeated.
/// </summary>
public sealed class BackwardPass
{
    private readonly List<Step> _steps = [];
    private readonly List<(Tensor<float> Seed, Tensor<float> Gradient, bool Accumulate)> _seeds = [];
    private readonly List<Tensor<float>> _gaps = [];
    private readonly HashSet<Variable> _reached;

    private BackwardPass(HashSet<Variable> reached) => _reached = reached;

    /// <summary>Plans the gradients of <c>Σ sum(root · seed)</c> with respect to every leaf and parameter below the roots.</summary>
    /// <param name="roots">Results with history.</param>
    /// <param name="seeds">One an output, in its shape; read at each run, and not written.</param>
    /// <exception cref="ArgumentException">A seed's shape differs from its root's.</exception>
    /// <exception cref="InvalidOperationException">A root has no history.</exception>
    public static BackwardPass Plan(IReadOnlyList<Variable> roots, IReadOnlyList<Tensor<float>> seeds)
    {
        if (roots.Count != seeds.Count)
            throw new ArgumentException($"{roots.Count} roots need as many seeds; received {seeds.Count}.", nameof(seeds));
        for (int i = 0; i < roots.Count; i++)
            CheckRoot(roots[i], seeds[i]);

        List<GradientNode> order = TopologicalOrder(roots);
        var memory = new GradientMemory(order, roots);
        var written = new HashSet<Variable>();
        var pass = new BackwardPass(written);

        for (int i = 0; i < roots.Count; i++)
        {
            bool isFirst = written.Add(roots[i]);
            if (!memory.TryAdopt(roots[i], seeds[i]))
                pass._seeds.Add((seeds[i], memory.Of(roots[i]), !isFirst));
        }
        for (int i = order.Count - 1; i >= 0; i--)
            pass.PlanNode(order[i], memory, written);
        memory.Publish();
        pass._gaps.AddRange(memory.Gaps);
        return pass;
    }

    /// <summary>True when <see cref="Run"/> writes a gradient for that leaf or parameter.</summary>
    /// <param name="variable">A variable of the graph or any other.</param>
    public bool Reaches(Variable variable) => _reached.Contains(variable);

    /// <summary>Computes every gradient from the values of the last forward pass.</summary>
    public void Run()
    {
        foreach (Tensor<float> gap in _gaps)
            gap.AsSpan().Clear();
        foreach ((Tensor<float> seed, Tensor<float> gradient, bool accumulate) in _seeds)
            Contribute(seed.AsSpan(), gradient.AsSpan(), accumulate);
        foreach (Step step in _steps)
            step.Node.Backward(step.OutputGradient, step.Destinations);
    }

    private static void Contribute(ReadOnlySpan<float> seed, Span<float> gradient, bool accumulate)
    {
        if (!accumulate)
        {
            seed.CopyTo(gradient);
            return;
        }
        for (int i = 0; i < seed.Length; i++)
            gradient[i] += seed[i];
    }

    private static void CheckRoot(Variable root, Tensor<float> seed)
    {
        if (!root.RequiresGradient)
            throw new InvalidOperationException($"Backward: a value of shape {Shapes.Format(root.Shape)} has no history: no parameter or leaf that wants a gradient is among its inputs, or it was computed under NoGradient.");
        if (!seed.Shape.SequenceEqual(root.Shape))
            throw new ArgumentException($"Backward: the gradient has shape {Shapes.Format(seed.Shape)}, the value {Shapes.Format(root.Shape)}.");
    }

    private void PlanNode(GradientNode node, GradientMemory memory, HashSet<Variable> written)
    {
        ReadOnlySpan<Variable> inputs = node.Inputs;
        if (memory.IsInPlace(node))
        {
            written.Add(inputs[0]);
            return;
        }
        var destinations = new GradientDestination[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].RequiresGradient)
                destinations[i] = new GradientDestination(memory.Of(inputs[i]), accumulate: !written.Add(inputs[i]));
        }
        _steps.Add(new Step(node, memory.Of(node.Output), destinations));
    }

    // Depth first with an explicit stack: a graph of many thousand steps must not overflow the thread's.
    private static List<GradientNode> TopologicalOrder(IReadOnlyList<Variable> roots)
    {
        var order = new List<GradientNode>();
        var seen = new HashSet<GradientNode>();
        var stack = new Stack<(GradientNode Node, int Next)>();
        foreach (Variable root in roots)
        {
            if (root.Producer is { } producer && seen.Add(producer))
                stack.Push((producer, 0));
            while (stack.TryPop(out (GradientNode Node, int Next) top))
            {
                if (top.Next == top.Node.Inputs.Length)
                {
                    order.Add(top.Node);
                    continue;
                }
                stack.Push((top.Node, top.Next + 1));
                if (top.Node.Inputs[top.Next].Producer is { } next && seen.Add(next))
                    stack.Push((next, 0));
            }
        }
        return order;
    }

    private readonly record struct Step(GradientNode Node, Tensor<float> OutputGradient, GradientDestination[] Destinations);
}
