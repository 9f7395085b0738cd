using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace FlatFuse.Benchmarks;

/// <summary>A column computed from a row's <see cref="BenchCase"/> and its median.</summary>
/// <param name="name">The head.</param>
/// <param name="legend">What it means.</param>
/// <param name="value">The cell: case, median in seconds (NaN where the row failed), all cases with their medians.</param>
internal sealed class CaseColumn(string name, string legend, Func<BenchCase, double, IReadOnlyList<(BenchCase Case, double Seconds)>, string> value) : IColumn
{
    /// <summary>The columns of every table here.</summary>
    public static IColumn[] All { get; } =
    [
        new CaseColumn("Shape", "Sizes, see Shapes/*.txt", (c, _, _) => c.Work.Name),
        new CaseColumn("Who", "Kernel set of FlatFuse, or another library", (c, _, _) => c.Name),
        new CaseColumn("Threads", "Threads, the caller included", (c, _, _) => $"{c.Threads}"),
        new CaseColumn("Time", "Median", (_, seconds, _) => Text.Time(seconds)),
        new CaseColumn("GFLOP/s", "Operations of the definition in a second", (c, seconds, _) => c.Work.Flops > 0 ? $"{c.Work.Flops / seconds / 1e9:0.0}" : "–"),
        new CaseColumn("% of peak", "Of the FMA peak of one core, measured in the same process just before, times the threads", (c, seconds, _) => c.Work.Flops > 0 ? $"{c.Work.Flops / seconds / c.Threads / (Limits.Peak.Flops / c.PeakSeconds):0%}" : "–"),
        new CaseColumn("x best peer", "Time of the best peer on this shape with as many threads, over this time", (c, seconds, all) => Text.Ratio(BestPeer(c, all) / seconds)),
    ];

    public string Id => $"FlatFuse.{name}";

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => Array.IndexOf(All, this);

    public bool IsNumeric => false;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        => value(CaseOf(benchmarkCase), Seconds(summary, benchmarkCase), [.. summary.BenchmarksCases.Select(other => (CaseOf(other), Seconds(summary, other)))]);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    private static double BestPeer(BenchCase c, IReadOnlyList<(BenchCase Case, double Seconds)> all)
        => all.Where(other => other.Case.IsPeer && other.Case.Work.Name == c.Work.Name && other.Case.Threads == c.Threads).Select(other => other.Seconds).DefaultIfEmpty(double.NaN).Min();

    private static double Seconds(Summary summary, BenchmarkCase benchmarkCase) => (summary[benchmarkCase]?.ResultStatistics?.Median ?? double.NaN) * 1e-9;

    private static BenchCase CaseOf(BenchmarkCase benchmarkCase) => (BenchCase)benchmarkCase.Parameters[nameof(FamilyBench.Case)];
}
