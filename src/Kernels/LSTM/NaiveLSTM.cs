using System.Numerics;

namespace FlatFuse.Kernels;

/// <summary>
/// The definition of the LSTM and of its gradient in plain loops, over float or double: oracle, baseline and textbook.
/// </summary>
/// <remarks>
/// <para>With r the recurrent activation and a the activation (Keras 3; Hochreiter and Schmidhuber 1997, Gers et al. 2000):
/// z = x K + h R + b; i, f, o = r(zᵢ), r(z_f), r(zₒ); g = a(z_c); c' = f c + i g; h' = o a(c').</para>
/// <para>A masked step leaves h and c as they were and its output is h again.</para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public static class NaiveLSTM<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Runs all steps.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sequences">(batch, steps, units) in processing order, or empty.</param>
    /// <param name="lastH">(batch, units), or empty.</param>
    /// <param name="lastC">(batch, units), or empty.</param>
    public static void Forward(in LSTMShape s, in NaiveLSTMOperands<T> operands, Span<T> sequences, Span<T> lastH, Span<T> lastC)
    {
        var trace = new Trace(s);
        Run(s, operands, trace);
        int units = s.Units;
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < units; u++)
            {
                for (int t = 0; t < s.Steps && !sequences.IsEmpty; t++)
                    sequences[(((b * s.Steps) + t) * units) + u] = trace.H[trace.State(t + 1, b, u)];
                if (!lastH.IsEmpty)
                    lastH[(b * units) + u] = trace.H[trace.State(s.Steps, b, u)];
                if (!lastC.IsEmpty)
                    lastC[(b * units) + u] = trace.C[trace.State(s.Steps, b, u)];
            }
        }
    }

    /// <summary>Adds the gradients of sum(dSequences · sequences) + sum(dLastH · lastH) + sum(dLastC · lastC) to the destinations.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What forward read.</param>
    /// <param name="dSequences">(batch, steps, units) in processing order, or empty for zeros.</param>
    /// <param name="dLastH">(batch, units), or empty for zeros.</param>
    /// <param name="dLastC">(batch, units), or empty for zeros.</param>
    /// <param name="gradients">Destinations, all of full length.</param>
    public static void Backward(
        in LSTMShape s, in NaiveLSTMOperands<T> operands, ReadOnlySpan<T> dSequences, ReadOnlySpan<T> dLastH, ReadOnlySpan<T> dLastC,
        in NaiveLSTMGradients<T> gradients)
    {
        var trace = new Trace(s);
        Run(s, operands, trace);
        int units = s.Units;
        var dh = new T[units];
        var dc = new T[units];
        var dz = new T[4 * units];
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < units; u++)
            {
                dh[u] = dLastH.IsEmpty ? T.Zero : dLastH[(b * units) + u];
                dc[u] = dLastC.IsEmpty ? T.Zero : dLastC[(b * units) + u];
            }
            for (int t = s.Steps - 1; t >= 0; t--)
            {
                for (int u = 0; u < units && !dSequences.IsEmpty; u++)
                    dh[u] += dSequences[(((b * s.Steps) + t) * units) + u];
                if (IsMasked(s, operands.Mask, b, t))
                    continue;
                CellBackward(s, trace, b, t, dh, dc, dz);
                ApplyWeights(s, operands, trace, b, t, dz, dh, gradients);
            }
            for (int u = 0; u < units; u++)
            {
                gradients.H0[(b * units) + u] += dh[u];
                gradients.C0[(b * units) + u] += dc[u];
            }
        }
    }

    private static void CellBackward(in LSTMShape s, Trace trace, int b, int t, T[] dh, T[] dc, T[] dz)
    {
        int units = s.Units;
        ActivationKind gate = s.RecurrentActivation;
        ActivationKind activation = s.Activation;
        for (int u = 0; u < units; u++)
        {
            T zi = trace.Z[trace.Gate(t, b, u)];
            T zf = trace.Z[trace.Gate(t, b, units + u)];
            T zg = trace.Z[trace.Gate(t, b, (2 * units) + u)];
            T zo = trace.Z[trace.Gate(t, b, (3 * units) + u)];
            T c = trace.C[trace.State(t + 1, b, u)];
            T cPrevious = trace.C[trace.State(t, b, u)];
            T i = NaiveActivation<T>.Value(gate, zi);
            T f = NaiveActivation<T>.Value(gate, zf);
            T g = NaiveActivation<T>.Value(activation, zg);
            T o = NaiveActivation<T>.Value(gate, zo);
            T dcNow = dc[u] + (dh[u] * o * NaiveActivation<T>.Derivative(activation, c));
            dz[u] = dcNow * g * NaiveActivation<T>.Derivative(gate, zi);
            dz[units + u] = dcNow * cPrevious * NaiveActivation<T>.Derivative(gate, zf);
            dz[(2 * units) + u] = dcNow * i * NaiveActivation<T>.Derivative(activation, zg);
            dz[(3 * units) + u] = dh[u] * NaiveActivation<T>.Value(activation, c) * NaiveActivation<T>.Derivative(gate, zo);
            dc[u] = dcNow * f;
        }
    }

    // dx = dz Kᵀ, dh = dz Rᵀ, dK += xᵀ dz, dR += hᵀ dz, db += dz.
    private static void ApplyWeights(
        in LSTMShape s, in NaiveLSTMOperands<T> operands, Trace trace, int b, int t, T[] dz, T[] dh, in NaiveLSTMGradients<T> gradients)
    {
        int columns = 4 * s.Units;
        int position = ((b * s.Steps) + s.Position(t)) * s.Features;
        for (int n = 0; n < columns; n++)
            gradients.Bias[n] += dz[n];
        for (int k = 0; k < s.Features; k++)
        {
            T sum = T.Zero;
            for (int n = 0; n < columns; n++)
            {
                sum += dz[n] * operands.Kernel[(k * columns) + n];
                gradients.Kernel[(k * columns) + n] += operands.X[position + k] * dz[n];
            }
            gradients.X[position + k] += sum;
        }
        for (int k = 0; k < s.Units; k++)
        {
            T sum = T.Zero;
            for (int n = 0; n < columns; n++)
            {
                sum += dz[n] * operands.RecurrentKernel[(k * columns) + n];
                gradients.RecurrentKernel[(k * columns) + n] += trace.H[trace.State(t, b, k)] * dz[n];
            }
            dh[k] = sum;
        }
    }

    private static void Run(in LSTMShape s, in NaiveLSTMOperands<T> operands, Trace trace)
    {
        int units = s.Units;
        int columns = 4 * units;
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < units; u++)
            {
                trace.H[trace.State(0, b, u)] = operands.H0.IsEmpty ? T.Zero : operands.H0[(b * units) + u];
                trace.C[trace.State(0, b, u)] = operands.C0.IsEmpty ? T.Zero : operands.C0[(b * units) + u];
            }
            for (int t = 0; t < s.Steps; t++)
            {
                int position = ((b * s.Steps) + s.Position(t)) * s.Features;
                for (int n = 0; n < columns; n++)
                {
                    T z = operands.Bias.IsEmpty ? T.Zero : operands.Bias[n];
                    for (int k = 0; k < s.Features; k++)
                        z += operands.X[position + k] * operands.Kernel[(k * columns) + n];
                    for (int k = 0; k < units; k++)
                        z += trace.H[trace.State(t, b, k)] * operands.RecurrentKernel[(k * columns) + n];
                    trace.Z[trace.Gate(t, b, n)] = z;
                }
                bool masked = IsMasked(s, operands.Mask, b, t);
                for (int u = 0; u < units; u++)
                    Cell(s, trace, masked, b, t, u);
            }
        }
    }

    private static void Cell(in LSTMShape s, Trace trace, bool masked, int b, int t, int u)
    {
        T h = trace.H[trace.State(t, b, u)];
        T c = trace.C[trace.State(t, b, u)];
        if (!masked)
        {
            T i = NaiveActivation<T>.Value(s.RecurrentActivation, trace.Z[trace.Gate(t, b, u)]);
            T f = NaiveActivation<T>.Value(s.RecurrentActivation, trace.Z[trace.Gate(t, b, s.Units + u)]);
            T g = NaiveActivation<T>.Value(s.Activation, trace.Z[trace.Gate(t, b, (2 * s.Units) + u)]);
            T o = NaiveActivation<T>.Value(s.RecurrentActivation, trace.Z[trace.Gate(t, b, (3 * s.Units) + u)]);
            c = (f * c) + (i * g);
            h = o * NaiveActivation<T>.Value(s.Activation, c);
        }
        trace.H[trace.State(t + 1, b, u)] = h;
        trace.C[trace.State(t + 1, b, u)] = c;
    }

    private static bool IsMasked(in LSTMShape s, ReadOnlySpan<T> mask, int b, int t)
        => !mask.IsEmpty && T.IsZero(mask[(b * s.Steps) + s.Position(t)]);

    // Every pre-activation (steps, batch, 4 units) and every state (steps + 1, batch, units), the initial one first.
    private sealed class Trace(LSTMShape s)
    {
        public readonly T[] Z = new T[s.Steps * s.Batch * 4 * s.Units];
        public readonly T[] H = new T[(s.Steps + 1) * s.Batch * s.Units];
        public readonly T[] C = new T[(s.Steps + 1) * s.Batch * s.Units];

        public int Gate(int t, int b, int n) => (((t * s.Batch) + b) * 4 * s.Units) + n;

        public int State(int t, int b, int u) => (((t * s.Batch) + b) * s.Units) + u;
    }
}
