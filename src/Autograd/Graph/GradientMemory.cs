using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// Where every gradient of a backward pass lies. A value all of whose uses are views of separate parts (a flattened sequence, the results
/// packed in an LSTM's output) has one piece of memory, into which the views' users write directly: such views cost nothing.
/// </summary>
internal sealed class GradientMemory
{
    private readonly Dictionary<Variable, Tensor<float>> _gradients = [];
    private readonly Dictionary<Variable, List<GradientNode>> _viewsOf = [];
    private readonly HashSet<Variable> _rootsOnly = [];

    /// <summary>Looks at all uses.</summary>
    /// <param name="order">Every node of the graph, inputs before outputs.</param>
    /// <param name="roots">Where the pass begins; a root is used by its seed, too.</param>
    public GradientMemory(List<GradientNode> order, IReadOnlyList<Variable> roots)
    {
        var uses = new Dictionary<Variable, int>();
        foreach (Variable root in roots)
            uses[root] = uses.GetValueOrDefault(root) + 1;
        foreach (GradientNode node in order)
        {
            foreach (Variable input in node.Inputs)
                uses[input] = uses.GetValueOrDefault(input) + 1;
            if (!node.IsView)
                continue;
            if (!_viewsOf.TryGetValue(node.Inputs[0], out List<GradientNode>? views))
                _viewsOf.Add(node.Inputs[0], views = []);
            views.Add(node);
        }
        foreach (Variable root in roots)
        {
            if (uses[root] == 1 && root.Producer is { IsView: false })
                _rootsOnly.Add(root);
        }
        foreach ((Variable variable, List<GradientNode> views) in _viewsOf)
        {
            if (views.Count != uses[variable] || !AreApart(views))
                _viewsOf.Remove(variable);
        }
    }

    /// <summary>Parts of gradients that no view covers: nobody writes them, so each run clears them.</summary>
    public List<Tensor<float>> Gaps { get; } = [];

    /// <summary>True for a view whose users write into the gradient of its input.</summary>
    public bool IsInPlace(GradientNode node) => node.IsView && _viewsOf.ContainsKey(node.Inputs[0]);

    /// <summary>Takes a root's seed as its gradient where nothing else adds to that, so that no run copies it; false where it has to be copied.</summary>
    public bool TryAdopt(Variable root, Tensor<float> seed)
        => seed.IsContiguous && _rootsOnly.Contains(root) && _gradients.TryAdd(root, seed);

    /// <summary>The gradient's memory: a part of another one, the parameter's home, or new.</summary>
    public Tensor<float> Of(Variable variable)
    {
        if (_gradients.TryGetValue(variable, out Tensor<float>? gradient))
            return gradient;
        if (variable.Producer is { } producer && IsInPlace(producer))
            gradient = Of(producer.Inputs[0]).Window(producer.ViewStart, variable.Shape);
        else if (variable is Parameter { IsHomed: true })
            gradient = variable.Gradient!;
        else
            gradient = (variable.Context?.Allocator ?? TensorAllocator.Heap).Allocate(variable.Shape);
        _gradients.Add(variable, gradient);
        if (_viewsOf.TryGetValue(variable, out List<GradientNode>? views))
            FindGaps(gradient, views);
        return gradient;
    }

    /// <summary>Shows every gradient to its variable.</summary>
    public void Publish()
    {
        foreach ((Variable variable, Tensor<float> gradient) in _gradients)
            variable.Gradient = gradient;
    }

    // Sorts the views by place and looks whether each begins where the one before has ended, or later.
    private static bool AreApart(List<GradientNode> views)
    {
        views.Sort(static (left, right) => left.ViewStart.CompareTo(right.ViewStart));
        int end = 0;
        foreach (GradientNode view in views)
        {
            if (view.ViewStart < end)
                return false;
            end = view.ViewStart + Shapes.Count(view.Output.Shape);
        }
        return true;
    }

    private void FindGaps(Tensor<float> gradient, List<GradientNode> views)
    {
        int end = 0;
        foreach (GradientNode view in views)
        {
            AddGap(gradient, end, view.ViewStart);
            end = view.ViewStart + Shapes.Count(view.Output.Shape);
        }
        AddGap(gradient, end, gradient.Count);
    }

    private void AddGap(Tensor<float> gradient, int start, int end)
    {
        if (end > start)
            Gaps.Add(gradient.Window(start, end - start));
    }
}
