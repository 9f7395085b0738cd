namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/conv1d.txt</c>.</summary>
public class Conv1DBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "conv1d";
}
