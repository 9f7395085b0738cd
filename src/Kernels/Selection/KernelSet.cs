namespace FlatFuse.Kernels;

/// <summary>
/// All kernels for one vector width. Each kernel family adds its entries in a partial file of its own folder
/// (<c>Gemm/KernelSet.Gemm.cs</c>, …); <see cref="KernelSets"/> is the table of all sets.
/// </summary>
/// <remarks>Callers use the static doors (<c>Gemm</c>, <c>Conv1D</c>, <c>LSTM</c>, …), which check every length once.</remarks>
public abstract partial class KernelSet
{
    private protected KernelSet(string name, int vectorLength, bool isAccelerated)
    {
        Name = name;
        VectorLength = vectorLength;
        IsAccelerated = isAccelerated;
    }

    /// <summary>The name that <c>FLATFUSE_ISA</c> knows: <c>scalar</c>, <c>vector</c>, <c>v128</c>, <c>v256</c> or <c>v512</c>.</summary>
    public string Name { get; }

    /// <summary>Floats in a vector.</summary>
    public int VectorLength { get; }

    /// <summary>True when this machine runs the set in hardware. Others are correct too, and far too slow to be chosen.</summary>
    public bool IsAccelerated { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The kernels of one width: each partial file instantiates the generic bodies of its family.</summary>
internal sealed unsafe partial class KernelSet<TSimd, TVector>(string name, bool isAccelerated)
    : KernelSet(name, TSimd.Count, isAccelerated)
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged;
