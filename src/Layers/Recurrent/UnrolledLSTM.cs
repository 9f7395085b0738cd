using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// The LSTM written out step by step in small nodes. Slower than the fused node by far, so it runs only where that one cannot:
/// in training with recurrent dropout, whose mask sits between the state and the recurrent kernel. It is also the fused node's oracle in tests.
/// </summary>
internal static class UnrolledLSTM
{
    public static LSTMResult Run(LSTM layer, Variable x, Variable kernel, Variable recurrentKernel, Variable? bias, Variable? h0, Variable? c0, Variable? mask, CallContext context)
    {
        int batch = x.Shape[0], steps = x.Shape[1], features = x.Shape[2], units = layer.Units;
        Variable h = h0 ?? Filled.With(0f, context, batch, units);
        Variable c = c0 ?? Filled.With(0f, context, batch, units);
        Variable previous = Filled.With(0f, context, batch, units);
        Variable? recurrentMask = layer.RecurrentDropout > 0 && context.Training
            ? VariableOps.Dropout(Filled.With(1f, context, batch, units), layer.RecurrentDropout, context.DrawKey())
            : null;
        ActivationKind activation = layer.Activation.FusedKind, gate = layer.RecurrentActivation.FusedKind;
        var outputs = new Variable[steps];

        for (int step = 0; step < steps; step++)
        {
            int position = layer.GoBackwards ? steps - 1 - step : step;
            Variable xt = VariableOps.Reshape(VariableOps.Slice(x, 1, position, 1), batch, features);
            Variable into = recurrentMask is null ? h : h * recurrentMask;
            Variable z = VariableOps.Dense(xt, kernel, bias, ActivationKind.Linear) + VariableOps.MatMul(into, recurrentKernel);
            Variable i = VariableOps.Activate(VariableOps.Slice(z, 1, 0, units), gate);
            Variable f = VariableOps.Activate(VariableOps.Slice(z, 1, units, units), gate);
            Variable candidate = VariableOps.Activate(VariableOps.Slice(z, 1, 2 * units, units), activation);
            Variable o = VariableOps.Activate(VariableOps.Slice(z, 1, 3 * units, units), gate);
            Variable nextC = f * c + i * candidate;
            Variable nextH = o * VariableOps.Activate(nextC, activation);
            Variable output = nextH;
            if (mask is not null)
            {
                Variable real = VariableOps.Slice(mask, 1, position, 1);
                output = VariableOps.Where(real, nextH, previous);
                nextH = VariableOps.Where(real, nextH, h);
                nextC = VariableOps.Where(real, nextC, c);
            }
            (h, c, previous) = (nextH, nextC, output);
            outputs[step] = layer.ReturnSequences ? VariableOps.Reshape(output, batch, 1, units) : output;
        }
        return new LSTMResult(layer.ReturnSequences ? VariableOps.Concatenate(outputs, 1) : previous, h, c);
    }
}
