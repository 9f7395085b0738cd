using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>
/// oneDNN's own LSTM or GRU over whole sequences, its bias zero: x [N, T, I], kernel [I, G·H], recurrent kernel [H, G·H], y [N, T, H].
/// </summary>
/// <remarks>
/// As in the peers' script: oneDNN is given its sequences step by step (T, N, ·), which is its way, and a forward pass alone finds the weights in its own format.
/// A training step brings them there, because they change at each, and clears the sums of the weights' gradients. The LSTM's step is given first states, zeros:
/// without any, oneDNN 2.6.3 computes a gradient of the recurrent kernel that is not even 0 over a single step.
/// </remarks>
internal sealed class OneDnnRecurrent : OneDnnLayer
{
    // Values of oneDNN 2's C header.
    private const int Inference = 96, Training = 64, Gradients = 128, LeftToRight = 0;
    private const int StepsFirstTag = 4, KernelTag = 7, BiasTag = 5, StateTag = 5;
    private const int FirstH = 2, FirstC = 3, DFirstH = 130, DFirstC = 131;
    private const int LayoutOfWorkspace = 135, Recurrent = 34, Workspace = 64, DRecurrent = 162;

    private readonly (int Batch, int Steps, int Features, int Units) _s;
    private readonly List<Tensor<float>> _sums = [];
    private readonly Tensor<float> _y, _dx;

    /// <param name="cell">Which layer.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="threads">OpenMP's threads, for which oneDNN plans.</param>
    /// <param name="o">x, kernel and recurrent kernel; for the gradients dy besides.</param>
    public OneDnnRecurrent(OneDnnCell cell, (int Batch, int Steps, int Features, int Units) s, int threads, ReadOnlySpan<Tensor<float>> o)
        : base(threads)
    {
        _s = s;
        bool backward = o.Length > 3;
        int gates = cell == OneDnnCell.LSTM ? 4 : 3;
        long[] xs = [s.Steps, s.Batch, s.Features], ys = [s.Steps, s.Batch, s.Units];
        long[] ks = [1, 1, s.Features, gates, s.Units], rs = [1, 1, s.Units, gates, s.Units];
        nint x = Layout(xs, StepsFirstTag), y = Layout(ys, StepsFirstTag), bias = Layout([1, 1, cell == OneDnnCell.GRUResetAfter ? 4 : gates, s.Units], BiasTag);
        nint kernelHere = Layout(ks, KernelTag), recurrentHere = Layout(rs, KernelTag), kernel = Layout(ks, AnyTag), recurrent = Layout(rs, AnyTag);
        nint state = backward && cell == OneDnnCell.LSTM ? Layout([1, 1, s.Batch, s.Units], StateTag) : 0;
        Tensor<float> stepsFirst = Room(x), noBias = Room(bias);
        Swap(o[0].AsSpan(), stepsFirst.AsSpan(), s.Batch, s.Steps, s.Features);
        _y = Room(y);
        _dx = Room(x);
        KernelGradient = Room(kernelHere);
        RecurrentGradient = Room(recurrentHere);

        nint forward = Description();
        int kind = backward ? Training : Inference;
        Done(cell switch
        {
            OneDnnCell.LSTM => NativeMethods.OneDnnLSTM(forward, kind, LeftToRight, x, state, state, kernel, recurrent, bias, y, 0, 0, 0),
            OneDnnCell.GRU => NativeMethods.OneDnnGRU(forward, kind, LeftToRight, x, 0, kernel, recurrent, bias, y, 0, 0),
            _ => NativeMethods.OneDnnGRUResetAfter(forward, kind, LeftToRight, x, 0, kernel, recurrent, bias, y, 0, 0),
        });
        nint chosen = Choose(forward, 0);
        List<OneDnnArgument> common = [new(X, Memory(x, stepsFirst)), new(Bias, Memory(bias, noBias)), new(Y, Memory(y, _y))];
        OneDnnArgument[] weights = [new(Kernel, Fetch(chosen, LayoutOfKernel, kernelHere, o[1])), new(Recurrent, Fetch(chosen, LayoutOfKernel, recurrentHere, o[2], 1))];
        if (state != 0)
            common.AddRange([new(FirstH, Memory(state, Room(state))), new(FirstC, Memory(state, Room(state)))]);
        if (!backward)
        {
            RunBeforehand();
            Add(chosen, [.. common, .. weights]);
            return;
        }
        nint workspace = NativeMethods.OneDnnChosenLayout(chosen, LayoutOfWorkspace, 0);
        common.Add(new(Workspace, Memory(workspace, Room(workspace))));
        Add(chosen, [.. common, .. weights]);

        nint gradients = Description();
        Done(cell switch
        {
            OneDnnCell.LSTM => NativeMethods.OneDnnLSTMGradients(
                gradients, Gradients, LeftToRight, x, state, state, kernel, recurrent, bias, y, 0, 0, x, state, state, kernel, recurrent, bias, y, 0, 0, 0),
            OneDnnCell.GRU => NativeMethods.OneDnnGRUGradients(
                gradients, Gradients, LeftToRight, x, 0, kernel, recurrent, bias, y, 0, x, 0, kernel, recurrent, bias, y, 0, 0),
            _ => NativeMethods.OneDnnGRUResetAfterGradients(
                gradients, Gradients, LeftToRight, x, 0, kernel, recurrent, bias, y, 0, x, 0, kernel, recurrent, bias, y, 0, 0),
        });
        nint ofGradients = Choose(gradients, chosen);
        Tensor<float> dy = Room(y);
        Swap(o[3].AsSpan(), dy.AsSpan(), s.Batch, s.Steps, s.Units);
        nint dkernel = Sums(ofGradients, 0, kernelHere, KernelGradient), drecurrent = Sums(ofGradients, 1, recurrentHere, RecurrentGradient);
        OneDnnArgument[] ofStates = state == 0 ? [] : [new(DFirstH, Memory(state, Room(state))), new(DFirstC, Memory(state, Room(state)))];
        Add(ofGradients, [
            .. common, .. ofStates, new(Kernel, Fetch(ofGradients, LayoutOfKernel, kernelHere, o[1])), new(Recurrent, Fetch(ofGradients, LayoutOfKernel, recurrentHere, o[2], 1)),
            new(DX, Memory(x, _dx)), new(DKernel, dkernel), new(DRecurrent, drecurrent), new(DBias, Sums(bias, Room(bias))), new(DY, Memory(y, dy)),
        ]);
        Return(ofGradients, LayoutOfDKernel, dkernel, kernelHere, KernelGradient);
        Return(ofGradients, LayoutOfDKernel, drecurrent, recurrentHere, RecurrentGradient, 1);
    }

