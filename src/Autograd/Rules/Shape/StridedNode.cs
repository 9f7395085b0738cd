using System.Runtime.CompilerServices;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>The input's elements in another order, a part of them, or repeated: transpose, flip, slice, broadcast.</summary>
internal sealed class StridedNode : GradientNode
{
    private readonly Operand _x;
    private readonly Layout _layout;

    /// <param name="context">The call.</param>
    /// <param name="x">Any value.</param>
    /// <param name="layout">Of the result, over the elements of x in row-major order.</param>
    public StridedNode(CallContext context, Variable x, Layout layout)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _layout = layout;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> source = _x.Read();
        Span<float> result = output.AsSpan();
        var walk = new StridedWalk(_layout);
        for (int written = 0, length = walk.RunLength, stride = walk.FirstStride; walk.MoveNext(); written += length)
        {
            Span<float> row = result.Slice(written, length);
            if (stride == 1)
                source.Slice(walk.First, length).CopyTo(row);
            else if (stride == 0)
                row.Fill(source[walk.First]);
            else
                Gather(source, walk.First, stride, row);
        }
    }

    /// <summary>An element that is read several times gets the sum, in the order of reading.</summary>
    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            WriteBack(dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteBack(ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        // Elements that are never read have gradient 0, and repeated ones are summed up: both begin from zeros.
        if (!accumulate)
            dx.Clear();
        var walk = new StridedWalk(_layout);
        for (int read = 0, length = walk.RunLength, stride = walk.FirstStride; walk.MoveNext(); read += length)
        {
            int start = walk.First;
            ReadOnlySpan<float> row = dy.Slice(read, length);
            if (stride == 0)
                dx[start] += Sum(row);
            else
                for (int i = 0; i < row.Length; i++, start += stride)
                    dx[start] += row[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<float> source, int start, int stride, Span<float> row)
    {
        for (int i = 0; i < row.Length; i++, start += stride)
            row[i] = source[start];
    }

    // In double: a bias that is repeated over a million positions keeps its digits.
    private static float Sum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
            sum += value;
        return (float)sum;
    }
}
