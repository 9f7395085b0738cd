namespace FlatFuse.Autograd;

/// <summary>The nodes of one forward pass in the order of execution: running them again computes the same step on new inputs.</summary>
public sealed class Tape
{
    private readonly List<GradientNode> _nodes = [];

    /// <summary>Nodes recorded so far.</summary>
    public int Count => _nodes.Count;

    internal IReadOnlyList<GradientNode> Nodes => _nodes;

    internal void Add(GradientNode node) => _nodes.Add(node);

    /// <summary>Runs every node again, each into the output it already has.</summary>
    public void Replay()
    {
        foreach (GradientNode node in _nodes)
            node.Forward(node.Output.Value);
    }
}