    /// <summary>The last run's gradient of the kernel, [I, G·H].</summary>
    public Tensor<float> KernelGradient { get; }

    /// <summary>That of the recurrent kernel, [H, G·H].</summary>
    public Tensor<float> RecurrentGradient { get; }

    /// <summary>The last run's sequences, [N, T, H].</summary>
    public float[] Output() => SamplesFirst(_y, _s.Units);

    /// <summary>The last run's gradient of x, [N, T, I].</summary>
    public float[] InputGradient() => SamplesFirst(_dx, _s.Features);

    public override void Run()
    {
        // oneDNN adds to them.
        foreach (Tensor<float> sum in _sums)
            sum.AsSpan().Clear();
        base.Run();
    }

    /// <summary>Where a weight's gradient is summed: in the result, or in room of its own if oneDNN wants another layout.</summary>
    private nint Sums(nint chosen, int index, nint here, Tensor<float> result)
    {
        nint wanted = NativeMethods.OneDnnChosenLayout(chosen, LayoutOfDKernel, index);
        return NativeMethods.OneDnnLayoutsEqual(wanted, here) != 0 ? Sums(here, result) : Sums(wanted, Room(wanted));
    }

    private nint Sums(nint layout, Tensor<float> room)
    {
        _sums.Add(room);
        return Memory(layout, room);
    }

    private float[] SamplesFirst(Tensor<float> stepsFirst, int width)
    {
        float[] result = new float[stepsFirst.AsSpan().Length];
        Swap(stepsFirst.AsSpan(), result, _s.Steps, _s.Batch, width);
        return result;
    }

    /// <summary>[a, b, width] to [b, a, width].</summary>
    private static void Swap(ReadOnlySpan<float> from, Span<float> to, int a, int b, int width)
    {
        for (int i = 0; i < a; i++)
        {
            for (int j = 0; j < b; j++)
                from.Slice(((i * b) + j) * width, width).CopyTo(to.Slice(((j * a) + i) * width, width));
        }
    }
}
