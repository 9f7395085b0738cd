using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>
/// Softmax and cross-entropy in one pass over the logits: the loss never takes the logarithm of a rounded probability, and the gradient
/// is p − t without a division.
/// </summary>
public static unsafe class SoftmaxCrossentropy
{
    /// <summary>losses[r] = log Σ exp(logits[r, ·]) − logits[r, labels[r]].</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="logits">Logits (rows, classes).</param>
    /// <param name="labels">The true class of every row, whole numbers from 0 to classes − 1.</param>
    /// <param name="probabilities">Softmax of the logits (rows, classes), kept for <see cref="Backward"/>; may be <paramref name="logits"/> itself.</param>
    /// <param name="losses">The loss of every row.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or a label is no class.</exception>
    public static void Forward(
        Workers workers, int rows, int classes, ReadOnlySpan<float> logits, ReadOnlySpan<float> labels, Span<float> probabilities, Span<float> losses)
    {
        const string Name = "SoftmaxCrossentropy.Forward";
        CheckForward(Name, workers, rows, classes, logits, probabilities, losses);
        CheckLabels(Name, rows, classes, labels);
        fixed (float* px = logits, pl = labels, pp = probabilities, pe = losses)
            workers.Kernels.CrossentropyForward(workers, rows, classes, px, pl, pp, pe, sparse: true);
    }

    /// <summary>dlogits[r, c] = scale[r] · (probabilities[r, c] − (c = labels[r])), added when <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="probabilities">What <see cref="Forward"/> kept (rows, classes).</param>
    /// <param name="labels">The true class of every row.</param>
    /// <param name="scale">The gradient of every row's loss (rows).</param>
    /// <param name="dlogits">The gradient of the logits (rows, classes); may be <paramref name="probabilities"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dlogits"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or a label is no class.</exception>
    public static void Backward(
        Workers workers, int rows, int classes, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<float> scale, Span<float> dlogits, bool accumulate)
    {
        const string Name = "SoftmaxCrossentropy.Backward";
        CheckBackward(Name, workers, rows, classes, probabilities, scale, dlogits);
        CheckLabels(Name, rows, classes, labels);
        fixed (float* pp = probabilities, pl = labels, ps = scale, pd = dlogits)
            workers.Kernels.CrossentropyBackward(workers, rows, classes, pp, pl, ps, pd, accumulate, sparse: true);
    }

    /// <summary>losses[r] = Σ over c of targets[r, c] · (log Σ exp(logits[r, ·]) − logits[r, c]).</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="logits">Logits (rows, classes).</param>
    /// <param name="targets">One-hot or smoothed targets (rows, classes).</param>
    /// <param name="probabilities">Softmax of the logits (rows, classes), kept for <see cref="BackwardDense"/>; disjoint from the targets.</param>
    /// <param name="losses">The loss of every row.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void ForwardDense(
        Workers workers, int rows, int classes, ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> probabilities, Span<float> losses)
    {
        const string Name = "SoftmaxCrossentropy.ForwardDense";
        CheckForward(Name, workers, rows, classes, logits, probabilities, losses);
        Check.Length(Name, "targets", targets.Length, logits.Length);
        fixed (float* px = logits, pt = targets, pp = probabilities, pe = losses)
            workers.Kernels.CrossentropyForward(workers, rows, classes, px, pt, pp, pe, sparse: false);
    }

    /// <summary>dlogits[r, c] = scale[r] · (probabilities[r, c] · Σ targets[r, ·] − targets[r, c]), added when <paramref name="accumulate"/>.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Columns.</param>
    /// <param name="probabilities">What <see cref="ForwardDense"/> kept (rows, classes).</param>
    /// <param name="targets">The targets (rows, classes).</param>
    /// <param name="scale">The gradient of every row's loss (rows).</param>
    /// <param name="dlogits">The gradient of the logits (rows, classes); may be <paramref name="probabilities"/> itself.</param>
    /// <param name="accumulate">True to add to <paramref name="dlogits"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void BackwardDense(
        Workers workers, int rows, int classes, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets, ReadOnlySpan<float> scale, Span<float> dlogits, bool accumulate)
    {
        const string Name = "SoftmaxCrossentropy.BackwardDense";
        CheckBackward(Name, workers, rows, classes, probabilities, scale, dlogits);
        Check.Length(Name, "targets", targets.Length, probabilities.Length);
        fixed (float* pp = probabilities, pt = targets, ps = scale, pd = dlogits)
            workers.Kernels.CrossentropyBackward(workers, rows, classes, pp, pt, ps, pd, accumulate, sparse: false);
    }

    private static void CheckForward(
        string name, Workers workers, int rows, int classes, ReadOnlySpan<float> logits, Span<float> probabilities, Span<float> losses)
    {
        ArgumentNullException.ThrowIfNull(workers);
        SoftmaxKernel.CheckMatrix(name, "logits", rows, classes, logits.Length);
        Check.Length(name, "probabilities", probabilities.Length, logits.Length);
        Check.Length(name, "losses", losses.Length, rows);
        Check.SameOrDisjoint(name, "logits", logits, probabilities);
    }

    private static void CheckBackward(
        string name, Workers workers, int rows, int classes, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> scale, Span<float> dlogits)
    {
        ArgumentNullException.ThrowIfNull(workers);
        SoftmaxKernel.CheckMatrix(name, "probabilities", rows, classes, probabilities.Length);
        Check.Length(name, "scale", scale.Length, rows);
        Check.Length(name, "dlogits", dlogits.Length, probabilities.Length);
        Check.SameOrDisjoint(name, "probabilities", probabilities, dlogits);
    }

    private static void CheckLabels(string name, int rows, int classes, ReadOnlySpan<float> labels)
    {
        Check.Length(name, "labels", labels.Length, rows);
        int invalid = EmbeddingTable.FirstInvalidId(labels, classes);
        if (invalid >= 0)
        {
            Check.Refuse(name, string.Create(
                CultureInfo.InvariantCulture,
                $"label {labels[invalid]} of row {invalid} is no class; expected whole numbers from 0 to {classes - 1}. Number the classes from 0, or give the output more units."));
        }
    }
}
