using FlatFuse.Kernels;

namespace FlatFuse.Benchmarks;

/// <summary>
/// A step of S3 with only the last state, its LSTM alone: once with a gradient that vanishes on its way back, once with one that lasts. Numbers
/// that decay become subnormal, which the processor handles in microcode; the kernels keep them out, so both take the same time.
/// </summary>
internal static class VanishingTable
{
    private const double BudgetSeconds = 6;

    // sigmoid(1) = 0.73, as Keras begins: 1e-38 is reached after some 280 of the 500 steps. sigmoid(6) = 0.998: a third of the gradient arrives.
    private const float Vanishing = 1;
    private const float Lasting = 6;

    private static readonly int[] Sizes = [32, 500, 128, 128];

    public static void Print(TextWriter output)
    {
        output.WriteLine($"LSTM {string.Join(' ', Sizes)} forward and backward from the last state alone, in turn: the gradient vanishes (forget bias {Vanishing}) or lasts ({Lasting}).");
        foreach (int threads in (int[])[1, 2])
        {
            Timing[] times = Stopclock.Race(
                [new LSTMWorkload(Sizes, Vanishing).Ours(KernelSets.Default, threads), new LSTMWorkload(Sizes, Lasting).Ours(KernelSets.Default, threads)],
                BudgetSeconds);
            output.WriteLine(
                $"{threads} {(threads == 1 ? "thread: " : "threads:")} vanishing {Text.Time(times[0].Median)} (best {Text.Time(times[0].Best)}), lasting {Text.Time(times[1].Median)} "
                + $"(best {Text.Time(times[1].Best)}), ratio of medians {Text.Ratio(times[0].Median / times[1].Median)}, of bests {Text.Ratio(times[0].Best / times[1].Best)}");
            output.Flush();
        }
    }
}
