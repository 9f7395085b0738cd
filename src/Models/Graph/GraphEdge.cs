namespace FlatFuse.Models;

/// <summary>One value of a model's graph: an output of one of its nodes.</summary>
/// <param name="Node">Index into <see cref="ModelGraph.Nodes"/>.</param>
/// <param name="Output">Which of the node's outputs.</param>
internal readonly record struct GraphEdge(int Node, int Output);
