using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A transposed B of short sums, laid down as the strips read it: all of it at once, because with few terms it is small.</summary>
internal static unsafe class GemmStripTranspose<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Fewer rows of C do not pay for the copy.
    private const int LeastRows = 32;

    // Floats of a copy that stays in L2: 256 KB.
    private const int MostFloats = 1 << 16;

    /// <summary>True for a transposed B whose copy strips can take.</summary>
    public static bool Fits(in GemmProblem p)
        => p.RowStrideB == 1 && p.ColumnStrideB != 1 && p.M >= LeastRows && p.N >= TSimd.Count && p.K >= 4 && p.K * (long)p.N <= MostFloats
            && GemmStrips<TSimd, TVector>.Fits(p with { RowStrideB = p.N, ColumnStrideB = 1 });

    /// <summary>Runs a product that <see cref="Fits"/>.</summary>
    public static void Run(Workers w, in GemmProblem p)
    {
        // An odd number of vectors from row to row: they spread over the sets of L1.
        int vectors = (p.N + TSimd.Count - 1) / TSimd.Count;
        int pitch = (vectors | 1) * TSimd.Count;
        float* copy = w.Shared.Rent(pitch * p.K);
        GemmPacking<TSimd, TVector>.Transpose(p.B, p.ColumnStrideB, p.K, p.N, copy, pitch);
        GemmStrips<TSimd, TVector>.Run(w, p with { B = copy, RowStrideB = pitch, ColumnStrideB = 1 });
    }
}
