using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

// Stands in until the Autograd floor publishes its operations; goes then.
internal static class VariableOps
{
    public static Variable Dense(Variable x, Variable kernel, Variable? bias, ActivationKind activation) => throw Missing();
    public static Variable Conv1D(Variable x, Variable kernel, Variable? bias, int stride, int dilation, ConvolutionPadding padding, ActivationKind activation) => throw Missing();
    public static LSTMResult LSTM(Variable x, Variable kernel, Variable recurrentKernel, Variable? bias, Variable? h0, Variable? c0, Variable? mask, LSTMOptions options) => throw Missing();
    public static Variable MaxPooling1D(Variable x, int poolSize, int stride, ConvolutionPadding padding) => throw Missing();
    public static Variable Dropout(Variable x, double rate, Tensors.RandomKey key, params ReadOnlySpan<int> noiseShape) => throw Missing();
    public static Variable MatMul(Variable x, Variable y) => throw Missing();
    public static Variable Max(Variable x, int? axis = null, bool keepDims = false) => throw Missing();
    public static Variable Mean(Variable x, int? axis = null, bool keepDims = false) => throw Missing();
    public static Variable Sum(Variable x, int? axis = null, bool keepDims = false) => throw Missing();
    public static Variable Activate(Variable x, ActivationKind kind) => throw Missing();
    public static Variable Softmax(Variable x) => throw Missing();
    public static Variable LogSoftmax(Variable x) => throw Missing();
    public static Variable Affine(Variable x, float factor, float offset) => throw Missing();
    public static Variable Clip(Variable x, float low, float high) => throw Missing();
    public static Variable Reshape(Variable x, params ReadOnlySpan<int> shape) => throw Missing();
    public static Variable Transpose(Variable x, params ReadOnlySpan<int> shape) => throw Missing();
    public static Variable BroadcastTo(Variable x, params ReadOnlySpan<int> shape) => throw Missing();
    public static Variable Slice(Variable x, int axis, int start, int length) => throw Missing();
    public static Variable InContext(Variable x, CallContext context) => throw Missing();
    public static Variable Concatenate(IReadOnlyList<Variable> values, int axis) => throw Missing();
    public static Variable Maximum(Variable x, Variable y) => throw Missing();
    public static Variable Minimum(Variable x, Variable y) => throw Missing();
    public static Variable EmbeddingMask(Variable x) => throw Missing();
    public static Variable Embedding(Variable x, Variable table) => throw Missing();

    private static NotSupportedException Missing() => new("The Autograd floor has not published this operation yet.");

    extension(Variable)
    {
        public static Variable operator +(Variable x, Variable y) => throw Missing();
        public static Variable operator -(Variable x, Variable y) => throw Missing();
        public static Variable operator *(Variable x, Variable y) => throw Missing();
        public static Variable operator /(Variable x, Variable y) => throw Missing();
        public static Variable operator -(Variable x, float y) => throw Missing();
        public static Variable operator -(float x, Variable y) => throw Missing();
        public static Variable operator *(Variable x, float y) => throw Missing();
        public static Variable operator -(Variable x) => throw Missing();
    }
}

internal sealed record LSTMResult(Variable Output, Variable LastH, Variable LastC);

internal sealed record LSTMOptions
{
    public bool GoBackwards { get; init; }
    public ActivationKind Activation { get; init; }
    public ActivationKind RecurrentActivation { get; init; }
    public bool ReturnSequences { get; init; }
}
