using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A recurrent layer over whole sequences, forward (inference) or forward and backward: gradients of input, kernels and bias.</summary>
/// <param name="sizes">Batch, steps, features, units.</param>
/// <param name="gates">Columns of the kernels a unit.</param>
/// <param name="backward">True for the gradients too.</param>
internal abstract class RecurrentWorkload(int[] sizes, int gates, bool backward) : Workload($"{string.Join(' ', sizes)}{(backward ? " fwd+bwd" : " fwd")}")
{
    protected (int Batch, int Steps, int Features, int Units) Sizes { get; } = (sizes[0], sizes[1], sizes[2], sizes[3]);

    public override double Flops => (backward ? 3 : 1) * 2.0 * gates * Sizes.Batch * Sizes.Steps * Sizes.Units * (Sizes.Features + Sizes.Units);

    /// <summary>What the peers' scripts call the layer.</summary>
    protected abstract string Layer { get; }

    protected abstract RecurrentTensors Operands { get; }

    // Beside oneDNN in this process a record of it, from another minute, says less.
    public override (string Workload, string Metric)? Peer
        => OneDnnLayer.IsInstalled ? null : ($"{Layer}({Sizes.Features},{Sizes.Units})_B{Sizes.Batch}_T{Sizes.Steps}", backward ? "forward_backward_median" : "forward_median");

    /// <summary>oneDNN's layer, if it is installed, compared with ours before anybody takes its time.</summary>
    /// <param name="name">Its name in the tables.</param>
    /// <param name="cell">Which layer.</param>
    /// <param name="ours">Makes the same layer of FlatFuse.</param>
    protected IEnumerable<Contender> OneDnn(string name, OneDnnCell cell, Func<Action> ours)
        => OneDnnLayer.IsInstalled ? [new(name, ContenderKind.Peer, threads => OneDnn(cell, threads, ours))] : [];

    private Action OneDnn(OneDnnCell cell, int threads, Func<Action> ours)
    {
        RecurrentTensors o = Operands;
        var peer = new OneDnnRecurrent(cell, Sizes, threads, backward ? [o.X, o.Kernel, o.Recurrent, o.DY] : [o.X, o.Kernel, o.Recurrent]);
        ours()();
        peer.Run();
        CheckSame("oneDNN", o.Y.AsSpan(), peer.Output(), Sizes.Features + Sizes.Units);
        if (backward)
        {
            CheckSame("oneDNN", o.DX.AsSpan(), peer.InputGradient(), gates * Sizes.Units);
            CheckSame("oneDNN", o.DKernel.AsSpan(), peer.KernelGradient.AsSpan(), Sizes.Batch * Sizes.Steps);
            CheckSame("oneDNN", o.DRecurrent.AsSpan(), peer.RecurrentGradient.AsSpan(), Sizes.Batch * Sizes.Steps);
        }
        return peer.Run;
    }
}
