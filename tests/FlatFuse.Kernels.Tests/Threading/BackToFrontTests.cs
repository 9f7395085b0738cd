namespace FlatFuse.Kernels.Tests;

public sealed class BackToFrontTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_chunk_is_run_once(int threads)
    {
        for (int chunks = 1; chunks <= 17; chunks++)
        {
            var order = new BackToFront(chunks, threads);
            Assert.Equal(Enumerable.Range(0, chunks), Enumerable.Range(0, chunks).Select(order.ChunkOf).Order());
        }
    }

    [Fact]
    public void One_thread_begins_at_the_end_and_goes_to_the_beginning()
    {
        var order = new BackToFront(5, 1);
        Assert.Equal([4, 3, 2, 1, 0], Enumerable.Range(0, 5).Select(order.ChunkOf));
        Assert.Equal(3, order.After(4));
    }

    // The helper claims from the back: 6, 5, 4, 3.
    [Fact]
    public void Two_threads_begin_in_the_middle()
    {
        var order = new BackToFront(7, 2);
        Assert.Equal([2, 1, 0, 6, 5, 4, 3], Enumerable.Range(0, 7).Select(order.ChunkOf));
        Assert.Equal(1, order.After(2));
        Assert.Equal(4, order.After(3));
    }
}
