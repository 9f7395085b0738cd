namespace FlatFuse.Kernels;

/// <summary>What a cell does in one step with a few rows: the products with the recurrent weights and the arithmetic around them.</summary>
internal interface IRecurrentCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>From what x gave to the gates and from the state: the next state, and in the gates what backward wants to find again.</summary>
    void Forward(in RecurrentStep s);

    /// <summary>From the gradient of the next state, in <see cref="RecurrentBackStep.Dh"/>: the gates' gradients, and in its place that of the state.</summary>
    void Backward(in RecurrentBackStep s);
}
