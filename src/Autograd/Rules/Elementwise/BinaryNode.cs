using System.Runtime.CompilerServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// Any element-wise function of two operands under broadcasting. Rows in which both operands step forward go to the kernel;
/// rows that repeat one operand are plain loops. The gradient of a repeated operand is summed over its repeats in one fixed order.
/// </summary>
/// <typeparam name="TRule">The function and its derivatives.</typeparam>
internal sealed class BinaryNode<TRule> : GradientNode
    where TRule : struct, IBinaryRule<TRule>
{
    private readonly BroadcastPlan _plan;
    private readonly Operand _left;
    private readonly Operand _right;

    public BinaryNode(CallContext context, Variable left, Variable right, BroadcastPlan plan)
        : base(context, left, right)
    {
        _plan = plan;
        _left = new Operand(context, left);
        _right = new Operand(context, right);
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> left = _left.Read(), right = _right.Read();
        Span<float> y = output.AsSpan();
        StridedWalk walk = _plan.Walk();
        for (int written = 0, length = walk.RunLength; walk.MoveNext(); written += length)
        {
            Span<float> row = y.Slice(written, length);
            if (walk.FirstStride == 1 && walk.SecondStride == 1)
                TRule.Forward(Workers, left.Slice(walk.First, length), right.Slice(walk.Second, length), row);
            else
                ForwardRow(left[walk.First..], walk.FirstStride, right[walk.Second..], walk.SecondStride, row);
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> left = _left.Read(), right = _right.Read();
        if (destinations[0].IsNeeded)
            BackwardOne<LeftSide>(left, right, dy.AsSpan(), destinations[0]);
        if (destinations[1].IsNeeded)
            BackwardOne<RightSide>(left, right, dy.AsSpan(), destinations[1]);
    }

    private void BackwardOne<TSide>(ReadOnlySpan<float> left, ReadOnlySpan<float> right, ReadOnlySpan<float> dy, GradientDestination destination)
        where TSide : struct, ISide
    {
        Span<float> gradient = destination.Span;
        // An operand that is nowhere repeated meets each element once: it may overwrite. Otherwise sums start from zeros.
        bool overwrite = !destination.Accumulate && !TSide.IsRepeated(_plan);
        if (!destination.Accumulate && !overwrite)
            gradient.Clear();
        ReadOnlySpan<float> y = Output.Value.AsSpan();
        StridedWalk walk = _plan.Walk();
        int leftStride = walk.FirstStride, rightStride = walk.SecondStride;
        for (int read = 0, length = walk.RunLength; walk.MoveNext(); read += length)
        {
            ReadOnlySpan<float> l = left[walk.First..], r = right[walk.Second..];
            Span<float> g = gradient[TSide.Choose(walk.First, walk.Second)..];
            if (TSide.Choose(leftStride, rightStride) == 0)
                g[0] += RepeatedRow<TSide>(l, leftStride, r, rightStride, y.Slice(read, length), dy.Slice(read, length));
            else if (leftStride != 1 || rightStride != 1 || !TSide.TryKernel(Workers, l[..length], r[..length], dy.Slice(read, length), g[..length], !overwrite))
                BackwardRow<TSide>(l, leftStride, r, rightStride, y.Slice(read, length), dy.Slice(read, length), g[..length], overwrite);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRow(ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TRule.Forward(left[i * leftStride], right[i * rightStride]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow<TSide>(
        ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> gradient, bool overwrite)
        where TSide : struct, ISide
    {
        if (overwrite)
        {
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = dy[i] * TSide.Derivative(left[i * leftStride], right[i * rightStride], y[i]);
            return;
        }
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] += dy[i] * TSide.Derivative(left[i * leftStride], right[i * rightStride], y[i]);
    }

    // Summed in double, so that an operand repeated over a long row keeps its digits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float RepeatedRow<TSide>(
        ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, ReadOnlySpan<float> y, ReadOnlySpan<float> dy)
        where TSide : struct, ISide
    {
        double sum = 0;
        for (int i = 0; i < dy.Length; i++)
            sum += dy[i] * TSide.Derivative(left[i * leftStride], right[i * rightStride], y[i]);
        return (float)sum;
    }

    private interface ISide
    {
        static abstract float Derivative(float l, float r, float y);

        static abstract int Choose(int left, int right);

        static abstract bool IsRepeated(BroadcastPlan plan);

        static abstract bool TryKernel(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> gradient, bool accumulate);
    }

    private readonly struct LeftSide : ISide
    {
        public static float Derivative(float l, float r, float y) => TRule.Left(l, r, y);

        public static int Choose(int left, int right) => left;

        public static bool IsRepeated(BroadcastPlan plan) => plan.LeftIsRepeated;

        public static bool TryKernel(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> gradient, bool accumulate)
            => TRule.TryLeft(workers, r, dy, gradient, accumulate);
    }

    private readonly struct RightSide : ISide
    {
        public static float Derivative(float l, float r, float y) => TRule.Right(l, r, y);

        public static int Choose(int left, int right) => right;

        public static bool IsRepeated(BroadcastPlan plan) => plan.RightIsRepeated;

        public static bool TryKernel(Workers workers, ReadOnlySpan<float> l, ReadOnlySpan<float> r, ReadOnlySpan<float> dy, Span<float> gradient, bool accumulate)
            => TRule.TryRight(workers, l, dy, gradient, accumulate);
    }
}
