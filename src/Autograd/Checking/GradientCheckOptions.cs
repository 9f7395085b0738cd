using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>How <see cref="GradientCheck"/> measures and what it accepts.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>The distance h between the points; a power of two, so that x ± h is exact for most x.</summary>
    public float Step { get; init; } = 1f / 32f;

    /// <summary>Accepted: |analytic − numeric| ≤ tolerance · (1 + |numeric|). For its size see <see cref="GradientCheck"/>.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>True to run the function as in training: dropout is active, with the same draws at every evaluation.</summary>
    public bool Training { get; init; }

    /// <summary>The seed of the contexts.</summary>
    public long Seed { get; init; }

    /// <summary>Where the checked pass has its memory; ordinary arrays when null. A poisoned arena shows what is not written.</summary>
    public TensorAllocator? Allocator { get; init; }

    /// <summary>Threads and kernels; the machine's defaults when null.</summary>
    public Workers? Workers { get; init; }

    /// <summary>Weights that the function uses, to be checked too.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
}
