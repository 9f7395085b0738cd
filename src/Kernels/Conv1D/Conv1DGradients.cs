namespace FlatFuse.Kernels;

/// <summary>Both gradients of a convolution as products over overlapping rows.</summary>
internal static unsafe class Conv1DGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>At stride 1 dx is dy slid over by the flipped kernel; at a larger one it is that of images of one row.</summary>
    public static void Input(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        if (s.Stride == 1)
            Conv1DSlide<TSimd, TVector>.Flipped(w, Conv1DGeometry.OfInputGradient(s), dy, kernel, dx, accumulate);
        else
            Conv2DGradients<TSimd, TVector>.Input(w, s.OfOneRow, dy, kernel, dx, accumulate);
    }

    /// <summary>
    /// In parts of the batch where <see cref="Conv1DOnePass{TSimd, TVector}"/> fits. A large kernel does not, nor do few sequences: then rows of dkernel are shared
    /// out, and each chunk adds the sequences in order.
    /// </summary>
    public static void Weight(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        if (Conv1DOnePass<TSimd, TVector>.Fits(s))
        {
            Conv1DOnePass<TSimd, TVector>.Run(w, s, new Conv1DPass { X = x, DY = dy, DKernel = dkernel, AddDKernel = accumulate });
            return;
        }
        if (Conv1DWeightTurned<TSimd, TVector>.Pays(s) && s.Batch > 0)
        {
            Conv1DWeightTurned<TSimd, TVector>.Run(w, s, x, dy, dkernel, accumulate);
            return;
        }
        var job = Conv1DWeightJob<TSimd, TVector>.Of(s);
        job.X = x;
        job.DY = dy;
        job.DKernel = dkernel;
        job.Accumulate = accumulate;
        long work = (long)s.KernelElements * s.OutputLength * s.Batch;
        int tiles = (job.GroupRows + job.Plan.TileRows - 1) / job.Plan.TileRows;
        int chunks = (int)Math.Clamp(work / GemmPlan.ChunkWork / job.Groups, 1, Math.Max(1, tiles / 2));
        job.ChunkRows = (tiles + chunks - 1) / chunks * job.Plan.TileRows;
        job.ChunksPerGroup = (job.GroupRows + job.ChunkRows - 1) / job.ChunkRows;
        w.Run(ref job, job.Groups * job.ChunksPerGroup);
    }

    /// <summary>All gradients, the activation's first. In one pass over the batch where that fits, else one after the other.</summary>
    public static void All(Workers w, in Conv1DShape s, in Conv1DPass pass)
    {
        if (Conv1DOnePass<TSimd, TVector>.Fits(s) && (pass.DX == null || s.Stride == 1))
        {
            Conv1DOnePass<TSimd, TVector>.Run(w, s, pass);
            return;
        }
        float* dz = pass.DY;
        if (pass.Activation != ActivationKind.Linear)
        {
            int length = checked((int)s.OutputElements);
            dz = w.Held.Rent(length);
            ActivationGradients<TSimd, TVector>.Run(w, pass.Activation, pass.Z, pass.Y, pass.DY, dz, length, accumulate: false);
        }
        if (pass.DX != null && s.InputElements > 0)
            Input(w, s, dz, pass.Kernel, pass.DX, pass.AddDX);
        if (pass.DKernel != null)
            Weight(w, s, pass.X, dz, pass.DKernel, pass.AddDKernel);
        if (pass.DBias != null)
            RowSums<TSimd, TVector>.Run(w, s.Batch * s.OutputLength, s.Filters, dz, pass.DBias, pass.AddDBias);
    }
}
