namespace FlatFuse.Benchmarks;

/// <summary>The products of the layers of <c>Shapes/dense.txt</c>.</summary>
public class DenseBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "dense";
}
