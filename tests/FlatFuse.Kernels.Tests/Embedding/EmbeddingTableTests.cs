using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class EmbeddingTableTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Gather_and_scatter_agree_with_plain_loops_between_guard_pages(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int dim in Enumerable.Range(1, 67))
        {
            const int Vocabulary = 5;
            float[] ids = [4, 0, 0, 2, 4, 1, 0];
            using GuardedMemory table = GuardedMemory.CopyOf(TestValues.Create(Vocabulary * dim, 1), dim % 2 == 0);
            using GuardedMemory rows = GuardedMemory.CopyOf(TestValues.Create(ids.Length * dim, 2), dim % 2 == 0);
            float[] wantTable = table.Span.ToArray();
            for (int i = 0; i < ids.Length; i++)
            {
                for (int c = 0; c < dim; c++)
                    wantTable[((int)ids[i] * dim) + c] += rows.Span[(i * dim) + c];
            }
            EmbeddingTable.ScatterAdd(w, ids, rows.Span, dim, table.Span, accumulate: true);
            // The order of the additions is that of the ids: equal bits.
            Assert.Null(Tolerance.FirstBitDifference(wantTable, table.Span));
            EmbeddingTable.Gather(w, ids, table.Span, dim, rows.Span);
            for (int i = 0; i < ids.Length; i++)
                Assert.Null(Tolerance.FirstBitDifference(table.Span.Slice((int)ids[i] * dim, dim), rows.Span.Slice(i * dim, dim)));
            EmbeddingTable.ScatterAdd(w, default, default, dim, table.Span, accumulate: false);
            Assert.All(table.Span.ToArray(), value => Assert.Equal(0f, value));
            Assert.True(table.IsSlackUntouched && rows.IsSlackUntouched);
        }
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(5f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.5f)]
    [InlineData(3e9f)]
    public void An_id_that_is_no_row_is_found_and_refused(float bad)
    {
        float[] ids = [0, 4, 1, bad, 2];
        Assert.Equal(3, EmbeddingTable.FirstInvalidId(ids, 5));
        var w = new Workers(threads: 1);
        string message = Assert.Throws<ArgumentException>(() => EmbeddingTable.Gather(w, ids, new float[10], 2, new float[10])).Message;
        Assert.Contains("at position 3", message);
        Assert.Throws<ArgumentException>(() => EmbeddingTable.ScatterAdd(w, ids, new float[10], 2, new float[10], false));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public unsafe void Every_kernel_set_finds_a_wrong_id_in_every_position(string set)
    {
        for (int length = 0; length < 40; length++)
        {
            using GuardedMemory ids = GuardedMemory.CopyOf(Array.ConvertAll(TestValues.Create(length, 1, 0, 9), MathF.Floor));
            Assert.True(KernelSetData.Named(set).AreValidIds(ids.Pointer, length, 9));
            for (int i = 0; i < length; i++)
            {
                float kept = ids.Span[i];
                foreach (float bad in new[] { 9f, -1f, 0.5f, -0.25f, float.NaN, float.PositiveInfinity })
                {
                    ids.Span[i] = bad;
                    Assert.False(KernelSetData.Named(set).AreValidIds(ids.Pointer, length, 9));
                }
                ids.Span[i] = kept;
            }
        }
    }

    [Fact]
    public void Valid_ids_pass_and_the_limit_is_exact_above_what_floats_count()
    {
        Assert.Equal(-1, EmbeddingTable.FirstInvalidId([0, 4, -0f], 5));
        Assert.Equal(-1, EmbeddingTable.FirstInvalidId(default, 0));
        Assert.Equal(0, EmbeddingTable.FirstInvalidId([0], 0));
        Assert.Equal(0, EmbeddingTable.FirstInvalidId([16_777_216], 16_777_216));
        Assert.Equal(-1, EmbeddingTable.FirstInvalidId([16_777_216], 16_777_217));
    }
}
