namespace FlatFuse.Benchmarks;

/// <summary>
/// Training steps of the seed models at batch 32 and predictions at batch 1 and 32, on data already in memory, as the peers' scripts time them. With the
/// peers' records: ratios to the best peer at its better number of threads.
/// </summary>
internal sealed class ModelTable(TextWriter output, PeerRecords records, Passes passes)
{
    private const int Batch = 32;

    private static readonly int[] TrainWidths = [26, 10, 18, 18, 6, 24, 6];
    private static readonly int[] PredictWidths = [26, 5, 9, 9, 9, 6, 24, 6, 14, 6, 6];

    /// <summary>Prints training, prediction, or both.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string> words, PeerRecords records, Passes passes)
    {
        foreach (string unknown in words.Where(word => word is not ("train" or "predict") && !SeedModels.All.Any(model => model.Key == word)))
            throw new ArgumentException($"-- models {unknown}: expected train, predict, or a model: {string.Join(", ", SeedModels.All.Select(model => model.Key))}.");
        var table = new ModelTable(output, records, passes);
        SeedModel[] models = [.. SeedModels.All.Where(model => words.Contains(model.Key) || !SeedModels.All.Any(other => words.Contains(other.Key)))];
        if (!words.Contains("predict") || words.Contains("train"))
            table.Train(models);
        if (!words.Contains("train") || words.Contains("predict"))
            table.Predict(models);
    }

    private void Train(IReadOnlyList<SeedModel> models)
    {
        output.WriteLine($"Training step, batch 32: forward, loss, backward, optimizer, on data in memory. Time: {passes.Rule} (best sample); managed bytes a step.");
        output.WriteLine("Ratio: the best peer's time over FlatFuse's, each at its better number of threads.");
        output.WriteLine(Text.Row(TrainWidths, ["model", "parameters", "1 thread", "2 threads", "bytes", "best peer", "ratio"]));
        output.WriteLine(Text.Rule(TrainWidths));
        List<double> ratios = [];
        foreach (SeedModel model in models)
        {
            (Timing one, long bytes) = Train(model, threads: 1);
            (Timing two, long bytesOfTwo) = Train(model, threads: 2);
            (string Peer, double Seconds)? peer = Quicker(records.Best(model.Key, "train_step_b32_median", null), records.Best(model.Key, "train_step_b32_foreach_median", null));
            double ratio = (peer?.Seconds ?? double.NaN) / Math.Min(one.Median, two.Median);
            if (double.IsFinite(ratio))
                ratios.Add(ratio);
            output.WriteLine(Text.Row(TrainWidths,
                [model.Name, $"{model.Build(1).CountParameters():N0}", Both(one), Both(two), $"{Math.Max(bytes, bytesOfTwo)}", peer is { } p ? $"{Text.Time(p.Seconds)} {p.Peer}" : "–", Text.Ratio(ratio)]));
            output.Flush();
        }
        Sum("training", ratios);
        output.WriteLine();
    }

    private void Predict(IReadOnlyList<SeedModel> models)
    {
        double floor = records.Best("FLOOR", "infer_b1_median", null)?.Seconds ?? double.NaN;
        output.WriteLine("Prediction: Predict into memory that is there, on 1 and 2 threads; Predict that returns a new tensor on the better; managed bytes of the first.");
        output.WriteLine($"Time: {passes.Rule}.");
        output.WriteLine("Ratio: the best peer's time over FlatFuse's, each at its better number of threads. 'ort less floor': ONNX Runtime's time without what a call of");
        output.WriteLine($"its Node binding takes with an Identity graph ({Text.Time(floor)}); 'net' is the ratio to that, or to the best other peer where that is quicker.");
        output.WriteLine(Text.Row(PredictWidths, ["model", "batch", "1 thread", "2 threads", "new", "bytes", "best peer", "ratio", "ort less floor", "net", "best"]));
        output.WriteLine(Text.Rule(PredictWidths));
        List<double> ratios = [], netRatios = [];
        foreach (SeedModel model in models)
        {
            foreach (int batch in (int[])[1, 32])
            {
                PredictTimes one = Predict(model, batch, threads: 1);
                PredictTimes two = Predict(model, batch, threads: 2);
                double ours = Math.Min(one.Into.Median, two.Into.Median);
                (string Peer, double Seconds)? peer = Quicker(
                    records.Best(model.Key, $"infer_b{batch}_median", null), records.Best(model.Key, $"infer_jit_b{batch}_median", null));
                (string Peer, double Seconds)? ort = records.Best(model.Key, $"infer_b{batch}_median", null, "onnxruntime");
                (string Peer, double Seconds)? torch = Quicker(
                    records.Best(model.Key, $"infer_b{batch}_median", null, "pytorch"), records.Best(model.Key, $"infer_jit_b{batch}_median", null, "pytorch"));
                double ratio = (peer?.Seconds ?? double.NaN) / ours;
                // Less than nothing is left of a call that is all binding.
                double net = Math.Max((ort?.Seconds ?? double.NaN) - floor, 0);
                double netRatio = Math.Min(net, torch?.Seconds ?? double.PositiveInfinity) / ours;
                if (double.IsFinite(ratio))
                    ratios.Add(ratio);
                if (netRatio > 0 && double.IsFinite(netRatio))
                    netRatios.Add(netRatio);
                output.WriteLine(Text.Row(PredictWidths,
                [
                    model.Name, $"{batch}", Text.Time(one.Into.Median), Text.Time(two.Into.Median), Text.Time(Math.Min(one.New.Median, two.New.Median)), $"{Math.Max(one.Bytes, two.Bytes)}",
                    peer is { } p ? $"{Text.Time(p.Seconds)} {p.Peer}" : "–", Text.Ratio(ratio), net > 0 ? Text.Time(net) : "–", netRatio > 0 ? Text.Ratio(netRatio) : "–",
                    Text.Time(Math.Min(one.Into.Best, two.Into.Best)),
                ]));
                output.Flush();
            }
        }
        Sum("prediction", ratios);
        Sum("prediction, ONNX Runtime without its floor", netRatios);
    }

    private TrainTimes Train(SeedModel model, int threads)
        => passes.Take($"train {model.Key} {threads}", () => ModelTimer.Train(model, Batch, threads), TrainTimes.Least);

    private PredictTimes Predict(SeedModel model, int batch, int threads)
        => passes.Take($"predict {model.Key} {batch} {threads}", () => ModelTimer.Predict(model, batch, threads), PredictTimes.Least);

    private void Sum(string what, List<double> ratios)
    {
        if (ratios.Count > 0)
            output.WriteLine($"\n{what}: geometric mean of {ratios.Count} ratios {Text.GeometricMean(ratios):0.00}, smallest {ratios.Min():0.00}; lost {ratios.Count(ratio => ratio < 1)}.");
    }

    private static (string Peer, double Seconds)? Quicker((string Peer, double Seconds)? left, (string Peer, double Seconds)? right)
        => left is null || (right is not null && right.Value.Seconds < left.Value.Seconds) ? right : left;

    private static string Both(Timing timing) => $"{Text.Time(timing.Median)} ({Text.Time(timing.Best)})";
}
