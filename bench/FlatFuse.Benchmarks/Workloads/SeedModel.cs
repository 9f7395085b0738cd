using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Benchmarks;

/// <summary>A seed model of DESIGN.md with random data of its shapes.</summary>
/// <param name="Key">The name in the peers' records.</param>
/// <param name="Name">The row's title.</param>
/// <param name="Build">Makes the model for a number of threads.</param>
/// <param name="Optimizer">As in the peers' scripts.</param>
/// <param name="Loss">As in the peers' scripts.</param>
/// <param name="Inputs">One tensor an input, for a number of samples.</param>
/// <param name="Targets">Targets for a number of samples.</param>
/// <param name="Batches">Steps of data in memory: fewer for the slow ones.</param>
internal sealed record SeedModel(
    string Key,
    string Name,
    Func<int, Model> Build,
    Func<Optimizer> Optimizer,
    Loss Loss,
    Func<int, IReadOnlyList<Tensor>> Inputs,
    Func<int, Tensor> Targets,
    int Batches);
