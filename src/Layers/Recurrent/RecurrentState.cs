using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>
/// What a stateful recurrent layer remembers from call to call: one (batch, units) tensor in memory of its own, for a step's memory
/// is used again. Reading and writing are nodes, so a replayed step reads the present state; gradients stop here.
/// </summary>
internal sealed class RecurrentState
{
    private Tensor<float>? _value;

    /// <summary>Forgets: the next call begins with zeros, for any batch.</summary>
    public void Reset() => _value?.AsSpan().Clear();

    /// <summary>The present state, copied: backward needs it after <see cref="Write"/> has replaced it.</summary>
    public Variable Read(string layer, int batch, int units, CallContext context)
        => context.Run(new ReadNode(context, Value(layer, batch, units)), batch, units);

    /// <summary>Makes the value the state of the next call.</summary>
    public void Write(string layer, Variable value, CallContext context)
    {
        using (new NoGradient(context))
            context.Run(new WriteNode(context, value, Value(layer, value.Shape[0], value.Shape[1])));
    }

    private Tensor<float> Value(string layer, int batch, int units)
    {
        // Nodes of a captured step hold the tensor, so it is cleared in place; another batch size gets another one, when nothing is lost.
        if (_value is null || (_value.Shape[0] != batch && !_value.AsSpan().ContainsAnyExcept(0f)))
            _value = Tensor.Zeros<float>(batch, units);
        return _value.Shape[0] == batch
            ? _value
            : throw new ArgumentException($"{layer}: it is stateful and remembers {_value.Shape[0]} samples; got a batch of {batch}. Use one batch size throughout, or ResetState() before another.");
    }

    private sealed class ReadNode(CallContext context, Tensor<float> state) : GradientNode(context)
    {
        public override void Forward(Tensor<float> output) => state.CopyTo(output.AsSpan());

        public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        {
            // Nothing flows into an earlier call.
        }
    }

    private sealed class WriteNode(CallContext context, Variable value, Tensor<float> state) : GradientNode(context, value)
    {
        public override void Forward(Tensor<float> output)
        {
            Inputs[0].Value.CopyTo(state.AsSpan());
            output.AsSpan().Clear();
        }

        public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        {
            // Made without history: never reached.
        }
    }
}
