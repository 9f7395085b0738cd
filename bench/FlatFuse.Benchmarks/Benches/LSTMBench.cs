namespace FlatFuse.Benchmarks;

/// <summary>The shapes of <c>Shapes/lstm.txt</c>.</summary>
public class LSTMBench : FamilyBench
{
    /// <inheritdoc/>
    protected override string Family => "lstm";
}
