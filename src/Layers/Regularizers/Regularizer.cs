using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>A penalty on weights or activities that is added to the training loss. Immutable.</summary>
public abstract class Regularizer
{
    /// <summary>The Keras class name, as architecture files spell it.</summary>
    public virtual string ClassName => GetType().Name;

    /// <summary>The penalty: one number.</summary>
    /// <param name="x">A weight, or an output of a layer, within a pass.</param>
    public abstract Variable Penalty(Variable x);

    /// <summary>Refuses weights of a shape that the penalty is not defined for; called when the layer is built.</summary>
    /// <param name="weight">The weight's name, for the message.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="ArgumentException">The penalty is not defined for it.</exception>
    protected internal virtual void Check(string weight, ReadOnlySpan<int> shape)
    {
    }

    /// <summary>Writes what the constructor needs to make this regularizer again, in Keras's words.</summary>
    /// <param name="config">Receives the entries.</param>
    protected internal virtual void WriteConfig(JsonObject config)
    {
    }
}
