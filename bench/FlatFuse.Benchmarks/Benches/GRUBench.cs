namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/gru.txt</c>.</summary>
public class GRUBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "gru";
}
