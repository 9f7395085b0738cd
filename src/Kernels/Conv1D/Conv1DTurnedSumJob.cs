using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Adds the parts' sums of a transposed weight gradient (<see cref="Conv1DWeightTurned{TSimd, TVector}"/>) in their order and turns them, squares of a vector's length.</summary>
internal unsafe struct Conv1DTurnedSumJob<TSimd, TVector> : IChunkJob<Conv1DTurnedSumJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // 256 KB of sums are worth handing out.
    private const int ChunkLength = 1 << 16;

    private Conv1DShape _shape;
    private int _pitch, _parts, _chunkColumns;
    private float* _sums, _dkernel;
    private bool _accumulate;

    /// <summary>dkernel of <paramref name="sums"/> [part, F, <paramref name="pitch"/>].</summary>
    public static void Run(Workers w, in Conv1DShape s, int pitch, int parts, float* sums, float* dkernel, bool accumulate)
    {
        var job = new Conv1DTurnedSumJob<TSimd, TVector> { _shape = s, _pitch = pitch, _parts = parts, _sums = sums, _dkernel = dkernel, _accumulate = accumulate };
        int columns = Math.Max(1, (int)(ChunkLength / ((long)parts * s.Filters * TSimd.Count)));
        job._chunkColumns = columns * TSimd.Count;
        w.Run(ref job, (pitch + job._chunkColumns - 1) / job._chunkColumns);
    }

    public static void Execute(ref Conv1DTurnedSumJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = chunk * job._chunkColumns;
        Store(job._shape, job._pitch, column, Math.Min(job._pitch, column + job._chunkColumns), job._parts, job._sums, job._dkernel, job._accumulate);
    }

    /// <summary>Rows [<paramref name="column"/>, <paramref name="columnEnd"/>) of dkernel, as far as there are so many.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(in Conv1DShape s, int pitch, int column, int columnEnd, int parts, float* sums, float* dkernel, bool accumulate)
    {
        float* square = stackalloc float[2 * MostLanes * MostLanes];
        float* turned = square + (TSimd.Count * TSimd.Count);
        nint part = (nint)s.Filters * pitch;
        int window = s.KernelSize * s.Channels;
        for (int j = column; j < columnEnd; j += TSimd.Count)
        {
            int rows = Math.Min(TSimd.Count, window - j);
            for (int f = 0; f < s.Filters; f += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, s.Filters - f);
                float* from = sums + ((nint)f * pitch) + j;
                for (int i = 0; i < count; i++, from += pitch)
                {
                    TVector value = *(TVector*)from;
                    for (int n = 1; n < parts; n++)
                        value = TSimd.Add(value, *(TVector*)(from + (n * part)));
                    *(TVector*)(square + (i * TSimd.Count)) = value;
                }
                TSimd.Transpose(square, TSimd.Count, turned, TSimd.Count);
                float* to = dkernel + ((nint)j * s.Filters) + f;
                for (int i = 0; i < rows; i++, to += s.Filters)
                {
                    TVector value = *(TVector*)(turned + (i * TSimd.Count));
                    TSimd.StorePartial(to, accumulate ? TSimd.Add(TSimd.LoadPartial(to, count), value) : value, count);
                }
            }
        }
    }

    private const int MostLanes = 16;
}
