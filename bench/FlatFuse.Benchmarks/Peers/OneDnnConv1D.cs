using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>
/// oneDNN's own convolution on FlatFuse's operands: x [N, L, C], kernel [K, C, F], y [N, Lout, F], stride 1, no padding. What it has created lives as long as the
/// process.
/// </summary>
/// <remarks>
/// Either x, y and their gradients are worked on where they lie, or oneDNN chooses a format for each and the copies to and fro are part of the call, as in the peers'
/// script. The kernel, which changes at each step, is brought into its format at each call in both cases.
/// </remarks>
internal sealed class OneDnnConv1D
{
    // Values of oneDNN 2's C header.
    private const int Cpu = 1, InOrder = 1, Float32 = 3, ForwardTraining = 64, Direct = 1;
    private const int AnyTag = 1, VectorTag = 2, ChannelsLastTag = 17, TapsFirstTag = 29;
    private const int LayoutOfX = 129, LayoutOfDX = 130, LayoutOfKernel = 131, LayoutOfDKernel = 132, LayoutOfY = 133, LayoutOfDY = 134;
    private const int X = 1, Y = 17, Kernel = 33, Bias = 41, DX = 129, DY = 145, DKernel = 161, DBias = 169, From = 1, To = 17;

    // More than the 696 and 5976 bytes of a memory's and a convolution's description.
    private const int DescriptionBytes = 8192;

    private static readonly Lazy<(nint Engine, nint Stream)> Running = new(Start);

    private readonly List<(nint Primitive, OneDnnArgument[] Arguments)> _steps = [];
    private readonly int _threads;

    // Nothing else keeps the garbage collector from the memory that oneDNN was given an address of.
    private readonly List<Tensor<float>> _rooms = [];

    /// <param name="s">Sizes.</param>
    /// <param name="threads">OpenMP's threads, for which oneDNN plans.</param>
    /// <param name="channelsLast">False to let oneDNN choose its formats.</param>
    /// <param name="o">x, kernel, bias and y; for the gradients dy, dx, dkernel and dbias besides. All pinned.</param>
    public OneDnnConv1D(in Conv1DShape s, int threads, bool channelsLast, ReadOnlySpan<Tensor<float>> o)
    {
        NativeMethods.OpenMPSetThreads(_threads = threads);
        long[] xs = [s.Batch, s.Channels, s.Length], ks = [s.Filters, s.Channels, s.KernelSize], ys = [s.Batch, s.Filters, s.OutputLength];
        long[] strides = [1], none = [0];
        nint xHere = Layout(xs, ChannelsLastTag), kernelHere = Layout(ks, TapsFirstTag), vector = Layout([s.Filters], VectorTag), yHere = Layout(ys, ChannelsLastTag);
        nint x = channelsLast ? xHere : Layout(xs, AnyTag), kernel = Layout(ks, AnyTag), y = channelsLast ? yHere : Layout(ys, AnyTag);
        nint bias = Memory(vector, o[2]);

        nint forward = Marshal.AllocHGlobal(DescriptionBytes);
        Done(NativeMethods.OneDnnForward(forward, ForwardTraining, Direct, x, kernel, vector, y, strides, none, none));
        nint chosen = Choose(forward, 0), yMemory = Place(chosen, LayoutOfY, yHere, o[3]);
        Add(chosen, new(X, Fetch(chosen, LayoutOfX, xHere, o[0])), new(Kernel, Fetch(chosen, LayoutOfKernel, kernelHere, o[1])), new(Bias, bias), new(Y, yMemory));
        Return(chosen, LayoutOfY, yMemory, yHere, o[3]);
        if (o.Length == 4)
            return;

        nint input = Marshal.AllocHGlobal(DescriptionBytes), weight = Marshal.AllocHGlobal(DescriptionBytes);
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

    /// <summary>True where the library is installed.</summary>
    public static bool IsInstalled => NativeGemm.Installed.Any(library => library is OneDnnGemm);

    /// <summary>The convolution, and its gradients if it has been made for them.</summary>
    public void Run()
    {
        // A setting of the process that others change.
        NativeMethods.OpenMPSetThreads(_threads);
        foreach ((nint primitive, OneDnnArgument[] arguments) in _steps)
            Done(NativeMethods.OneDnnExecute(primitive, Running.Value.Stream, arguments.Length, arguments));
        Done(NativeMethods.OneDnnWait(Running.Value.Stream));
    }

    private static (nint Engine, nint Stream) Start()
    {
        Done(NativeMethods.OneDnnEngine(out nint engine, Cpu, 0));
        Done(NativeMethods.OneDnnStream(out nint stream, engine, InOrder));
        return (engine, stream);
    }

    private static nint Layout(long[] sizes, int tag)
    {
        nint layout = Marshal.AllocHGlobal(DescriptionBytes);
        Done(NativeMethods.OneDnnLayout(layout, sizes.Length, sizes, Float32, tag));
        return layout;
    }

    private static nint Choose(nint description, nint forward)
    {
        Done(NativeMethods.OneDnnChoose(out nint chosen, description, 0, Running.Value.Engine, forward));
        return chosen;
    }

    private nint Memory(nint layout, Tensor<float> tensor)
    {
        _rooms.Add(tensor);
        Done(NativeMethods.OneDnnMemory(out nint memory, layout, Running.Value.Engine, ref MemoryMarshal.GetReference(tensor.AsSpan())));
        return memory;
    }

    /// <summary>Where a primitive finds or leaves an operand: the tensor, or room of its own if it wants another layout.</summary>
    private nint Place(nint chosen, int what, nint here, Tensor<float> tensor)
    {
        nint wanted = NativeMethods.OneDnnChosenLayout(chosen, what, 0);
        return NativeMethods.OneDnnLayoutsEqual(wanted, here) != 0
            ? Memory(here, tensor)
            : Memory(wanted, new Arena().Allocate((int)NativeMethods.OneDnnBytes(wanted) / sizeof(float)));
    }

    /// <summary>The operand in the layout that a primitive wants, copied there first where that is another one.</summary>
    private nint Fetch(nint chosen, int what, nint here, Tensor<float> tensor)
    {
        nint place = Place(chosen, what, here, tensor);
        Reorder(here, Memory(here, tensor), NativeMethods.OneDnnChosenLayout(chosen, what, 0), place);
        return place;
    }

    /// <summary>Copies a result back where it was left in another layout.</summary>
    private void Return(nint chosen, int what, nint place, nint here, Tensor<float> tensor)
        => Reorder(NativeMethods.OneDnnChosenLayout(chosen, what, 0), place, here, Memory(here, tensor));

    private void Reorder(nint from, nint fromMemory, nint to, nint toMemory)
    {
        if (NativeMethods.OneDnnLayoutsEqual(from, to) != 0)
            return;
        nint engine = Running.Value.Engine;
        Done(NativeMethods.OneDnnReorder(out nint chosen, from, engine, to, engine, 0));
        Add(chosen, new(From, fromMemory), new(To, toMemory));
    }

    private void Add(nint chosen, params OneDnnArgument[] arguments)
    {
        Done(NativeMethods.OneDnnPrimitive(out nint primitive, chosen));
        _steps.Add((primitive, arguments));
    }

    private static void Done(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"oneDNN's convolution: status {status}; expected 0 (success). It is written for oneDNN 2: time it without the library.");
    }
}
