using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    /// A lane is a child process with instruction sets switched off; CI says which. If the runtime ever renames the switch, this
    /// fails instead of the lane testing nothing.
    /// </summary>
    [Fact]
    public void A_lane_lacks_what_it_switches_off()
    {
        switch (Environment.GetEnvironmentVariable("FLATFUSE_LANE"))
        {
            case null or "":
                break;
            case "no-avx512":
                Assert.False(Vector512.IsHardwareAccelerated, "AVX-512 is still on: the switch of this lane had no effect.");
                break;
            case "no-avx2":
                Assert.False(Vector256.IsHardwareAccelerated || Avx2.IsSupported || Fma.IsSupported, "AVX2 is still on: the switch of this lane had no effect.");
                Assert.Equal(["scalar", "vector", "v128"], KernelSets.All.Where(set => set.IsAccelerated).Select(set => set.Name));
                break;
            case "no-intrinsics":
                Assert.False(Vector128.IsHardwareAccelerated || Vector.IsHardwareAccelerated, "Intrinsics are still on: the switch of this lane had no effect.");
                Assert.Equal(["scalar"], KernelSets.All.Where(set => set.IsAccelerated).Select(set => set.Name));
                break;
            case var lane:
                Assert.Fail($"FLATFUSE_LANE={lane} is no lane that this test knows; expected no-avx512, no-avx2 or no-intrinsics.");
                break;
        }
        Assert.Equal(Vector512.IsHardwareAccelerated && Avx512F.IsSupported, KernelSets.V512.IsAccelerated);
    }
}
