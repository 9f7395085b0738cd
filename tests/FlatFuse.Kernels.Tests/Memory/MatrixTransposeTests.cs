using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class MatrixTransposeTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Columns_become_rows_of_every_matrix(string set)
    {
        int[] sizes = KernelSetData.Named(set).IsAccelerated ? [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67] : [1, 4, 7, 17];
        foreach (int rows in sizes)
        {
            foreach (int columns in sizes)
            {
                foreach (int matrices in new[] { 1, 3 })
                    Check(set, threads: 1 + (rows % 3), matrices, rows, columns);
            }
        }
    }

    // Several matrices a chunk, some columns a chunk and a wider last part, columns that are fewer than a vector beside long rows.
    [Theory]
    [InlineData(700, 7, 13)]
    [InlineData(3, 100, 203)]
    [InlineData(2, 3000, 37)]
    [InlineData(1, 20_000, 3)]
    [InlineData(2, 3, 20_000)]
    public void Chunks_cover_every_element(int matrices, int rows, int columns)
    {
        for (int threads = 1; threads <= 3; threads++)
            Check(KernelSets.Default.Name, threads, matrices, rows, columns);
    }

    [Fact]
    public void Sizes_that_do_not_meet_are_refused()
    {
        var w = new Workers(threads: 1);
        Assert.Contains("a multiple of 6; received 12 and 6", Assert.Throws<ArgumentException>(() => MatrixTranspose.Run(w, 2, 3, new float[12], new float[6])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MatrixTranspose.Run(w, 2, 3, new float[7], new float[7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixTranspose.Run(w, 0, 3, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixTranspose.Run(w, 3, -1, [], []));
        MatrixTranspose.Run(w, 2, 3, [], []);
    }

    private static void Check(string set, int threads, int matrices, int rows, int columns)
    {
        Workers w = KernelSetData.WorkersOf(set, threads);
        int count = matrices * rows * columns;
        using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(count, rows), columns % 2 == 0);
        using GuardedMemory y = columns % 2 == 0 ? GuardedMemory.AfterGuard(count) : GuardedMemory.BeforeGuard(count);
        float[] before = TestValues.Create(count, columns);
        foreach (bool accumulate in new[] { false, true })
        {
            before.CopyTo(y.Span);
            MatrixTranspose.Run(w, rows, columns, x.Span, y.Span, accumulate);
            for (int i = 0; i < count; i++)
            {
                int at = i % (rows * columns);
                float want = x.Span[i - at + (at % rows * columns) + (at / rows)];
                if (y.Span[i] != (accumulate ? before[i] + want : want))
                    Assert.Fail($"{set}, {threads} threads, {matrices} × {rows} × {columns}, accumulate {accumulate}: element {i} is {y.Span[i]}, expected {want}{(accumulate ? $" + {before[i]}" : "")}");
            }
            Assert.True(x.IsSlackUntouched && y.IsSlackUntouched);
        }
    }
}
