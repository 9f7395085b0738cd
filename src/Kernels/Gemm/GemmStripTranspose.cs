using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A transposed B of a small product, laid down as the strips read it: all of it at once, because it is small.</summary>
/// <remarks>Threads that share a product turn panels each for itself: one that both read from the core that wrote it took two to four times as long ((32, 32) · (784, 32)ᵀ).</remarks>
internal static unsafe class GemmStripTranspose<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Fewer rows of C do not pay for the copy.
    private const int LeastRows = 32;

    /// <summary>True for a transposed B whose copy strips can take.</summary>
    public static bool Fits(in GemmProblem p)
        => p.RowStrideB == 1 && p.ColumnStrideB != 1 && p.M >= LeastRows && p.N >= TSimd.Count && p.K >= 4
            && GemmStrips<TSimd, TVector>.IsSmall(p) && GemmStrips<TSimd, TVector>.Fits(p with { RowStrideB = p.N, ColumnStrideB = 1 });

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
