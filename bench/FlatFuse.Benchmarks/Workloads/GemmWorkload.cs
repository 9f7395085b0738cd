using FlatFuse.Kernels;
using FlatFuse.Tensors;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace FlatFuse.Benchmarks;

/// <summary>A matrix product.</summary>
internal sealed class GemmWorkload : Workload
{
    // A naive product of more would take minutes to sample.
    private const double MostNaiveFlops = 40e6;

    private readonly GemmShape _shape;
    private readonly Lazy<(Tensor<float> A, Tensor<float> B, Tensor<float> C)> _operands;

    public GemmWorkload(string line, string[] words, int[] sizes)
        : base(line)
    {
        _shape = new GemmShape(sizes[0], sizes[1], sizes[2]) { TransposeA = words.Contains("TA"), TransposeB = words.Contains("TB") };
        _operands = new(() => (Numbers(_shape.M * _shape.K), Numbers(_shape.K * _shape.N), Room(_shape.M * _shape.N)));
    }

    /// <summary>The products of a step of a dense layer: forward, the gradient of its inputs, the gradient of its kernel.</summary>
    public static IEnumerable<GemmWorkload> OfDense(int batch, int inputs, int units) =>
    [
        new($"{batch} {units} {inputs}", [], [batch, units, inputs]),
        new($"TB {batch} {inputs} {units}", ["TB"], [batch, inputs, units]),
        new($"TA {inputs} {units} {batch}", ["TA"], [inputs, units, batch]),
    ];

    public override double Flops => 2.0 * _shape.M * _shape.N * _shape.K;

    public override IReadOnlyList<Contender> Others =>
    [
        .. Flops <= MostNaiveFlops ? (Contender[])[new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive : null)] : [],
        new("mathnet", ContenderKind.Managed, MathNet),
        .. NativeGemm.Installed.Select(library => new Contender(library.Name, ContenderKind.Peer, threads => Native(library, threads))),
    ];

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        (Tensor<float> a, Tensor<float> b, Tensor<float> c) = _operands.Value;
        return () => Gemm.Multiply(workers, _shape, a.AsSpan(), b.AsSpan(), c.AsSpan());
    }

    private void Naive() => NaiveGemm.Multiply(_shape, _operands.Value.A.AsSpan(), _operands.Value.B.AsSpan(), _operands.Value.C.AsSpan());

    private Action Native(NativeGemm library, int threads)
    {
        (Tensor<float> a, Tensor<float> b, Tensor<float> c) = _operands.Value;
        void Call() => library.Multiply(_shape, a, b, c);
        library.SetThreads(threads);
        Check(library.Name, Call);
        return () =>
        {
            // Threads are a setting of the process, and another contender's OpenMP shares it.
            library.SetThreads(threads);
            Call();
        };
    }

    // Math.NET's matrices lie column by column: a row-major product is the product of the transposes in reverse order.
    private Action MathNet(int threads)
    {
        (Tensor<float> a, Tensor<float> b, _) = _operands.Value;
        float[] left = b.AsSpan().ToArray(), right = a.AsSpan().ToArray(), product = new float[_shape.M * _shape.N];
        (int rows, int columns) = _shape.TransposeB ? (_shape.K, _shape.N) : (_shape.N, _shape.K);
        (int otherRows, int otherColumns) = _shape.TransposeA ? (_shape.M, _shape.K) : (_shape.K, _shape.M);
        Transpose first = _shape.TransposeB ? Transpose.Transpose : Transpose.DontTranspose;
        Transpose second = _shape.TransposeA ? Transpose.Transpose : Transpose.DontTranspose;
        Control.UseManaged();
        Control.MaxDegreeOfParallelism = threads;
        return () => LinearAlgebraControl.Provider.MatrixMultiplyWithUpdate(first, second, 1f, left, rows, columns, right, otherRows, otherColumns, 0f, product);
    }

    private void Check(string name, Action call)
    {
        Tensor<float> c = _operands.Value.C;
        Ours(KernelSets.Default, threads: 1)();
        float[] expected = c.AsSpan().ToArray();
        c.AsSpan().Fill(float.NaN);
        call();
        CheckSame(name, expected, c.AsSpan(), _shape.K);
    }
}
