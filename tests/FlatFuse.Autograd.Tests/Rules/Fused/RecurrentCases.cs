using FlatFuse.Kernels;
using FlatFuse.Tensors;
using static FlatFuse.Autograd.Tests.OperandRange;

namespace FlatFuse.Autograd.Tests;

/// <summary>Rows of the recurrent operations: all results at once, so that a gradient comes in through each of them.</summary>
internal static class RecurrentCases
{
    private const int Features = 3;
    private const int Units = 2;

    public static readonly OperationCase[] All =
    [
        LSTM("", v => Join(VariableOps.LSTM(v[0], v[1], v[2], v[3], v[4], v[5], null, new LSTMOptions { ReturnSequences = true }))),
        LSTM("last, backwards", v => VariableOps.LSTM(v[0], v[1], v[2], v[3], v[4], v[5], null, new LSTMOptions { GoBackwards = true }).Output),
        LSTM("masked", v => Join(VariableOps.LSTM(v[0], v[1], v[2], v[3], v[4], v[5], Mask(v[0]), new LSTMOptions { ReturnSequences = true }))),
        LSTM("other activations", v => VariableOps.LSTM(
            v[0], v[1], v[2], v[3], v[4], v[5], null, new LSTMOptions { Activation = ActivationKind.Sigmoid, RecurrentActivation = ActivationKind.Tanh }).Output),
        GRU("", [2, 3 * Units], v => Join(VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], options: new GRUOptions { ReturnSequences = true }))),
        GRU("last, backwards, reset before", [3 * Units], v => VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], options: new GRUOptions { GoBackwards = true, ResetAfter = false }).Output),
        GRU("masked", [2, 3 * Units], v => Join(VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], Mask(v[0]), RecurrentMask(v[0]), new GRUOptions { ReturnSequences = true }))),
        GRU("masked, reset before", [3 * Units], v => Join(
            VariableOps.GRU(v[0], v[1], v[2], v[3], v[4], Mask(v[0]), RecurrentMask(v[0]), new GRUOptions { ReturnSequences = true, ResetAfter = false }))),
        SimpleRNN("", v => Join(VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], options: new SimpleRNNOptions { ReturnSequences = true }))),
        SimpleRNN("last, backwards", v => VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], options: new SimpleRNNOptions { GoBackwards = true }).Output),
        SimpleRNN("masked", v => Join(VariableOps.SimpleRNN(v[0], v[1], v[2], v[3], v[4], Mask(v[0]), RecurrentMask(v[0]), new SimpleRNNOptions { ReturnSequences = true }))),
    ];

    private static OperationCase LSTM(string options, Func<IReadOnlyList<Variable>, Variable> function)
        => Row(nameof(VariableOps.LSTM), options, 4, [4 * Units], states: 2, function);

    private static OperationCase GRU(string options, int[] bias, Func<IReadOnlyList<Variable>, Variable> function)
        => Row(nameof(VariableOps.GRU), options, 3, bias, states: 1, function);

    private static OperationCase SimpleRNN(string options, Func<IReadOnlyList<Variable>, Variable> function)
        => Row(nameof(VariableOps.SimpleRNN), options, 1, [Units], states: 1, function);

    // x, kernel, recurrent kernel, bias, the initial states. Empty: no samples; no steps, which leave the state as it was.
    private static OperationCase Row(string operation, string options, int gates, int[] bias, int states, Func<IReadOnlyList<Variable>, Variable> function)
    {
        int[][] Shapes(int batch, int steps)
            => [[batch, steps, Features], [Features, gates * Units], [Units, gates * Units], bias, .. Enumerable.Repeat<int[]>([batch, Units], states)];
        return new OperationCase
        {
            Operation = operation, Options = options, Function = function,
            Operands = [.. Shapes(2, 3).Select(shape => Of(shape))], Empty = [Shapes(0, 3), Shapes(2, 0)],
        };
    }

    // The second sample begins with padding, the first ends with it.
    private static Variable Mask(Variable x) => Part(x, [1f, 1f, 0f, 0f, 1f, 1f], x.Shape[0], x.Shape[1]);

    private static Variable RecurrentMask(Variable x) => Part(x, [2f, 0f, 1f, 2f], x.Shape[0], Units);

    private static Variable Part(Variable x, float[] numbers, params int[] shape)
        => x.Context!.Constant(Tensor.From<float>(numbers[..Tensors.Shapes.Count(shape)], shape));

    private static Variable Join(LSTMResult result) => Join([result.Output, result.LastH, result.LastC]);

    private static Variable Join(RecurrentResult result) => Join([result.Output, result.LastH]);

    private static Variable Join(IEnumerable<Variable> results) => VariableOps.Concatenate([.. results.Select(result => VariableOps.Reshape(result, -1))], 0);
}
