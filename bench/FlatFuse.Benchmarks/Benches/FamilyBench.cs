using BenchmarkDotNet.Attributes;

namespace FlatFuse.Benchmarks;

/// <summary>A family of kernels under BenchmarkDotNet: every entry of the kernel table and every rival on every shape of the family's text file.</summary>
public abstract class FamilyBench
{
    private Action _run = () => { };

    /// <summary>The rows.</summary>
    public IEnumerable<BenchCase> Cases => BenchCase.All(Families.All[Family]());

    /// <summary>The row in work.</summary>
    [ParamsSource(nameof(Cases))]
    public BenchCase Case { get; set; } = null!;

    /// <summary>The name of the family and of its text file.</summary>
    protected abstract string Family { get; }

    /// <summary>Makes the operands, and measures the peak of the processor at this moment.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Case.PeakSeconds = Stopclock.Time(Limits.Peak.Loop, 0.02).Best;
        _run = Case.Prepare() ?? throw new NotSupportedException($"{Case}: {Case.Name} has nothing of the kind.");
    }

    /// <summary>One call.</summary>
    [Benchmark]
    public void Run() => _run();
}
