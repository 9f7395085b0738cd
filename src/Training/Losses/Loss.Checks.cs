using System.Globalization;
using FlatFuse.Tensors;

namespace FlatFuse.Training;

public abstract partial class Loss
{
    /// <summary>
    /// Checks the targets of a whole data set before the first step: shape, then values (finite; class numbers whole and in range;
    /// whatever else the loss needs). Labels are never broadcast silently.
    /// </summary>
    /// <param name="yTrue">All targets, first axis samples; any layout.</param>
    /// <param name="outputShape">The output's shape with its batch axis, null where an axis is not known.</param>
    /// <param name="output">What the targets belong to, for the message: for example <c>output 'score'</c>.</param>
    /// <exception cref="ArgumentException">The targets do not fit; the message says which, where and what to do.</exception>
    public void CheckTargets(Tensor<float> yTrue, ReadOnlySpan<int?> outputShape, string output = "the output")
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        var prediction = new int[outputShape.Length];
        for (int axis = 0; axis < prediction.Length; axis++)
            prediction[axis] = axis == 0 && yTrue.Rank > 0 ? yTrue.Shape[0] : outputShape[axis] ?? -1;
        CheckShapes(yTrue.Shape, prediction, output);
        ReadOnlySpan<float> values = yTrue.IsContiguous ? yTrue.AsSpan() : yTrue.Clone().AsSpan();
        int bad = FirstNotFinite(values);
        if (bad >= 0)
            throw BadTarget(yTrue.Shape, bad, Spell(values[bad]), "finite numbers", "Clean the data first: such a target would make every weight NaN", output);
        CheckValues(values, yTrue.Shape, LossShape.Columns(prediction), output);
    }

    /// <summary>Checks the weights of a whole data set: one an entry, finite.</summary>
    /// <param name="sampleWeight">All weights, first axis samples.</param>
    /// <param name="outputShape">The output's shape with its batch axis.</param>
    /// <param name="output">What the weights belong to, for the message.</param>
    /// <exception cref="ArgumentException">The weights do not fit.</exception>
    public void CheckSampleWeights(Tensor<float> sampleWeight, ReadOnlySpan<int?> outputShape, string output = "the output")
    {
        ArgumentNullException.ThrowIfNull(sampleWeight);
        var prediction = new int[outputShape.Length];
        for (int axis = 0; axis < prediction.Length; axis++)
            prediction[axis] = axis == 0 && sampleWeight.Rank > 0 ? sampleWeight.Shape[0] : outputShape[axis] ?? 1;
        _ = LossShape.WeightIndex($"Loss {Name} of {output}", sampleWeight.Shape, LossShape.Entries(prediction));
        ReadOnlySpan<float> values = sampleWeight.IsContiguous ? sampleWeight.AsSpan() : sampleWeight.Clone().AsSpan();
        int bad = FirstNotFinite(values);
        if (bad >= 0)
            throw new ArgumentException($"Loss {Name} of {output}: sample weight {bad} is {Spell(values[bad])}; expected finite numbers.", nameof(sampleWeight));
    }

    /// <summary>What the loss asks of the values beyond being finite; <see cref="BadTarget"/> makes the exception.</summary>
    /// <param name="values">All targets.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="columns">Size of the output's last axis; −1 when not known.</param>
    /// <param name="output">What they belong to.</param>
    protected internal virtual void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
    {
    }

    /// <summary>What the loss asks of the output's shape alone, for example more than one class.</summary>
    /// <param name="prediction">The output's shape, −1 where an axis is not known.</param>
    /// <param name="output">What the message calls it.</param>
    protected internal virtual void CheckOutput(ReadOnlySpan<int> prediction, string output)
    {
    }

    /// <summary>Compares the shapes of targets and predictions.</summary>
    internal void CheckShapes(ReadOnlySpan<int> target, ReadOnlySpan<int> prediction, string output = "the output")
    {
        CheckOutput(prediction, output);
        ReadOnlySpan<int> expected = TakesClassNumbers ? LossShape.Entries(prediction) : prediction;
        if (LossShape.SameUpToLastOne(target, expected))
            return;
        string advice = TakesClassNumbers && LossShape.SameUpToLastOne(target, prediction)
            ? " One-hot targets belong to CategoricalCrossentropy; this loss takes one class number an entry."
            : !TakesClassNumbers && LossShape.SameUpToLastOne(target, LossShape.Entries(prediction))
                ? " Class numbers belong to SparseCategoricalCrossentropy."
                : " Give targets in that shape, or change the units of the last layer.";
        throw new ArgumentException($"Loss {Name}: the target has shape {Shapes.Format(target)}, {output} has {Format(prediction)}; expected a target of shape {Format(expected)}. Labels are never broadcast.{advice}", "yTrue");
    }

    /// <summary>The exception for one bad target.</summary>
    /// <param name="shape">The targets' shape.</param>
    /// <param name="index">Row-major position of the bad one.</param>
    /// <param name="found">How to spell it.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="advice">What to do next, without a full stop.</param>
    /// <param name="output">What the targets belong to.</param>
    protected internal ArgumentException BadTarget(ReadOnlySpan<int> shape, int index, string found, string expected, string advice, string output)
    {
        var position = new int[shape.Length];
        int rest = index;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            position[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return new ArgumentException($"Loss {Name} of {output}: the target at {Shapes.Format(position)} is {found}; expected {expected}. {advice}.", "yTrue");
    }

    /// <summary>Spells a number for a message: shortest form, no culture.</summary>
    /// <param name="value">A target.</param>
    protected internal static string Spell(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }
        return -1;
    }

    private static string Format(ReadOnlySpan<int> shape)
        => shape.Contains(-1) ? Shapes.Format(shape).Replace("-1", "None", StringComparison.Ordinal) : Shapes.Format(shape);
}
