using System.Runtime.InteropServices;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>A layer of oneDNN's own as a list of its primitives, made once and run many times. What it has created lives as long as the process.</summary>
internal abstract class OneDnnLayer
{
    // Values of oneDNN 2's C header that its layers share.
    protected const int AnyTag = 1, LayoutOfX = 129, LayoutOfDX = 130, LayoutOfKernel = 131, LayoutOfDKernel = 132, LayoutOfY = 133, LayoutOfDY = 134;
    protected const int X = 1, Y = 17, Kernel = 33, Bias = 41, DX = 129, DY = 145, DKernel = 161, DBias = 169;
    private const int Cpu = 1, InOrder = 1, Float32 = 3, From = 1, To = 17;

    // More than the 696, 5976 and 15344 bytes of a memory's, a convolution's and a recurrent layer's description.
    private const int DescriptionBytes = 16384;

    private static readonly Lazy<(nint Engine, nint Stream)> Running = new(Start);

    private readonly List<(nint Primitive, OneDnnArgument[] Arguments)> _steps = [];
    private readonly int _threads;

    // Nothing else keeps the garbage collector from the memory that oneDNN was given an address of.
    private readonly List<Tensor<float>> _rooms = [];

    /// <param name="threads">OpenMP's threads, for which oneDNN plans.</param>
    protected OneDnnLayer(int threads) => NativeMethods.OpenMPSetThreads(_threads = threads);

    /// <summary>True where the library is installed.</summary>
    public static bool IsInstalled => NativeGemm.Installed.Any(library => library is OneDnnGemm);

    /// <summary>The layer, and its gradients if it has been made for them.</summary>
    public virtual void Run()
    {
        // A setting of the process that others change.
        NativeMethods.OpenMPSetThreads(_threads);
        foreach ((nint primitive, OneDnnArgument[] arguments) in _steps)
            Done(NativeMethods.OneDnnExecute(primitive, Running.Value.Stream, arguments.Length, arguments));
        Done(NativeMethods.OneDnnWait(Running.Value.Stream));
    }

    /// <summary>Runs what has been added so far, once and for all: preparations that are no part of a call.</summary>
    protected void RunBeforehand()
    {
        Run();
        _steps.Clear();
    }

    protected static nint Description() => Marshal.AllocHGlobal(DescriptionBytes);

    protected static nint Layout(long[] sizes, int tag)
    {
        nint layout = Description();
        Done(NativeMethods.OneDnnLayout(layout, sizes.Length, sizes, Float32, tag));
        return layout;
    }

    protected static nint Choose(nint description, nint forward)
    {
        Done(NativeMethods.OneDnnChoose(out nint chosen, description, 0, Running.Value.Engine, forward));
        return chosen;
    }

    protected nint Memory(nint layout, Tensor<float> tensor)
    {
        _rooms.Add(tensor);
        Done(NativeMethods.OneDnnMemory(out nint memory, layout, Running.Value.Engine, ref MemoryMarshal.GetReference(tensor.AsSpan())));
        return memory;
    }

    protected static Tensor<float> Room(nint layout)
    {
        Tensor<float> room = new Arena().Allocate((int)NativeMethods.OneDnnBytes(layout) / sizeof(float));
        room.AsSpan().Clear();
        return room;
    }

    /// <summary>Where a primitive finds or leaves an operand: the tensor, or room of its own if it wants another layout.</summary>
    protected nint Place(nint chosen, int what, nint here, Tensor<float> tensor, int index = 0)
    {
        nint wanted = NativeMethods.OneDnnChosenLayout(chosen, what, index);
        return NativeMethods.OneDnnLayoutsEqual(wanted, here) != 0 ? Memory(here, tensor) : Memory(wanted, Room(wanted));
    }

    /// <summary>The operand in the layout that a primitive wants, copied there first where that is another one.</summary>
    protected nint Fetch(nint chosen, int what, nint here, Tensor<float> tensor, int index = 0)
    {
        nint place = Place(chosen, what, here, tensor, index);
        Reorder(here, Memory(here, tensor), NativeMethods.OneDnnChosenLayout(chosen, what, index), place);
        return place;
    }

    /// <summary>Copies a result back where it was left in another layout.</summary>
    protected void Return(nint chosen, int what, nint place, nint here, Tensor<float> tensor, int index = 0)
        => Reorder(NativeMethods.OneDnnChosenLayout(chosen, what, index), place, here, Memory(here, tensor));

    protected void Add(nint chosen, params OneDnnArgument[] arguments)
    {
        Done(NativeMethods.OneDnnPrimitive(out nint primitive, chosen));
        _steps.Add((primitive, arguments));
    }

    protected static void Done(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"oneDNN: status {status}; expected 0 (success). Its layers are called as in oneDNN 2: time them without the library.");
    }

    private static (nint Engine, nint Stream) Start()
    {
        Done(NativeMethods.OneDnnEngine(out nint engine, Cpu, 0));
        Done(NativeMethods.OneDnnStream(out nint stream, engine, InOrder));
        return (engine, stream);
    }

    private void Reorder(nint from, nint fromMemory, nint to, nint toMemory)
    {
        if (NativeMethods.OneDnnLayoutsEqual(from, to) != 0)
            return;
        nint engine = Running.Value.Engine;
        Done(NativeMethods.OneDnnReorder(out nint chosen, from, engine, to, engine, 0));
        Add(chosen, new(From, fromMemory), new(To, toMemory));
    }
}
