using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Benchmarks;

/// <summary>
/// What a training step costs as batch, length and units double four times, and what threads bring. A doubled batch or length should
/// double the time; doubled units double the time of everything but the recurrent (or next) product, which they quadruple, so the rate is shown too.
/// </summary>
internal sealed class ScaleTable(TextWriter output)
{
    private const int Octaves = 5;

    private static readonly int[] Widths = [10, 10, 7, 7, 13, 13, 12, 14];

    /// <summary>Prints the tables of some axes (batch, length, units, threads), or of all when none is named.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string> axes)
    {
        foreach (string unknown in axes.Where(word => word is not ("batch" or "length" or "units" or "threads")))
            throw new ArgumentException($"-- scale {unknown}: expected batch, length, units or threads.");
        var table = new ScaleTable(output);
        if (axes.Count == 0 || axes.Any(axis => axis != "threads"))
            table.Axes(axes);
        if (axes.Count == 0 || axes.Contains("threads"))
            table.Threads();
    }

    private void Axes(IReadOnlyList<string> axes)
    {
        output.WriteLine("Training step on one thread (median). 'time x' is this row's time over that of the row above, 'work x' the same of its multiplications.");
        output.WriteLine(Text.Row(Widths, ["model", "axis", "size", "step", "time x", "work x", "µs a sample", "rate"]));
        output.WriteLine(Text.Rule(Widths));
        foreach (bool recurrent in (bool[])[true, false])
        {
            foreach ((string axis, int first, Func<int, Sizes> sizesOf) in (IEnumerable<(string, int, Func<int, Sizes>)>)
                [("batch", 8, size => new Sizes(size, 100, 32, 64)), ("length", 25, size => new Sizes(32, size, 32, 64)), ("units", 16, size => new Sizes(32, 100, 32, size))])
            {
                if (axes.Count == 0 || axes.Contains(axis))
                    Axis(recurrent, axis, first, sizesOf);
            }
        }
    }

    private void Axis(bool recurrent, string axis, int first, Func<int, Sizes> sizesOf)
    {
        double lastTime = double.NaN, lastWork = double.NaN;
        for (int octave = 0; octave < Octaves; octave++)
        {
            int size = first << octave;
            Sizes sizes = sizesOf(size);
            double time = Time(recurrent, sizes, threads: 1), work = Work(recurrent, sizes);
            output.WriteLine(Text.Row(Widths,
            [
                recurrent ? "LSTM" : "Conv1D", axis, $"{size}", Text.Time(time), Text.Ratio(time / lastTime), Text.Ratio(work / lastWork), $"{time * 1e6 / sizes.Batch:0.0}", $"{work / time / 1e9:0.0} GFLOP/s",
            ]));
            output.Flush();
            (lastTime, lastWork) = (time, work);
        }
    }

    private void Threads()
    {
        output.WriteLine();
        output.WriteLine($"Threads: training step, batch 128, length 100, 64 units; {Environment.ProcessorCount} processors here, more threads than these only show that they do no harm.");
        int[] widths = [10, 8, 9, 6];
        output.WriteLine(Text.Row(widths, ["model", "threads", "step", "gain"]));
        output.WriteLine(Text.Rule(widths));
        foreach (bool recurrent in (bool[])[true, false])
        {
            double alone = double.NaN;
            for (int threads = 1; threads <= Math.Max(8, Environment.ProcessorCount); threads *= 2)
            {
                double time = Time(recurrent, new Sizes(128, 100, 32, 64), threads);
                if (threads == 1)
                    alone = time;
                output.WriteLine(Text.Row(widths, [recurrent ? "LSTM" : "Conv1D", $"{threads}", Text.Time(time), Text.Ratio(alone / time)]));
                output.Flush();
            }
        }
    }

    private static double Time(bool recurrent, Sizes sizes, int threads)
    {
        RandomSource random = RandomSource.FromSeed(5);
        var seed = new SeedModel(
            "", "", count => Build(recurrent, sizes, count), () => new Adam(), Loss.MeanSquaredError,
            samples => [random.Normal(0, 1, samples, sizes.Length, sizes.Features)], samples => random.Normal(0, 1, samples, 1), Batches: 24);
        return ModelTimer.Train(seed, sizes.Batch, threads, seconds: 0.3).Step.Median;
    }

    private static Sequential Build(bool recurrent, Sizes sizes, int threads)
    {
        Layer[] layers = recurrent
            ? [Input.Of([sizes.Length, sizes.Features]), new LSTM(sizes.Units), new Dense(1)]
            : [Input.Of([sizes.Length, sizes.Features]), new Conv1D(sizes.Units, kernelSize: 3) { Activation = Activation.ReLU }, new GlobalAveragePooling1D(), new Dense(1)];
        return new Sequential(layers) { Threads = threads };
    }

    // Forward, and backward without the gradient of the data, which nobody asks for.
    private static double Work(bool recurrent, Sizes s) => recurrent
        ? 8.0 * s.Batch * s.Length * s.Units * ((2 * s.Features) + (3 * s.Units))
        : 2.0 * 2 * s.Batch * (s.Length - 2) * 3 * s.Features * s.Units;

    private readonly record struct Sizes(int Batch, int Length, int Features, int Units);
}
