using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>
/// oneDNN's own convolution on FlatFuse's operands: x [N, L, C], kernel [K, C, F], y [N, Lout, F], stride 1, no padding.
/// </summary>
/// <remarks>
/// Either x, y and their gradients are worked on where they lie, or oneDNN chooses a format for each and the copies to and fro are part of the call, as in the peers'
/// script. The kernel, which changes at each step, is brought into its format at each call in both cases.
/// </remarks>
internal sealed class OneDnnConv1D : OneDnnLayer
{
    // Values of oneDNN 2's C header.
    private const int ForwardTraining = 64, Direct = 1, VectorTag = 2, ChannelsLastTag = 17, TapsFirstTag = 29;

    /// <param name="s">Sizes.</param>
    /// <param name="threads">OpenMP's threads, for which oneDNN plans.</param>
    /// <param name="channelsLast">False to let oneDNN choose its formats.</param>
    /// <param name="o">x, kernel, bias and y; for the gradients dy, dx, dkernel and dbias besides. All pinned.</param>
    public OneDnnConv1D(in Conv1DShape s, int threads, bool channelsLast, ReadOnlySpan<Tensor<float>> o)
        : base(threads)
    {
        long[] xs = [s.Batch, s.Channels, s.Length], ks = [s.Filters, s.Channels, s.KernelSize], ys = [s.Batch, s.Filters, s.OutputLength];
        long[] strides = [1], none = [0];
        nint xHere = Layout(xs, ChannelsLastTag), kernelHere = Layout(ks, TapsFirstTag), vector = Layout([s.Filters], VectorTag), yHere = Layout(ys, ChannelsLastTag);
        nint x = channelsLast ? xHere : Layout(xs, AnyTag), kernel = Layout(ks, AnyTag), y = channelsLast ? yHere : Layout(ys, AnyTag);
        nint bias = Memory(vector, o[2]);

        nint forward = Description();
        Done(NativeMethods.OneDnnForward(forward, ForwardTraining, Direct, x, kernel, vector, y, strides, none, none));
        nint chosen = Choose(forward, 0), yMemory = Place(chosen, LayoutOfY, yHere, o[3]);
        Add(chosen, new(X, Fetch(chosen, LayoutOfX, xHere, o[0])), new(Kernel, Fetch(chosen, LayoutOfKernel, kernelHere, o[1])), new(Bias, bias), new(Y, yMemory));
        Return(chosen, LayoutOfY, yMemory, yHere, o[3]);
        if (o.Length == 4)
            return;

        nint input = Description(), weight = Description();
        Done(NativeMethods.OneDnnInputGradient(input, Direct, x, kernel, y, strides, none, none));
        nint ofInput = Choose(input, chosen), dxMemory = Place(ofInput, LayoutOfDX, xHere, o[5]);
        Add(ofInput, new(DY, Fetch(ofInput, LayoutOfDY, yHere, o[4])), new(Kernel, Fetch(ofInput, LayoutOfKernel, kernelHere, o[1])), new(DX, dxMemory));
        Return(ofInput, LayoutOfDX, dxMemory, xHere, o[5]);

        Done(NativeMethods.OneDnnWeightGradient(weight, Direct, x, kernel, vector, y, strides, none, none));
        nint ofWeight = Choose(weight, chosen), dkernelMemory = Place(ofWeight, LayoutOfDKernel, kernelHere, o[6]);
        Add(
            ofWeight, new(X, Fetch(ofWeight, LayoutOfX, xHere, o[0])), new(DY, Fetch(ofWeight, LayoutOfDY, yHere, o[4])), new(DKernel, dkernelMemory),
            new(DBias, Memory(vector, o[7])));
        Return(ofWeight, LayoutOfDKernel, dkernelMemory, kernelHere, o[6]);
    }
}
