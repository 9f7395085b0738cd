namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/elementwise.txt</c>.</summary>
public class ElementwiseBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "elementwise";
}
