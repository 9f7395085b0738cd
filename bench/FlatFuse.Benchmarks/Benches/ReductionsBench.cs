namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/reductions.txt</c>.</summary>
public class ReductionsBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "reductions";
}
