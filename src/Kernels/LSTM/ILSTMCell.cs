namespace FlatFuse.Kernels;

/// <summary>The arithmetic between an LSTM's matrix products, for one vector of units.</summary>
/// <remarks>Forward replaces the four pre-activations by what backward wants to find again: that is the cell's own affair.</remarks>
internal interface ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>One step: c becomes f c + i g, h = o a(c).</summary>
    TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c);

    /// <summary>
    /// One step's gradient: the four kept values become the gradients of the pre-activations, <paramref name="dc"/> that of the
    /// previous c; <paramref name="c"/> is the new state, <paramref name="cPrevious"/> the old one.
    /// </summary>
    void Backward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc);
}
