namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/gemm.txt</c>.</summary>
public class GemmBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "gemm";
}
