using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>Checks that losses and metrics over classes share.</summary>
internal static class ClassTargets
{
    /// <summary>A softmax over one class is always 1: refuse it before anybody waits for it to learn.</summary>
    public static void CheckOutput(Loss loss, ReadOnlySpan<int> prediction, string output)
    {
        if (LossShape.Columns(prediction) == 1)
            throw new ArgumentException($"Loss {loss.Name}: {output} has shape {Shapes.Format(prediction)}, one class; expected (batch, …, classes) with more than one. Use BinaryCrossentropy for one sigmoid output.", "yPred");
    }

    /// <summary>Class numbers are whole, from 0, below the number of classes; <paramref name="ignored"/> is allowed wherever it stands.</summary>
    public static void CheckLabels(Loss loss, ReadOnlySpan<float> labels, ReadOnlySpan<int> shape, int classes, int? ignored, string output)
    {
        int bad = FirstBad(labels, classes, ignored);
        if (bad < 0)
            return;
        string range = classes > 0 ? $"a whole number from 0 to {classes - 1} ({classes} classes)" : "a whole number from 0";
        string advice = "Number the classes from 0, widen the last layer, or set IgnoreClass for labels that mean nothing";
        throw loss.BadTarget(shape, bad, $"class {Loss.Spell(labels[bad])}", range, advice, output);
    }

    private static int FirstBad(ReadOnlySpan<float> labels, int classes, int? ignored)
    {
        float limit = classes > 0 ? classes : float.PositiveInfinity;
        for (int i = 0; i < labels.Length; i++)
        {
            float label = labels[i];
            if (!(label >= 0f && label < limit && label == MathF.Truncate(label)) && label != ignored)
                return i;
        }
        return -1;
    }
}
