namespace FlatFuse.Kernels;

/// <summary>Packs B, a panel a chunk.</summary>
internal unsafe struct GemmPackJob<TSimd, TVector> : IChunkJob<GemmPackJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public float* B;
    public nint RowStride, ColumnStride;
    public int Rows, Columns, PanelColumns;
    public float* Packed;

    public static void Execute(ref GemmPackJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = chunk * job.PanelColumns;
        GemmPacking<TSimd, TVector>.Panel(
            job.B + (column * job.ColumnStride), job.RowStride, job.ColumnStride, job.Rows,
            Math.Min(job.PanelColumns, job.Columns - column), job.Packed + ((nint)column * job.Rows));
    }
}
