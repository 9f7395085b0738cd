using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatFuse.Kernels;

namespace FlatFuse.Benchmarks;

/// <summary>
/// The steps of <c>docs/gemm.md</c>, from the definition to the library's product, each timed on the same 512³: <c>-- gemm-steps</c>.
/// One thread.
/// </summary>
internal static class GemmSteps
{
    private const int Size = 512;

    public static void Print(TextWriter output)
    {
        var random = new Random(1);
        var a = new AlignedBuffer(Size * Size);
        var b = new AlignedBuffer(Size * Size);
        var c = new AlignedBuffer(Size * Size, zeroed: true);
        foreach (AlignedBuffer operand in (AlignedBuffer[])[a, b])
        {
            foreach (ref float value in operand.Span)
                value = random.NextSingle() - 0.5f;
        }
        output.WriteLine($"{"step (512 x 512 x 512, one thread)",-56}{"ms",9}{"GFLOP/s",10}{"of peak",9}");
        Row(output, "1 the definition: three loops, a dot product each", () => Definition(a.Span, b.Span, c.Span));
        Row(output, "2 the loops in the order i, k, j: rows of B", () => RowsOfB(a.Span, b.Span, c.Span));
        Row(output, "3 the inner loop in vectors", () => Vectors(a.Span, b.Span, c.Span));
        Row(output, "4 a tile of C in registers: 4 rows of 2 vectors", () => SmallTile(a.Span, b.Span, c.Span));
        foreach (KernelSet set in KernelSets.All.Where(set => set.IsAccelerated))
        {
            var workers = new Workers(set, threads: 1);
            Row(output, $"5 the library, kernel set {set}", () => Gemm.Multiply(workers, new GemmShape(Size, Size, Size), a.Span, b.Span, c.Span));
        }
    }

    private static void Row(TextWriter output, string step, Action product)
    {
        double flops = 2.0 * Size * Size * Size;
        Timing[] timings = Stopclock.Race([product, Limits.Peak.Loop], 1.0);
        double seconds = timings[0].Median, peak = timings[1].Median;
        output.WriteLine($"{step,-56}{seconds * 1e3,9:0.00}{flops / seconds / 1e9,10:0.0}{flops / seconds / (Limits.Peak.Flops / peak),9:0.0%}");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Definition(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                float sum = 0f;
                for (int k = 0; k < Size; k++)
                    sum += a[(i * Size) + k] * b[(k * Size) + j];
                c[(i * Size) + j] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsOfB(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        for (int i = 0; i < Size; i++)
        {
            Span<float> row = c.Slice(i * Size, Size);
            row.Clear();
            for (int k = 0; k < Size; k++)
            {
                float factor = a[(i * Size) + k];
                ReadOnlySpan<float> from = b.Slice(k * Size, Size);
                for (int j = 0; j < Size; j++)
                    row[j] += factor * from[j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vectors(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        for (int i = 0; i < Size; i++)
        {
            Span<float> row = c.Slice(i * Size, Size);
            row.Clear();
            for (int k = 0; k < Size; k++)
            {
                Vector256<float> factor = Vector256.Create(a[(i * Size) + k]);
                ref float from = ref MemoryMarshal.GetReference(b[(k * Size)..]);
                ref float to = ref MemoryMarshal.GetReference(row);
                for (nuint j = 0; j < Size; j += 8)
                    Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref from, j), Vector256.LoadUnsafe(ref to, j)).StoreUnsafe(ref to, j);
            }
        }
    }

    // 8 sums + 2 vectors of B + 1 element of A: 11 of the 16 registers of AVX2. Per k 2 loads and 4 broadcasts for 8 multiply-adds, and no store.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SmallTile(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        for (int i = 0; i < Size; i += 4)
        {
            for (int j = 0; j < Size; j += 16)
            {
                Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
                ref float row = ref MemoryMarshal.GetReference(a[(i * Size)..]);
                ref float panel = ref MemoryMarshal.GetReference(b[j..]);
                for (int k = 0; k < Size; k++)
                {
                    Vector256<float> b0 = Vector256.LoadUnsafe(ref panel), b1 = Vector256.LoadUnsafe(ref panel, 8);
                    Vector256<float> factor = Vector256.Create(Unsafe.Add(ref row, k));
                    c00 = Vector256.MultiplyAddEstimate(factor, b0, c00);
                    c01 = Vector256.MultiplyAddEstimate(factor, b1, c01);
                    factor = Vector256.Create(Unsafe.Add(ref row, k + Size));
                    c10 = Vector256.MultiplyAddEstimate(factor, b0, c10);
                    c11 = Vector256.MultiplyAddEstimate(factor, b1, c11);
                    factor = Vector256.Create(Unsafe.Add(ref row, k + (2 * Size)));
                    c20 = Vector256.MultiplyAddEstimate(factor, b0, c20);
                    c21 = Vector256.MultiplyAddEstimate(factor, b1, c21);
                    factor = Vector256.Create(Unsafe.Add(ref row, k + (3 * Size)));
                    c30 = Vector256.MultiplyAddEstimate(factor, b0, c30);
                    c31 = Vector256.MultiplyAddEstimate(factor, b1, c31);
                    panel = ref Unsafe.Add(ref panel, Size);
                }
                ref float tile = ref MemoryMarshal.GetReference(c[((i * Size) + j)..]);
                c00.StoreUnsafe(ref tile);
                c01.StoreUnsafe(ref tile, 8);
                c10.StoreUnsafe(ref tile, Size);
                c11.StoreUnsafe(ref tile, Size + 8);
                c20.StoreUnsafe(ref tile, 2 * Size);
                c21.StoreUnsafe(ref tile, (2 * Size) + 8);
                c30.StoreUnsafe(ref tile, 3 * Size);
                c31.StoreUnsafe(ref tile, (3 * Size) + 8);
            }
        }
    }
}
