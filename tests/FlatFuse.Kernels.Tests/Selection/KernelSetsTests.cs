using System.Runtime.Intrinsics;

namespace FlatFuse.Kernels.Tests;

public sealed class KernelSetsTests
{
    [Fact]
    public void The_default_is_the_widest_accelerated_set()
        => Assert.Same(KernelSets.All.Last(set => set.IsAccelerated), KernelSets.Choose(null));

    [Fact]
    public void A_name_forces_its_set()
    {
        foreach (KernelSet set in KernelSets.All.Where(set => set.IsAccelerated))
            Assert.Same(set, KernelSets.Choose(set.Name));
    }

    [Fact]
    public void An_unknown_name_is_refused_and_the_known_ones_are_listed()
    {
        var refused = Assert.Throws<ArgumentException>(() => KernelSets.Choose("avx9"));
        Assert.Contains("avx9", refused.Message);
        Assert.All(KernelSets.All, set => Assert.Contains(set.Name, refused.Message));
    }

    [Fact]
    public void A_width_that_the_machine_emulates_is_never_chosen()
    {
        foreach (KernelSet set in KernelSets.All.Where(set => !set.IsAccelerated))
            Assert.Throws<PlatformNotSupportedException>(() => KernelSets.Choose(set.Name));
    }

    /// <summary>
    /// A lane is a child process with instruction sets switched off. CI names the set that must then be the widest: if the
    /// runtime ever renames the switch, this fails instead of the lane testing nothing.
    /// </summary>
    [Fact]
    public void A_lane_has_the_effect_that_it_was_started_for()
    {
        string? expected = Environment.GetEnvironmentVariable("FLATFUSE_EXPECTED_ISA");
        if (string.IsNullOrEmpty(expected))
            expected = KernelSets.Choose(null).Name;
        Assert.Equal(expected, KernelSets.Choose(null).Name);
        Assert.Equal(expected == "v512", Vector512.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Avx512F.IsSupported);
    }
}
