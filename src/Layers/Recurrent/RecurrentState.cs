using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// What a stateful recurrent layer remembers from call to call: (batch, units) numbers in memory of their own, for a step's memory
/// is used again. Reading and writing are nodes, so a replayed step reads the present state; gradients stop here.
/// </summary>
/// <remarks>
/// Captured steps hold the tensor of their batch size for good. So each size keeps the one it has got, and which of them is the
/// present state is looked at when a step runs, not when it is captured.
/// </remarks>
internal sealed class RecurrentState
{
    private readonly Dictionary<int, Tensor<float>> _values = [];
    private int? _remembered;
    private Tensor<float>? _kept;
    private int? _keptSamples;

    /// <summary>Forgets: the next call begins with zeros, for any batch.</summary>
    public void Reset()
    {
        foreach (Tensor<float> value in _values.Values)
            value.AsSpan().Clear();
        _remembered = null;
    }

    /// <summary>Copies the present state aside; memory is taken once for each batch size.</summary>
    public void Keep()
    {
        _keptSamples = _remembered;
        if (_remembered is not { } samples)
            return;
        Tensor<float> value = _values[samples];
        if (_kept is null || !_kept.Shape.SequenceEqual(value.Shape))
            _kept = Tensor.Zeros<float>(value.Shape);
        value.CopyTo(_kept.AsSpan());
    }

    /// <summary>Makes what <see cref="Keep"/> copied the present state again.</summary>
    public void GiveBack()
    {
        if (_keptSamples is { } samples)
            _kept!.CopyTo(_values[samples].AsSpan());
        else
            Reset();
        _remembered = _keptSamples;
    }

    /// <summary>The present state, copied: backward needs it after <see cref="Write"/> has replaced it.</summary>
    public Variable Read(string layer, int batch, int units, CallContext context)
        => context.Run(new ReadNode(context, this, layer, Value(batch, units)), batch, units);

    /// <summary>Makes the value the state of the next call.</summary>
    public void Write(string layer, Variable value, CallContext context)
    {
        using (new NoGradient(context))
            context.Run(new WriteNode(context, this, layer, value, Value(value.Shape[0], value.Shape[1])));
    }

    private Tensor<float> Value(int batch, int units)
    {
        if (!_values.TryGetValue(batch, out Tensor<float>? value))
            _values.Add(batch, value = Tensor.Zeros<float>(batch, units));
        return value;
    }

    private void Check(string layer, int batch)
    {
        if (_remembered is { } other && other != batch)
            throw new ArgumentException($"{layer}: it is stateful and remembers {other} samples; got a batch of {batch}. Use one batch size throughout, or ResetState() before another.");
    }

    private sealed class ReadNode(CallContext context, RecurrentState owner, string layer, Tensor<float> state) : GradientNode(context)
    {
        public override void Forward(Tensor<float> output)
        {
            owner.Check(layer, state.Shape[0]);
            state.CopyTo(output.AsSpan());
        }

        public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        {
            // Nothing flows into an earlier call.
        }
    }

    private sealed class WriteNode(CallContext context, RecurrentState owner, string layer, Variable value, Tensor<float> state)
        : GradientNode(context, value)
    {
        public override void Forward(Tensor<float> output)
        {
            owner.Check(layer, state.Shape[0]);
            Inputs[0].Value.CopyTo(state.AsSpan());
            owner._remembered = state.Shape[0];
            output.AsSpan().Clear();
        }

        public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        {
            // Made without history: never reached.
        }
    }
}
