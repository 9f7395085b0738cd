using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chunks of rows of y, square by square: several matrices, or some rows of one. Rows of y follow each other, so a chunk of y is one stretch of memory.</summary>
internal unsafe struct TransposeJob<TSimd, TVector> : IChunkJob<TransposeJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // 32 KB of y: its lines, to which 16 passes write a part each, stay in L1 till they are full, and sharing a chunk costs less than copying it.
    private const int ChunkLength = 8 * 1024;

    private readonly float* _x;
    private readonly float* _y;
    private readonly int _matrices, _rows, _columns, _matricesPerChunk, _columnsPerChunk, _parts;
    private readonly bool _accumulate;

    public TransposeJob(int matrices, int rows, int columns, float* x, float* y, bool accumulate)
    {
        _x = x;
        _y = y;
        (_matrices, _rows, _columns, _accumulate) = (matrices, rows, columns, accumulate);
        _matricesPerChunk = Math.Max(1, ChunkLength / (rows * columns));
        _columnsPerChunk = Math.Max(1, ChunkLength / rows / TSimd.Count) * TSimd.Count;
        // The last part of a matrix has up to twice as many columns: fewer than a vector could not be moved in squares.
        _parts = _matricesPerChunk > 1 ? 1 : Math.Max(1, columns / _columnsPerChunk);
    }

    public readonly int Chunks => (_matrices + _matricesPerChunk - 1) / _matricesPerChunk * _parts;

    public static void Execute(ref TransposeJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int part = chunk % job._parts;
        int column = part * job._columnsPerChunk;
        int columns = part == job._parts - 1 ? job._columns - column : job._columnsPerChunk;
        nint matrix = (nint)job._rows * job._columns;
        int first = chunk / job._parts * job._matricesPerChunk;
        int end = Math.Min(job._matrices, first + job._matricesPerChunk);
        float* landing = job._accumulate ? scratch.Rent(job._rows * columns) : null;
        for (int i = first; i < end; i++)
        {
            float* y = job._y + (i * matrix) + ((nint)column * job._rows);
            GemmPacking<TSimd, TVector>.Transpose(job._x + (i * matrix) + column, job._columns, columns, job._rows, landing == null ? y : landing, job._rows);
            if (landing != null)
                Add(landing, y, job._rows * columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* x, float* y, int count)
    {
        int i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
            *(TVector*)(y + i) = TSimd.Add(*(TVector*)(y + i), *(TVector*)(x + i));
        for (; i < count; i++)
            y[i] += x[i];
    }
}
