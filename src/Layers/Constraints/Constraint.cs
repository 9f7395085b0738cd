using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Brings a weight back into bounds after each update. Immutable.</summary>
public abstract class Constraint
{
    /// <summary>The Keras class name, as architecture files spell it.</summary>
    public virtual string ClassName => GetType().Name;

    /// <summary>Changes the weight in place; runs after every training step, so it must not allocate.</summary>
    /// <param name="weights">The numbers, row-major.</param>
    /// <param name="shape">The weight's shape.</param>
    public abstract void Apply(Span<float> weights, ReadOnlySpan<int> shape);

    /// <summary>Refuses weights of a shape that the constraint is not defined for; called when the layer is built.</summary>
    /// <param name="weight">The weight's name, for the message.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="ArgumentException">The constraint is not defined for it.</exception>
    protected internal virtual void Check(string weight, ReadOnlySpan<int> shape)
    {
    }

    /// <summary>Writes what the constructor needs to make this constraint again, in Keras's words.</summary>
    /// <param name="config">Receives the entries.</param>
    protected internal virtual void WriteConfig(JsonObject config)
    {
    }
}
