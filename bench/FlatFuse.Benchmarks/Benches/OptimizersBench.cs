namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/optimizers.txt</c>.</summary>
public class OptimizersBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "optimizers";
}
