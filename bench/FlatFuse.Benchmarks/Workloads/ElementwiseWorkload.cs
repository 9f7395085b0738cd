using System.Numerics.Tensors;
using FlatFuse.Kernels;
using FlatFuse.Tensors;
using FloatTensor = FlatFuse.Tensors.Tensor<float>;

namespace FlatFuse.Benchmarks;

/// <summary>One function of every element, against <see cref="TensorPrimitives"/>. As in the peers' scripts, <c>add</c> adds an array to itself; <c>multiply</c> takes two.</summary>
internal sealed class ElementwiseWorkload : Workload
{
    private readonly string _operation;
    private readonly int _count;
    private readonly Lazy<(FloatTensor X, FloatTensor Other, FloatTensor Y)> _operands;

    public ElementwiseWorkload(string operation, int count)
        : base($"{operation} {count}")
    {
        _operation = operation;
        _count = count;
        _operands = new(() => (Numbers(count), Numbers(count), Room(count)));
    }

    public override double Bytes => 4.0 * _count * (_operation == "multiply" ? 3 : 2);

    public override (string Workload, string Metric)? Peer => ($"{_operation}_{(_count == 16384 ? "16K" : "1M")}", "forward_median");

    public override IReadOnlyList<Contender> Others =>
    [
        new("naive", ContenderKind.Naive, threads => threads == 1 ? Naive() : null),
        new("tensors", ContenderKind.Peer, threads => threads == 1 ? Primitives() : null),
    ];

    public override Action Ours(KernelSet set, int threads)
    {
        var workers = new Workers(set, threads);
        (FloatTensor x, FloatTensor other, FloatTensor y) = _operands.Value;
        return _operation switch
        {
            "exp" => () => Kernels.Elementwise.Exp(workers, x.AsSpan(), y.AsSpan()),
            "sigmoid" => () => Activations.Forward(workers, ActivationKind.Sigmoid, x.AsSpan(), y.AsSpan()),
            "tanh" => () => Activations.Forward(workers, ActivationKind.Tanh, x.AsSpan(), y.AsSpan()),
            "relu" => () => Activations.Forward(workers, ActivationKind.ReLU, x.AsSpan(), y.AsSpan()),
            "gelu" => () => Activations.Forward(workers, ActivationKind.GELU, x.AsSpan(), y.AsSpan()),
            "add" => () => Kernels.Elementwise.Add(workers, x.AsSpan(), x.AsSpan(), y.AsSpan()),
            "multiply" => () => Kernels.Elementwise.Multiply(workers, x.AsSpan(), other.AsSpan(), y.AsSpan()),
            _ => throw Unknown(),
        };
    }

    private Action? Primitives()
    {
        (FloatTensor x, FloatTensor other, FloatTensor y) = _operands.Value;
        return _operation switch
        {
            "exp" => () => TensorPrimitives.Exp(x.AsSpan(), y.AsSpan()),
            "sigmoid" => () => TensorPrimitives.Sigmoid(x.AsSpan(), y.AsSpan()),
            "tanh" => () => TensorPrimitives.Tanh(x.AsSpan(), y.AsSpan()),
            "relu" => () => TensorPrimitives.Max(x.AsSpan(), 0f, y.AsSpan()),
            "gelu" => null,
            "add" => () => TensorPrimitives.Add(x.AsSpan(), x.AsSpan(), y.AsSpan()),
            "multiply" => () => TensorPrimitives.Multiply(x.AsSpan(), other.AsSpan(), y.AsSpan()),
            _ => throw Unknown(),
        };
    }

    private Action? Naive()
    {
        (FloatTensor x, FloatTensor other, FloatTensor y) = _operands.Value;
        Func<float, float, float>? function = _operation switch
        {
            "exp" => (a, _) => MathF.Exp(a),
            "sigmoid" => (a, _) => 1f / (1f + MathF.Exp(-a)),
            "tanh" => (a, _) => MathF.Tanh(a),
            "relu" => (a, _) => MathF.Max(a, 0f),
            "gelu" => null,
            "add" => (a, _) => a + a,
            "multiply" => (a, b) => a * b,
            _ => throw Unknown(),
        };
        if (function is null)
            return null;
        return () =>
        {
            ReadOnlySpan<float> left = x.AsSpan(), right = other.AsSpan();
            Span<float> results = y.AsSpan();
            for (int i = 0; i < results.Length; i++)
                results[i] = function(left[i], right[i]);
        };
    }

    private ArgumentException Unknown()
        => new($"Shapes/elementwise.txt: '{_operation}' is no operation; expected exp, sigmoid, tanh, relu, gelu, add or multiply.");
}
