namespace FlatFuse.Kernels;

/// <summary>One optimizer's update of a vector of weights; the struct holds the step's scalars.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The state arrays in use.</summary>
    static abstract OptimizerStates States { get; }

    /// <summary>Returns the new weights and replaces the states.</summary>
    TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third);
}
