using FlatFuse.Layers;

namespace FlatFuse.Models;

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's name in its model.</param>
/// <param name="ClassName">The Keras class name.</param>
/// <param name="OutputShapes">The outputs' shapes, batch first; a layer called again adds the later call's shapes where they differ.</param>
/// <param name="Parameters">Numbers in its weights.</param>
/// <param name="TrainableParameters">Those that training changes.</param>
/// <param name="ConnectedTo">What feeds it, as Keras writes it: <c>layer[call][output]</c>.</param>
/// <param name="Layers">The rows of a nested model; empty for every other layer.</param>
public sealed record LayerSummary(
    string Name,
    string ClassName,
    IReadOnlyList<SymbolicShape> OutputShapes,
    long Parameters,
    long TrainableParameters,
    IReadOnlyList<string> ConnectedTo,
    IReadOnlyList<LayerSummary> Layers);
