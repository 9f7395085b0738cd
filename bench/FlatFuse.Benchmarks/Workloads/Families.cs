namespace FlatFuse.Benchmarks;

/// <summary>All workloads, by family; each family's shapes are a text file.</summary>
internal static class Families
{
    public static IReadOnlyDictionary<string, Func<IReadOnlyList<Workload>>> All { get; } = new Dictionary<string, Func<IReadOnlyList<Workload>>>
    {
        ["gemm"] = Gemm,
        ["dense"] = Dense,
        ["conv1d"] = Conv1D,
        ["lstm"] = LSTM,
        ["gru"] = GRU,
        ["elementwise"] = Elementwise,
        ["reductions"] = Reductions,
        ["optimizers"] = Optimizers,
    };

    public static IReadOnlyList<Workload> Gemm() => [.. ShapeFile.Read("gemm.txt").Select(line => new GemmWorkload(line.Line, line.Words, line.Sizes))];

    public static IReadOnlyList<Workload> Dense() => [.. ShapeFile.Read("dense.txt").SelectMany(line => GemmWorkload.OfDense(line.Sizes[0], line.Sizes[1], line.Sizes[2]))];

    public static IReadOnlyList<Workload> Conv1D()
        => [.. ShapeFile.Read("conv1d.txt").SelectMany(line => new[] { new Conv1DWorkload(line.Sizes, backward: false), new Conv1DWorkload(line.Sizes, backward: true) })];

    public static IReadOnlyList<Workload> LSTM()
        => [.. ShapeFile.Read("lstm.txt").SelectMany(line => new[] { new LSTMWorkload(line.Sizes, backward: false), new LSTMWorkload(line.Sizes, backward: true) })];

    public static IReadOnlyList<Workload> GRU()
        => [.. ShapeFile.Read("gru.txt").SelectMany(line => new[] { new GRUWorkload(line.Sizes, backward: false), new GRUWorkload(line.Sizes, backward: true) })];

    public static IReadOnlyList<Workload> Elementwise() => [.. ShapeFile.Read("elementwise.txt").Select(line => new ElementwiseWorkload(line.Words[0], line.Sizes[0]))];

    public static IReadOnlyList<Workload> Reductions() => [.. ShapeFile.Read("reductions.txt").Select(line => ReductionWorkload.Of(line.Words[0], line.Sizes))];

    public static IReadOnlyList<Workload> Optimizers() => [.. ShapeFile.Read("optimizers.txt").Select(line => new OptimizerWorkload(line.Words[0], line.Sizes[0]))];
}
