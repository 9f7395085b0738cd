using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// A named weight: the identity that layers and optimizers share. Its storage is homed once, by the first <c>Compile</c>
/// that holds it, in a flat segment with its gradient beside it, and never moves again.
/// </summary>
public sealed class Parameter : Variable
{
    private readonly int[] _shape;

    /// <summary>Declares a weight; its value is drawn later.</summary>
    /// <param name="name">The name within its layer, for example <c>kernel</c>.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="trainable">False for state that no optimizer touches, such as moving statistics.</param>
    public Parameter(string name, ReadOnlySpan<int> shape, bool trainable = true)
        : base(trainable)
    {
        Name = name;
        _shape = shape.ToArray();
        Trainable = trainable;
    }

    /// <summary>The name within its layer.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of elements.</summary>
    public int Count => Shapes.Count(_shape);

    /// <summary>False while frozen, or when it is state that no optimizer touches.</summary>
    public bool Trainable { get; set; }

    /// <inheritdoc/>
    public override bool RequiresGradient => Trainable;

    /// <summary>True once the weight has a value.</summary>
    public bool HasValue { get; private set; }

    /// <summary>The weight's permanent home; null before the first Compile that holds it.</summary>
    public ParameterStore? Store { get; private set; }

    /// <summary>Where in <see cref="Store"/> the weight begins, in floats.</summary>
    public int StoreStart { get; private set; }

    /// <summary>True once the weight lies in its permanent home.</summary>
    public bool IsHomed => Store is not null;

    /// <summary>Gives the weight its first value, or replaces the numbers of the one it has.</summary>
    /// <param name="value">In the parameter's shape; copied.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Assign(Tensor<float> value)
    {
        if (!value.Shape.SequenceEqual(Shape))
            throw new ArgumentException($"Weight {Name} has shape {Shapes.Format(Shape)}; the given value has {Shapes.Format(value.Shape)}.", nameof(value));
        if (HasValue)
        {
            value.CopyTo(Value.AsSpan());
            return;
        }
        Value = value.Clone();
        HasValue = true;
    }

    /// <summary>Moves value and gradient into their permanent home, once.</summary>
    /// <param name="store">The home.</param>
    /// <param name="start">Where in it the weight begins, in floats.</param>
    /// <exception cref="InvalidOperationException">The weight has a home already, or no value yet.</exception>
    public void MoveTo(ParameterStore store, int start)
    {
        if (IsHomed)
            throw new InvalidOperationException($"Weight {Name} is homed already; a parameter never moves twice.");
        Tensor<float> home = store.ValueView(start, Shape);
        Value.CopyTo(home.AsSpan());
        Value = home;
        Gradient = store.GradientView(start, Shape);
        Store = store;
        StoreStart = start;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Weight {Name} {Shapes.Format(Shape)}";
}
