using FlatFuse.Autograd;

namespace FlatFuse.Models;

/// <summary>A weight and where it stands in a model.</summary>
/// <param name="Path">Keras's path without the model's own name: <c>layer/kernel</c>, <c>inner/layer/kernel</c>.</param>
/// <param name="Parameter">The weight.</param>
public sealed record NamedWeight(string Path, Parameter Parameter);
