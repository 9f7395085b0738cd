using System.Diagnostics.CodeAnalysis;
using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// An activation as layers take it: <c>new Dense(64, Activation.ReLU)</c>. The element-wise ones are fused into the layer
/// they follow; softmax and log-softmax work on the last axis and follow it as a node of their own.
/// </summary>
public sealed class ActivationFunction
{
    private static readonly ActivationFunction[] Functions =
    [
        new("linear", ActivationKind.Linear), new("relu", ActivationKind.ReLU), new("sigmoid", ActivationKind.Sigmoid),
        new("tanh", ActivationKind.Tanh), new("hard_sigmoid", ActivationKind.HardSigmoid), new("relu6", ActivationKind.ReLU6),
        new("exponential", ActivationKind.Exponential), new("elu", ActivationKind.ELU), new("selu", ActivationKind.SELU),
        new("softplus", ActivationKind.Softplus), new("softsign", ActivationKind.Softsign), new("silu", ActivationKind.SiLU),
        new("gelu", ActivationKind.GELU), new("leaky_relu", ActivationKind.LeakyReLU), new("mish", ActivationKind.Mish),
        new("hard_silu", ActivationKind.HardSiLU), new("tanh_shrink", ActivationKind.TanhShrink), new("celu", ActivationKind.CELU),
        new("log_sigmoid", ActivationKind.LogSigmoid), new("hard_tanh", ActivationKind.HardTanh),
        new("softmax", null), new("log_softmax", null),
    ];

    private ActivationFunction(string name, ActivationKind? kind)
    {
        Name = name;
        Kind = kind;
    }

    /// <summary>The name as Keras 3 spells it in architecture files, for example <c>hard_sigmoid</c>.</summary>
    public string Name { get; }

    /// <summary>The element-wise activation that kernels fuse; null for softmax and log-softmax.</summary>
    public ActivationKind? Kind { get; }

    /// <summary>What a fused layer computes itself: the activation, or nothing when <see cref="Finish"/> has to follow.</summary>
    internal ActivationKind FusedKind => Kind ?? ActivationKind.Linear;

    /// <summary>The function of a name.</summary>
    /// <param name="name">Keras's spelling, aliases such as <c>swish</c> included.</param>
    /// <exception cref="ArgumentException">There is no activation of that name.</exception>
    public static ActivationFunction FromName(string name)
        => TryFromName(name, out ActivationFunction? function)
            ? function
            : throw new ArgumentException($"There is no activation '{name}'; known are {string.Join(", ", Functions.Select(known => known.Name))}.", nameof(name));

    /// <summary>Applies the function: <c>y = f(x)</c>, in the same shape.</summary>
    /// <param name="x">Any shape; softmax and log-softmax work on the last axis.</param>
    public Variable Apply(Variable x)
        => Kind is { } kind
            ? kind == ActivationKind.Linear ? x : VariableOps.Activate(x, kind)
            : Finish(x);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>What remains to be done after a layer has fused <see cref="FusedKind"/>.</summary>
    internal Variable Finish(Variable x)
        => Kind is not null ? x : Name == "softmax" ? VariableOps.Softmax(x) : VariableOps.LogSoftmax(x);

    /// <summary>The kind for layers that can only use an element-wise activation, such as the gates of an LSTM.</summary>
    internal ActivationKind Elementwise(string layer, string use)
        => Kind ?? throw new ArgumentException($"{layer}: {use} cannot be {Name}, which works on a whole row; expected an element-wise activation such as Activation.Tanh.");

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
