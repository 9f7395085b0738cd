namespace FlatFuse.Kernels.Tests;

public sealed class RowCopyTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(40_000, 9)]
    public void Rows_come_in_the_order_asked_for(int width, int rows)
    {
        float[] source = new float[width * rows];
        for (int i = 0; i < source.Length; i++)
            source[i] = i;
        int[] order = [rows - 1, 0, rows / 2];
        foreach (int threads in new[] { 1, 2 })
        {
            var w = Workers.Oversubscribed(null, threads);
            float[] batch = new float[3 * width];
            RowCopy.Gather(w, width, source, order, batch);
            for (int i = 0; i < batch.Length; i++)
                Assert.Equal(source[(order[i / width] * width) + (i % width)], batch[i]);
            float[] all = new float[source.Length];
            RowCopy.Gather(w, width, source, [], all);
            Assert.Equal(source, all);
        }
    }

    [Fact]
    public void Nothing_is_copied_of_nothing()
    {
        var w = new Workers(threads: 1);
        RowCopy.Gather(w, 0, [], [], []);
        RowCopy.Gather(w, 3, [1, 2, 3], [], []);
    }

    [Fact]
    public void Rows_that_are_not_there_and_wrong_lengths_are_refused()
    {
        var w = new Workers(threads: 1);
        Assert.Contains("2 rows", Assert.Throws<ArgumentOutOfRangeException>(() => RowCopy.Gather(w, 2, new float[4], [2], new float[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => RowCopy.Gather(w, 2, new float[4], [-1], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowCopy.Gather(w, 2, new float[4], [], new float[6]));
        Assert.Throws<ArgumentException>(() => RowCopy.Gather(w, 2, new float[4], [0], new float[4]));
        Assert.Throws<ArgumentException>(() => RowCopy.Gather(w, 2, new float[4], [0], new float[3]));
    }
}
