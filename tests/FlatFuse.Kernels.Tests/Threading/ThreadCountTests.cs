using System.Reflection;
using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests.Threading;

/// <summary>The law that holds for every kernel: bits follow from shapes and values, not from threads and addresses.</summary>
public sealed class ThreadCountTests
{
    // No other test asks for so many threads: its team is busy with nobody else's work.
    private const int Most = 7;

    // As many floats behind the beginning of their memory as threads: no two calls have operands on the same addresses in a cache line.
    private static readonly int[] Threads = [2, 3, Most];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Neither_threads_nor_addresses_change_a_bit_of_any_kernel(string set)
    {
        ThreadTeam team = ThreadTeam.Of(Most - 1);
        foreach ((string door, Action<KernelCall> run) in KernelDoors.All)
        {
            var one = new KernelCall(KernelSetData.WorkersOf(set), shift: 1);
            run(one);
            Assert.True(one.IsComplete, $"{set} {door}: an element was not written, or follows from what was there before.");
            foreach (int threads in Threads)
            {
                long jobs = team.Jobs;
                var several = new KernelCall(KernelSetData.WorkersOf(set, threads), shift: threads);
                run(several);
                Assert.True(several.HasBitsOf(one), $"{set} {door}: {threads} threads, or another address, change a bit.");
                Assert.True(threads != Most || team.Jobs > jobs, $"{set} {door}: the call was too small to be shared, so it proves nothing.");
            }
        }
    }

    /// <summary>A new kernel without a line in the table fails here.</summary>
    [Fact]
    public void The_table_has_every_kernel_that_takes_threads()
    {
        IEnumerable<string> doors =
            from type in typeof(Workers).Assembly.GetExportedTypes()
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            where method.GetParameters() is [var first, ..] && first.ParameterType == typeof(Workers)
            select $"{type.Name}.{method.Name}";
        Assert.Equal(doors.Order(StringComparer.Ordinal), KernelDoors.All.Keys.Order(StringComparer.Ordinal));
    }
}
