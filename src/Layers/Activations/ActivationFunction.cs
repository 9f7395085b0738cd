using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// An activation as layers take it: <c>new Dense(64, Activation.ReLU)</c>. The element-wise ones are fused into the layer
/// they follow; softmax, log-softmax, sparsemax and GLU work on the last axis and follow it as nodes of their own, as a threshold does.
/// </summary>
public sealed class ActivationFunction
{
    private const string ThresholdName = "threshold";

    private static readonly ActivationFunction[] Functions =
    [
        new("linear", ActivationKind.Linear), new("relu", ActivationKind.ReLU), new("sigmoid", ActivationKind.Sigmoid),
        new("tanh", ActivationKind.Tanh), new("hard_sigmoid", ActivationKind.HardSigmoid), new("relu6", ActivationKind.ReLU6),
        new("exponential", ActivationKind.Exponential), new("elu", ActivationKind.ELU), new("selu", ActivationKind.SELU),
        new("softplus", ActivationKind.Softplus), new("softsign", ActivationKind.Softsign), new("silu", ActivationKind.SiLU),
        new("gelu", ActivationKind.GELU), new("leaky_relu", ActivationKind.LeakyReLU), new("mish", ActivationKind.Mish),
        new("hard_silu", ActivationKind.HardSiLU), new("tanh_shrink", ActivationKind.TanhShrink), new("celu", ActivationKind.CELU),
        new("log_sigmoid", ActivationKind.LogSigmoid), new("hard_tanh", ActivationKind.HardTanh),
        new("hard_shrink", ActivationKind.HardShrink), new("soft_shrink", ActivationKind.SoftShrink), new("squareplus", ActivationKind.Squareplus),
        new("sparse_plus", ActivationKind.SparsePlus), new("sparse_sigmoid", ActivationKind.SparseSigmoid),
        new("softmax", VariableOps.Softmax), new("log_softmax", VariableOps.LogSoftmax), new("sparsemax", VariableOps.Sparsemax),
        new("glu", VariableOps.GLU) { HalvesLastAxis = true },
    ];

    private readonly Func<Variable, Variable>? _rows;
    private readonly (double Limit, double Value)? _threshold;

    private ActivationFunction(string name, ActivationKind kind)
    {
        Name = name;
        Kind = kind;
    }

    private ActivationFunction(string name, Func<Variable, Variable> rows)
    {
        Name = name;
        _rows = rows;
    }

    private ActivationFunction((double Limit, double Value) threshold)
    {
        Name = ThresholdName;
        _threshold = threshold;
    }

    /// <summary>The name as Keras 3 spells it in architecture files, for example <c>hard_sigmoid</c>.</summary>
    public string Name { get; }

    /// <summary>The element-wise activation that kernels fuse; null for those that work on a row, and for a threshold.</summary>
    public ActivationKind? Kind { get; }

    /// <summary>True for softmax, log-softmax, sparsemax and GLU: an entry's result depends on its row, the last axis.</summary>
    public bool WorksOnRows => _rows is not null;

    /// <summary>True for GLU alone: (…, 2n) becomes (…, n). Only the layer <see cref="Activation"/> takes it.</summary>
    public bool HalvesLastAxis { get; private init; }

    /// <summary>What a fused layer computes itself: the activation, or nothing when <see cref="Finish"/> has to follow.</summary>
    internal ActivationKind FusedKind => Kind ?? ActivationKind.Linear;

    /// <summary>The function of a name.</summary>
    /// <param name="name">Keras's spelling, aliases such as <c>swish</c> included.</param>
    /// <exception cref="ArgumentException">There is no activation of that name.</exception>
    public static ActivationFunction FromName(string name)
        => TryFromName(name, out ActivationFunction? function)
            ? function
            : throw new ArgumentException(
                name == ThresholdName
                    ? "The activation 'threshold' needs its two numbers, which a name cannot carry; use Activation.Threshold(threshold, defaultValue)."
                    : $"There is no activation '{name}'; known are {string.Join(", ", Functions.Select(known => known.Name))}.",
                nameof(name));

    /// <summary>Applies the function: <c>y = f(x)</c>, in the same shape but for GLU.</summary>
    /// <param name="x">Any shape; softmax, log-softmax and sparsemax work on the last axis, which GLU halves.</param>
    public Variable Apply(Variable x)
        => Kind is { } kind
            ? kind == ActivationKind.Linear ? x : VariableOps.Activate(x, kind)
            : Finish(x);

    /// <inheritdoc/>
    public override string ToString()
        => _threshold is { } threshold ? string.Create(CultureInfo.InvariantCulture, $"{Name}({threshold.Limit}, {threshold.Value})") : Name;

    /// <summary>What remains to be done after a layer has fused <see cref="FusedKind"/>.</summary>
    internal Variable Finish(Variable x)
        => Kind is not null ? x
            : _threshold is { } threshold ? VariableOps.Threshold(x, (float)threshold.Limit, (float)threshold.Value)
            : _rows!(x);

    /// <summary>The kind for layers that can only use an element-wise activation, such as the gates of an LSTM.</summary>
    internal ActivationKind Elementwise(string layer, string use)
        => Kind ?? throw new ArgumentException($"{layer}: {use} cannot be {Name}, which {(WorksOnRows ? "works on a whole row" : "no recurrent kernel knows")}; expected an element-wise activation such as Activation.Tanh.");

    /// <summary>The function itself, for layers whose output has the shape of what the function is given.</summary>
    internal ActivationFunction KeepingShape(string layer)
        => HalvesLastAxis
            ? throw new ArgumentException($"{layer}: the activation cannot be {Name}, which halves the last axis; expected one that keeps the shape. Leave it out and add new Activation(Activation.GLU) behind the layer.")
            : this;

    /// <summary>x where x &gt; <paramref name="limit"/>, else <paramref name="value"/>.</summary>
    internal static ActivationFunction Threshold(double limit, double value)
        => new((Guard.Finite(limit, nameof(Activation), "threshold"), Guard.Finite(value, nameof(Activation), "defaultValue")));

    /// <summary>The function as a file says it: Keras's name, or the description of a threshold, for which Keras has no form.</summary>
    internal JsonNode ToConfig()
        => _threshold is not { } threshold ? JsonValue.Create(Name) : new JsonObject
        {
            ["class_name"] = ThresholdName,
            ["config"] = new JsonObject { ["threshold"] = threshold.Limit, ["default_value"] = threshold.Value },
        };

    /// <summary>Reads what <see cref="ToConfig"/> wrote.</summary>
    internal static ActivationFunction FromConfig(JsonNode node)
    {
        (string name, LayerConfig config) = Described.Read(node, "activation");
        return name == ThresholdName && node is JsonObject
            ? Threshold(config.RequiredDouble("threshold"), config.RequiredDouble("default_value"))
            : FromName(name);
    }

    internal static ActivationFunction Of(ActivationKind kind) => Array.Find(Functions, function => function.Kind == kind)!;

    private static bool TryFromName(string name, [NotNullWhen(true)] out ActivationFunction? function)
    {
        string spelled = name switch
        {
            "swish" => "silu",
            "hard_swish" => "hard_silu",
            "leakyrelu" => "leaky_relu",
            _ => name,
        };
        function = Array.Find(Functions, known => known.Name == spelled);
        return function is not null;
    }
}
