using System.Runtime.InteropServices;
using FlatFuse.Kernels;

namespace FlatFuse.Tensors.Tests;

public sealed class ArenaTests
{
    [Fact]
    public void Every_tensor_starts_on_a_64_byte_boundary_and_overlaps_no_other()
    {
        var arena = new Arena();
        var tensors = new List<Tensor<float>>();
        foreach (int count in new[] { 1, 15, 16, 17, 1000, 70_000, 3, 300_000, 0, 5 })
            tensors.Add(arena.Allocate(count));
        for (int i = 0; i < tensors.Count; i++)
        {
            tensors[i].Fill(i);
            if (tensors[i].Count > 0)
                Assert.Equal(0, Address(tensors[i]) % AlignedBuffer.AlignmentBytes);
        }
        for (int i = 0; i < tensors.Count; i++)
        {
            foreach (float value in tensors[i])
                Assert.Equal(i, value);
        }
    }

    [Fact]
    public void After_a_reset_the_same_step_gets_the_same_memory()
    {
        var arena = new Arena();
        long[] first = Step(arena);
        long capacity = arena.CapacityFloats;
        for (int step = 0; step < 5; step++)
        {
            arena.Reset();
            Assert.Equal(first, Step(arena));
        }
        Assert.Equal(capacity, arena.CapacityFloats);
    }

    [Fact]
    public void Steps_of_two_sizes_in_turn_do_not_grow_it_for_ever()
    {
        var arena = new Arena();
        long capacity = 0;
        for (int step = 0; step < 20; step++)
        {
            arena.Reset();
            for (int i = 0; i < 10; i++)
                arena.Allocate(step % 2 == 0 ? 30_000 : 10_000 * (10 - i));
            if (step == 3)
                capacity = arena.CapacityFloats;
        }
        Assert.Equal(capacity, arena.CapacityFloats);
    }

    [Fact]
    public void A_steady_step_allocates_only_the_tensor_objects()
    {
        var arena = new Arena();
        Step(arena);
        arena.Reset();
        Step(arena);
        arena.Reset();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            arena.Allocate(10, 100);
        // A tensor, its layout and two arrays of sizes: far below one tensor's 4,000 bytes of elements.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 400);
    }

    [Fact]
    public void The_poison_switch_makes_memory_that_was_given_back_NaN()
    {
        var arena = new Arena(poison: true);
        Tensor<float> t = arena.Allocate(100);
        Assert.True(float.IsNaN(t[50]));
        t.Fill(1);
        arena.Reset();
        Assert.True(float.IsNaN(t[50]));
        Assert.True(float.IsNaN(arena.Allocate(100)[50]));
    }

    [Fact]
    public void A_clone_outlives_the_step()
    {
        var arena = new Arena(poison: true);
        Tensor<float> t = arena.Allocate(2, 2);
        t.Fill(3);
        Tensor<float> kept = t.Clone();
        arena.Reset();
        Assert.Equal([3f, 3, 3, 3], kept.ToArray());
    }

    [Fact]
    public void The_heap_allocates_tensors_of_their_own()
    {
        Tensor<float> a = TensorAllocator.Heap.Allocate(2, 3), b = TensorAllocator.Heap.Allocate(2, 3);
        Assert.NotSame(a.Storage, b.Storage);
        Assert.Equal([2, 3], a.Shape);
    }

    private static long[] Step(Arena arena)
    {
        int[] sizes = [100, 40_000, 7, 90_000, 200_000, 64];
        return Array.ConvertAll(sizes, size => Address(arena.Allocate(size)));
    }

    // The slabs are pinned: an address stays what it is.
    private static long Address(Tensor<float> tensor) => Marshal.UnsafeAddrOfPinnedArrayElement(tensor.Storage, tensor.Layout.Offset);
}
