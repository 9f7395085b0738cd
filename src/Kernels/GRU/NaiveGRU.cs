using System.Numerics;

namespace FlatFuse.Kernels;

/// <summary>
/// The definition of the GRU and of its gradient in plain loops, over float or double: oracle, baseline and textbook.
/// </summary>
/// <remarks>
/// <para>With g the recurrent activation, a the activation, m the recurrent mask or one, and u = m h (Keras 3; Cho et al. 2014):
/// z = g(x K_z + b_z + u R_z), r = g(x K_r + b_r + u R_r); reset after: n = u R_h + b'_h, candidate = a(x K_h + b_h + r n), where z and r see b' too;
/// reset before: candidate = a(x K_h + b_h + (r u) R_h). h' = z h + (1 − z) candidate.</para>
/// <para>A masked step leaves h as it was and its output is h again.</para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public static class NaiveGRU<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Runs all steps.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sequences">(batch, steps, units) in processing order.</param>
    /// <param name="lastH">(batch, units).</param>
    public static void Forward(in GRUShape s, in NaiveRecurrentOperands<T> operands, Span<T> sequences, Span<T> lastH)
    {
        var step = new Step(s);
        var h = new T[s.Units];
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < s.Units; u++)
                h[u] = operands.H0.IsEmpty ? T.Zero : operands.H0[(b * s.Units) + u];
            for (int t = 0; t < s.Steps; t++)
            {
                if (!IsMasked(s, operands, b, t))
                {
                    step.Run(s, operands, b, t, h);
                    for (int u = 0; u < s.Units; u++)
                        h[u] = (step.Z[u] * h[u]) + ((T.One - step.Z[u]) * step.Candidate[u]);
                }
                h.CopyTo(sequences[(((b * s.Steps) + t) * s.Units)..]);
            }
            h.CopyTo(lastH[(b * s.Units)..]);
        }
    }

    /// <summary>Adds the gradients of sum(dSequences · sequences) + sum(dLastH · lastH) to the destinations.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What forward read.</param>
    /// <param name="dSequences">(batch, steps, units) in processing order, or empty for zeros.</param>
    /// <param name="dLastH">(batch, units), or empty for zeros.</param>
    /// <param name="gradients">Destinations, all of full length.</param>
    public static void Backward(
        in GRUShape s, in NaiveRecurrentOperands<T> operands, ReadOnlySpan<T> dSequences, ReadOnlySpan<T> dLastH, in NaiveRecurrentGradients<T> gradients)
    {
        int units = s.Units;
        var sequences = new T[s.Batch * s.Steps * units];
        Forward(s, operands, sequences, new T[s.Batch * units]);
        var step = new Step(s);
        var dh = new T[units];
        var h = new T[units];
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < units; u++)
                dh[u] = dLastH.IsEmpty ? T.Zero : dLastH[(b * units) + u];
            for (int t = s.Steps - 1; t >= 0; t--)
            {
                for (int u = 0; u < units && !dSequences.IsEmpty; u++)
                    dh[u] += dSequences[(((b * s.Steps) + t) * units) + u];
                if (IsMasked(s, operands, b, t))
                    continue;
                for (int u = 0; u < units; u++)
                    h[u] = t > 0 ? sequences[(((b * s.Steps) + t - 1) * units) + u] : operands.H0.IsEmpty ? T.Zero : operands.H0[(b * units) + u];
                step.Run(s, operands, b, t, h);
                CellBackward(s, operands, step, b, t, h, dh, gradients);
            }
            for (int u = 0; u < units; u++)
                gradients.H0[(b * units) + u] += dh[u];
        }
    }

    // dx carries what each gate's pre-activation sees of x, du what it sees of the masked state.
    private static void CellBackward(
        in GRUShape s, in NaiveRecurrentOperands<T> operands, Step step, int b, int t, T[] h, T[] dh, in NaiveRecurrentGradients<T> gradients)
    {
        int units = s.Units;
        var dPre = new T[3 * units];
        var du = new T[units];
        for (int u = 0; u < units; u++)
        {
            dPre[u] = dh[u] * (h[u] - step.Candidate[u]) * NaiveActivation<T>.Derivative(s.RecurrentActivation, step.PreZ[u]);
            dPre[(2 * units) + u] = dh[u] * (T.One - step.Z[u]) * NaiveActivation<T>.Derivative(s.Activation, step.PreCandidate[u]);
        }
        for (int u = 0; u < units; u++)
        {
            T dr = T.Zero;
            if (s.ResetAfter)
            {
                dr = dPre[(2 * units) + u] * step.N[u];
            }
            else
            {
                for (int n = 0; n < units; n++)
                    dr += dPre[(2 * units) + n] * operands.RecurrentKernel[(u * 3 * units) + (2 * units) + n];
                du[u] += dr * step.R[u];
                dr *= step.Masked[u];
            }
            dPre[units + u] = dr * NaiveActivation<T>.Derivative(s.RecurrentActivation, step.PreR[u]);
        }
        ApplyInput(s, operands, b, t, dPre, gradients);
        ApplyState(s, operands, step, dPre, du, gradients);
        for (int u = 0; u < units; u++)
            dh[u] = (dh[u] * step.Z[u]) + (du[u] * Factor(s, operands, b, u));
    }

    private static void ApplyInput(in GRUShape s, in NaiveRecurrentOperands<T> operands, int b, int t, T[] dPre, in NaiveRecurrentGradients<T> gradients)
    {
        int columns = 3 * s.Units;
        int position = ((b * s.Steps) + s.Frame.Position(t)) * s.Features;
        for (int n = 0; n < columns; n++)
        {
            gradients.Bias[n] += dPre[n];
            for (int k = 0; k < s.Features; k++)
            {
                gradients.X[position + k] += dPre[n] * operands.Kernel[(k * columns) + n];
                gradients.Kernel[(k * columns) + n] += operands.X[position + k] * dPre[n];
            }
        }
    }

    private static void ApplyState(in GRUShape s, in NaiveRecurrentOperands<T> operands, Step step, T[] dPre, T[] du, in NaiveRecurrentGradients<T> gradients)
    {
        int units = s.Units;
        for (int n = 0; n < 3 * units; n++)
        {
            bool isCandidate = n >= 2 * units;
            T d = isCandidate && s.ResetAfter ? dPre[n] * step.R[n - (2 * units)] : dPre[n];
            if (s.ResetAfter)
                gradients.Bias[(3 * units) + n] += d;
            for (int k = 0; k < units; k++)
            {
                T seen = isCandidate && !s.ResetAfter ? step.R[k] * step.Masked[k] : step.Masked[k];
                gradients.RecurrentKernel[(k * 3 * units) + n] += seen * d;
                if (!isCandidate || s.ResetAfter)
                    du[k] += d * operands.RecurrentKernel[(k * 3 * units) + n];
            }
        }
    }

    private static T Factor(in GRUShape s, in NaiveRecurrentOperands<T> operands, int b, int u)
        => operands.RecurrentMask.IsEmpty ? T.One : operands.RecurrentMask[(b * s.Units) + u];

    private static bool IsMasked(in GRUShape s, in NaiveRecurrentOperands<T> operands, int b, int t)
        => !operands.Mask.IsEmpty && T.IsZero(operands.Mask[(b * s.Steps) + s.Frame.Position(t)]);

    // The values of one step of one sequence.
    private sealed class Step(GRUShape shape)
    {
        public readonly T[] PreZ = new T[shape.Units];
        public readonly T[] PreR = new T[shape.Units];
        public readonly T[] PreCandidate = new T[shape.Units];
        public readonly T[] Z = new T[shape.Units];
        public readonly T[] R = new T[shape.Units];
        public readonly T[] N = new T[shape.Units];
        public readonly T[] Candidate = new T[shape.Units];
        public readonly T[] Masked = new T[shape.Units];

        public void Run(in GRUShape s, in NaiveRecurrentOperands<T> operands, int b, int t, T[] h)
        {
            int units = s.Units;
            for (int u = 0; u < units; u++)
                Masked[u] = Factor(s, operands, b, u) * h[u];
            for (int u = 0; u < units; u++)
            {
                PreZ[u] = FromX(s, operands, b, t, u) + FromState(s, operands, u, Masked) + SecondBias(s, operands, u);
                PreR[u] = FromX(s, operands, b, t, units + u) + FromState(s, operands, units + u, Masked) + SecondBias(s, operands, units + u);
                Z[u] = NaiveActivation<T>.Value(s.RecurrentActivation, PreZ[u]);
                R[u] = NaiveActivation<T>.Value(s.RecurrentActivation, PreR[u]);
            }
            var reset = new T[units];
            for (int u = 0; u < units; u++)
                reset[u] = R[u] * Masked[u];
            for (int u = 0; u < units; u++)
            {
                int column = (2 * units) + u;
                N[u] = FromState(s, operands, column, s.ResetAfter ? Masked : reset) + SecondBias(s, operands, column);
                PreCandidate[u] = FromX(s, operands, b, t, column) + (s.ResetAfter ? R[u] * N[u] : N[u]);
                Candidate[u] = NaiveActivation<T>.Value(s.Activation, PreCandidate[u]);
            }
        }

        private static T FromX(in GRUShape s, in NaiveRecurrentOperands<T> operands, int b, int t, int column)
        {
            int position = ((b * s.Steps) + s.Frame.Position(t)) * s.Features;
            T sum = operands.Bias.IsEmpty ? T.Zero : operands.Bias[column];
            for (int k = 0; k < s.Features; k++)
                sum += operands.X[position + k] * operands.Kernel[(k * 3 * s.Units) + column];
            return sum;
        }

        private static T FromState(in GRUShape s, in NaiveRecurrentOperands<T> operands, int column, T[] state)
        {
            T sum = T.Zero;
            for (int k = 0; k < s.Units; k++)
                sum += state[k] * operands.RecurrentKernel[(k * 3 * s.Units) + column];
            return sum;
        }

        private static T SecondBias(in GRUShape s, in NaiveRecurrentOperands<T> operands, int column)
            => s.ResetAfter && !operands.Bias.IsEmpty ? operands.Bias[(3 * s.Units) + column] : T.Zero;
    }
}
