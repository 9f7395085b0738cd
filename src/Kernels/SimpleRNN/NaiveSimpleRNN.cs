using System.Numerics;

namespace FlatFuse.Kernels;

/// <summary>
/// The definition of the simple recurrent layer and of its gradient in plain loops, over float or double: h' = a(x K + (m h) R + b), where m is
/// the recurrent mask or one. A masked step leaves h as it was and its output is h again. Source: Elman (1990); Keras 3.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public static class NaiveSimpleRNN<T>
    where T : struct, IFloatingPointIeee754<T>
{
    /// <summary>Runs all steps.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sequences">(batch, steps, units) in processing order.</param>
    /// <param name="lastH">(batch, units).</param>
    public static void Forward(in SimpleRNNShape s, in NaiveRecurrentOperands<T> operands, Span<T> sequences, Span<T> lastH)
    {
        var before = new T[s.Units];
        var after = new T[s.Units];
        for (int b = 0; b < s.Batch; b++)
        {
            for (int u = 0; u < s.Units; u++)
                before[u] = operands.H0.IsEmpty ? T.Zero : operands.H0[(b * s.Units) + u];
            for (int t = 0; t < s.Steps; t++)
            {
                for (int u = 0; u < s.Units; u++)
                    after[u] = IsMasked(s, operands, b, t) ? before[u] : NaiveActivation<T>.Value(s.Activation, PreActivation(s, operands, b, t, before, u));
                after.CopyTo(sequences[(((b * s.Steps) + t) * s.Units)..]);
                (before, after) = (after, before);
            }
            before.CopyTo(lastH[(b * s.Units)..]);
        }
    }

    /// <summary>Adds the gradients of sum(dSequences · sequences) + sum(dLastH · lastH) to the destinations.</summary>
    /// <param name="s">Sizes and options.</param>
    /// <param name="operands">What forward read.</param>
    /// <param name="dSequences">(batch, steps, units) in processing order, or empty for zeros.</param>
    /// <param name="dLastH">(batch, units), or empty for zeros.</param>
    /// <param name="gradients">Destinations, all of full length.</param>
    public static void Backward(
        in SimpleRNNShape s, in NaiveRecurrentOperands<T> operands, ReadOnlySpan<T> dSequences, ReadOnlySpan<T> dLastH, in NaiveRecurrentGradients<T> gradients)
    {
        int units = s.Units;
        var sequences = new T[s.Batch * s.Steps * units];
        Forward(s, operands, sequences, new T[s.Batch * units]);
        var dh = new T[units];
        var da = new T[units];
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
                var before = new T[units];
                for (int u = 0; u < units; u++)
                    before[u] = t > 0 ? sequences[(((b * s.Steps) + t - 1) * units) + u] : operands.H0.IsEmpty ? T.Zero : operands.H0[(b * units) + u];
                for (int u = 0; u < units; u++)
                    da[u] = dh[u] * NaiveActivation<T>.Derivative(s.Activation, PreActivation(s, operands, b, t, before, u));
                ApplyWeights(s, operands, b, t, before, da, dh, gradients);
            }
            for (int u = 0; u < units; u++)
                gradients.H0[(b * units) + u] += dh[u];
        }
    }

    // dx = da Kᵀ, dh = m (da Rᵀ), dK += xᵀ da, dR += (m h)ᵀ da, db += da.
    private static void ApplyWeights(
        in SimpleRNNShape s, in NaiveRecurrentOperands<T> operands, int b, int t, T[] before, T[] da, T[] dh, in NaiveRecurrentGradients<T> gradients)
    {
        int units = s.Units;
        int position = ((b * s.Steps) + s.Frame.Position(t)) * s.Features;
        for (int n = 0; n < units; n++)
        {
            gradients.Bias[n] += da[n];
            for (int k = 0; k < s.Features; k++)
            {
                gradients.X[position + k] += da[n] * operands.Kernel[(k * units) + n];
                gradients.Kernel[(k * units) + n] += operands.X[position + k] * da[n];
            }
        }
        for (int k = 0; k < units; k++)
        {
            T factor = operands.RecurrentMask.IsEmpty ? T.One : operands.RecurrentMask[(b * units) + k];
            T sum = T.Zero;
            for (int n = 0; n < units; n++)
            {
                sum += da[n] * operands.RecurrentKernel[(k * units) + n];
                gradients.RecurrentKernel[(k * units) + n] += factor * before[k] * da[n];
            }
            dh[k] = factor * sum;
        }
    }

    private static T PreActivation(in SimpleRNNShape s, in NaiveRecurrentOperands<T> operands, int b, int t, T[] before, int u)
    {
        int position = ((b * s.Steps) + s.Frame.Position(t)) * s.Features;
        T sum = operands.Bias.IsEmpty ? T.Zero : operands.Bias[u];
        for (int k = 0; k < s.Features; k++)
            sum += operands.X[position + k] * operands.Kernel[(k * s.Units) + u];
        for (int k = 0; k < s.Units; k++)
        {
            T factor = operands.RecurrentMask.IsEmpty ? T.One : operands.RecurrentMask[(b * s.Units) + k];
            sum += factor * before[k] * operands.RecurrentKernel[(k * s.Units) + u];
        }
        return sum;
    }

    private static bool IsMasked(in SimpleRNNShape s, in NaiveRecurrentOperands<T> operands, int b, int t)
        => !operands.Mask.IsEmpty && T.IsZero(operands.Mask[(b * s.Steps) + s.Frame.Position(t)]);
}
