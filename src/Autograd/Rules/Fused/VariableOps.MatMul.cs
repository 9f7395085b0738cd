using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// Matrix products over the last two axes: <c>y[…, M, N] = op(a)[…, M, K] · op(b)[…, K, N]</c>; the axes before them are batches, equal
    /// or broadcast. Gradient: <c>da = dy · bᵀ</c>, <c>db = aᵀ · dy</c>, summed over repeated batches.
    /// </summary>
    /// <param name="a">(…, M, K), or (…, K, M) when transposed.</param>
    /// <param name="b">(…, K, N), or (…, N, K) when transposed.</param>
    /// <param name="transposeA">True to use a with its last two axes exchanged; copies nothing.</param>
    /// <param name="transposeB">True to use b with its last two axes exchanged; copies nothing.</param>
    /// <exception cref="ArgumentException">A rank below 2, different inner sizes, or batches that do not broadcast.</exception>
    public static Variable MatMul(Variable a, Variable b, bool transposeA = false, bool transposeB = false)
    {
        CallContext context = Operands.ContextOf(nameof(MatMul), a, b);
        if (a.Rank < 2 || b.Rank < 2)
            Throw.Pair(nameof(MatMul), "a matrix has two axes at least", a.Shape, b.Shape, "(…, M, K) × (…, K, N)", "Reshape a vector to one row or one column.");
        (int m, int k) = transposeA ? (a.Shape[^1], a.Shape[^2]) : (a.Shape[^2], a.Shape[^1]);
        (int inner, int n) = transposeB ? (b.Shape[^1], b.Shape[^2]) : (b.Shape[^2], b.Shape[^1]);
        if (k != inner)
            Throw.Pair(nameof(MatMul), "inner sizes differ", a.Shape, b.Shape, transposeB ? $"right (…, {k}) to be transposed" : $"right ({k}, …)", "Did you forget Flatten()?");
        BroadcastPlan batches = BroadcastPlan.Create("MatMul (batches)", a.Shape[..^2], b.Shape[..^2]);
        var shape = new GemmShape(m, n, k) { TransposeA = transposeA, TransposeB = transposeB };
        return context.Run(new MatMulNode(context, a, b, shape, batches), [.. batches.OutputShape, m, n]);
    }
}

/// <summary>One product a batch; where one matrix serves all batches and the other's rows follow each other, a single product.</summary>
internal sealed class MatMulNode : GradientNode
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly GemmShape _shape;
    private readonly int[] _batchOfA;
    private readonly int[] _batchOfB;

    public MatMulNode(CallContext context, Variable a, Variable b, GemmShape shape, BroadcastPlan batches)
        : base(context, a, b)
    {
        _a = new Operand(context, a);
        _b = new Operand(context, b);
        _shape = shape;
        if (b.Rank == 2 && !shape.TransposeA)
        {
            // (batch, M, K) × (K, N): all rows of all batches are rows of one tall matrix.
            _shape = shape with { M = shape.M * batches.Count };
            _batchOfA = _batchOfB = [0];
            return;
        }
        _batchOfA = new int[batches.Count];
        _batchOfB = new int[batches.Count];
        NumberBatches(batches);
    }

    // Which matrix of each operand a batch uses, in row-major order of the batches.
    private void NumberBatches(BroadcastPlan batches)
    {
        int batch = 0;
        StridedWalk walk = batches.Walk();
        while (walk.MoveNext())
        {
            for (int i = 0; i < walk.RunLength; i++, batch++)
            {
                _batchOfA[batch] = walk.First + (i * walk.FirstStride);
                _batchOfB[batch] = walk.Second + (i * walk.SecondStride);
            }
        }
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> a = _a.Read(), b = _b.Read();
        Span<float> y = output.AsSpan();
        for (int batch = 0; batch < _batchOfA.Length; batch++)
            Gemm.Multiply(Workers, _shape, MatrixA(a, batch), MatrixB(b, batch), MatrixY(y, batch));
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            BackwardA(dy.AsSpan(), _b.Read(), destinations[0]);
        if (destinations[1].IsNeeded)
            BackwardB(dy.AsSpan(), _a.Read(), destinations[1]);
    }

    // da = dy · op(b)ᵀ as a is stored: [M, K], or [K, M] = op(b) · dyᵀ.
    private void BackwardA(ReadOnlySpan<float> dy, ReadOnlySpan<float> b, GradientDestination destination)
    {
        Span<float> da = destination.Span;
        bool accumulate = BeginSums(destination, _batchOfA);
        for (int batch = 0; batch < _batchOfA.Length; batch++)
        {
            Span<float> target = da.Slice(_batchOfA[batch] * _shape.M * _shape.K, _shape.M * _shape.K);
            var epilogue = new GemmEpilogue { Accumulate = accumulate };
            if (_shape.TransposeA)
                Gemm.Multiply(Workers, new GemmShape(_shape.K, _shape.M, _shape.N) { TransposeA = _shape.TransposeB, TransposeB = true }, MatrixB(b, batch), MatrixY(dy, batch), target, epilogue);
            else
                Gemm.Multiply(Workers, new GemmShape(_shape.M, _shape.K, _shape.N) { TransposeB = !_shape.TransposeB }, MatrixY(dy, batch), MatrixB(b, batch), target, epilogue);
        }
    }

    // db = op(a)ᵀ · dy as b is stored: [K, N], or [N, K] = dyᵀ · op(a).
    private void BackwardB(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, GradientDestination destination)
    {
        Span<float> db = destination.Span;
        bool accumulate = BeginSums(destination, _batchOfB);
        for (int batch = 0; batch < _batchOfB.Length; batch++)
        {
            Span<float> target = db.Slice(_batchOfB[batch] * _shape.K * _shape.N, _shape.K * _shape.N);
            var epilogue = new GemmEpilogue { Accumulate = accumulate };
            if (_shape.TransposeB)
                Gemm.Multiply(Workers, new GemmShape(_shape.N, _shape.K, _shape.M) { TransposeA = true, TransposeB = _shape.TransposeA }, MatrixY(dy, batch), MatrixA(a, batch), target, epilogue);
            else
                Gemm.Multiply(Workers, new GemmShape(_shape.K, _shape.N, _shape.M) { TransposeA = !_shape.TransposeA }, MatrixA(a, batch), MatrixY(dy, batch), target, epilogue);
        }
    }

    // A gradient that several batches share (or none) is a sum and starts from zeros; otherwise each product overwrites its place.
    private static bool BeginSums(GradientDestination destination, int[] matrices)
    {
        if (destination.Accumulate)
            return true;
        for (int i = 0; i < matrices.Length; i++)
        {
            if (matrices[i] == i)
                continue;
            destination.Span.Clear();
            return true;
        }
        if (matrices.Length == 0)
            destination.Span.Clear();
        return false;
    }

    private ReadOnlySpan<float> MatrixA(ReadOnlySpan<float> a, int batch) => a.Slice(_batchOfA[batch] * _shape.M * _shape.K, _shape.M * _shape.K);

    private ReadOnlySpan<float> MatrixB(ReadOnlySpan<float> b, int batch) => b.Slice(_batchOfB[batch] * _shape.K * _shape.N, _shape.K * _shape.N);

    private ReadOnlySpan<float> MatrixY(ReadOnlySpan<float> y, int batch) => y.Slice(batch * _shape.M * _shape.N, _shape.M * _shape.N);

    private Span<float> MatrixY(Span<float> y, int batch) => y.Slice(batch * _shape.M * _shape.N, _shape.M * _shape.N);
}
