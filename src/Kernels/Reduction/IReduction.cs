namespace FlatFuse.Kernels;

/// <summary>How a reduction takes in a vector, and how lanes and blocks are joined.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IReduction<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The value of no elements.</summary>
    static abstract float Identity { get; }

    /// <summary>Takes in one more vector.</summary>
    static abstract TVector Include(TVector accumulator, TVector x);

    /// <summary>Joins two accumulators.</summary>
    static abstract TVector Join(TVector left, TVector right);

    /// <summary>Joins the lanes.</summary>
    static abstract float Across(TVector accumulator);

    /// <summary>Joins two blocks.</summary>
    static abstract double JoinBlocks(double left, double right);
}
