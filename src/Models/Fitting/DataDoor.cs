using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>
/// The door of fit, evaluate and predict: arrays come in as any element type, leave as float32, and everything that can be
/// found wrong with them is found here, before the first step.
/// </summary>
internal static class DataDoor
{
    /// <summary>Checks and converts the inputs of <paramref name="model"/>.</summary>
    public static Tensor<float>[] Inputs(Model model, IReadOnlyList<Tensor> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        model.CheckInputCount(x.Count);
        var inputs = new Tensor<float>[x.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            model.CheckSamples(i, x[i].Shape);
            inputs[i] = ConvertInput(model, i, x[i], room: null);
        }
        CheckInputs(model, inputs);
        return inputs;
    }

    /// <summary>One input whose shape was checked, as contiguous float32: itself, or converted into <paramref name="room"/> where it fits, or into new memory.</summary>
    public static Tensor<float> ConvertInput(Model model, int index, Tensor x, Tensor<float>? room)
    {
        if (x is Tensor<float> { IsContiguous: true } same)
            return same;
        if (room is null || !room.Shape.SequenceEqual(x.Shape))
            return Convert(x, Describe(model, index));
        try
        {
            x.ToFloat(room.AsSpan());
            return room;
        }
        catch (ArgumentException inexact)
        {
            throw Unreadable(Describe(model, index), inexact);
        }
    }

    /// <summary>As many samples in every input, at least one, and ids that their readers know.</summary>
    public static void CheckInputs(Model model, ReadOnlySpan<Tensor<float>> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Shape[0] != inputs[0].Shape[0])
                throw new ArgumentException($"Model '{model.Name}': {Describe(model, 0)} has {inputs[0].Shape[0]} samples, {Describe(model, i)} has {inputs[i].Shape[0]}; expected as many in every array.", "x");
            CheckWholeNumbers(model, i, inputs[i]);
        }
        if (inputs[0].Shape[0] == 0)
            throw new ArgumentException($"Model '{model.Name}': the data hold 0 samples; expected at least one.", "x");
    }

    /// <summary>Checks and converts the targets that belong to <paramref name="samples"/> samples.</summary>
    public static IReadOnlyList<Tensor<float>> Targets(Model model, IReadOnlyList<Loss> losses, IReadOnlyList<Tensor> y, int samples)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (y.Count != losses.Count)
            throw new ArgumentException($"Model '{model.Name}' has {Count(losses.Count, "output")} ({string.Join(", ", model.OutputNames)}); received {Count(y.Count, "target array")}.", nameof(y));
        var targets = new Tensor<float>[y.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            string where = $"target of output '{model.OutputNames[i]}'";
            if (y[i].Rank == 0 || y[i].Shape[0] != samples)
                throw new ArgumentException($"Model '{model.Name}': the inputs have {samples} samples, the {where} has shape {Shapes.Format(y[i].Shape)}; expected {samples} targets.", nameof(y));
            targets[i] = Convert(y[i], where);
            losses[i].CheckTargets(targets[i], [.. model.Outputs[i].Shape], $"output '{model.OutputNames[i]}'");
        }
        return targets;
    }

    /// <summary>Checks weights of samples against their number; one entry serves every output.</summary>
    public static Tensor<float>?[] SampleWeights(Model model, IReadOnlyList<Loss> losses, IReadOnlyList<Tensor<float>?>? weights, int samples)
    {
        int outputs = losses.Count;
        var checkedWeights = new Tensor<float>?[outputs];
        if (weights is null)
            return checkedWeights;
        if (weights.Count != 1 && weights.Count != outputs)
            throw new ArgumentException($"Model '{model.Name}' has {Count(outputs, "output")} ({string.Join(", ", model.OutputNames)}); received {Count(weights.Count, "sample weight array")}. Give one for all outputs, or one an output (null for none).", nameof(weights));
        for (int i = 0; i < outputs; i++)
        {
            if (weights[weights.Count == 1 ? 0 : i] is not { } given)
                continue;
            if (given.Rank == 0 || given.Shape[0] != samples)
                throw new ArgumentException($"Model '{model.Name}': the data have {samples} samples, the sample weights of output '{model.OutputNames[i]}' shape {Shapes.Format(given.Shape)}; expected ({samples},).", nameof(weights));
            checkedWeights[i] = Contiguous(given);
            losses[i].CheckSampleWeights(checkedWeights[i]!, [.. model.Outputs[i].Shape], $"output '{model.OutputNames[i]}'");
        }
        return checkedWeights;
    }

    /// <summary>Multiplies each sample's weight by its class's.</summary>
    public static SampleSet WithClassWeights(Model model, SampleSet samples, IReadOnlyDictionary<int, double>? classWeight)
    {
        if (classWeight is null)
            return samples;
        if (samples.Targets.Length != 1)
            throw new ArgumentException($"Model '{model.Name}' has {samples.Targets.Length} outputs: class weights need one output; give SampleWeights instead.", nameof(classWeight));
        if (samples.Weights[0] is { } given && given.Count != samples.Count)
            throw new ArgumentException($"Model '{model.Name}': class weights go with sample weights of shape ({samples.Count},), one a sample; received {Shapes.Format(given.Shape)}.", nameof(classWeight));
        CheckOneLabelASample(model, samples.Targets[0]);
        return samples.Weighted([ClassWeights(classWeight, samples.Targets[0], samples.Weights[0])]);
    }

    /// <summary>A weight a sample, by its label: the class number, rounded to the nearest, or the arg max of a one-hot row.</summary>
    public static Tensor<float> ClassWeights(IReadOnlyDictionary<int, double> classWeight, Tensor<float> targets, Tensor<float>? sampleWeight)
    {
        int samples = targets.Shape[0];
        int width = targets.Count / samples;
        ReadOnlySpan<float> values = targets.AsSpan();
        Tensor<float> weights = Tensor.Zeros<float>(samples);
        for (int i = 0; i < samples; i++)
        {
            ReadOnlySpan<float> row = values.Slice(i * width, width);
            int label = width == 1 ? (int)MathF.Round(row[0]) : ArgMax.Of(row);
            double weight = classWeight.TryGetValue(label, out double given) ? given : 1;
            weights[i] = (float)(weight * (sampleWeight is null ? 1 : sampleWeight.AsSpan()[i]));
        }
        return weights;
    }

    // A class weight multiplies a whole sample: with several labels it would be that of any one of them.
    private static void CheckOneLabelASample(Model model, Tensor<float> targets)
    {
        SymbolicShape output = model.Outputs[0].Shape;
        bool isNumber = model.CompileSettings!.Losses[0].TakesClassNumbers || output.Rank < 2;
        int width = targets.Count / targets.Shape[0];
        int columns = isNumber ? 1 : output[-1] ?? targets.Shape[^1];
        if (width != columns)
            throw SeveralLabels($"the targets have shape {Shapes.Format(targets.Shape)}, {width / columns} labels a sample");
        ReadOnlySpan<float> values = targets.AsSpan();
        for (int i = 0; columns > 1 && i < values.Length; i += columns)
        {
            int labels = 0;
            foreach (float share in values.Slice(i, columns))
                labels += share > 0.5f ? 1 : 0;
            if (labels > 1)
                throw SeveralLabels($"the target of sample {i / columns} has {labels} labels");
        }

        ArgumentException SeveralLabels(string found)
            => new($"Model '{model.Name}': ClassWeight needs one label a sample, a class number or a one-hot row; {found}. Leave ClassWeight out and give SampleWeight instead.", "classWeight");
    }

    private static void CheckWholeNumbers(Model model, int index, Tensor<float> values)
    {
        SymbolicTensor input = model.Graph.InputTensors[index];
        Embedding? reader = SmallestReader(model, index);
        if (input.DType != DType.Int32 && reader is null)
            return;
        ReadOnlySpan<float> ids = values.AsSpan();
        for (int i = 0; i < ids.Length; i++)
        {
            float id = ids[i];
            if (id != MathF.Truncate(id) || !float.IsFinite(id))
                throw new ArgumentException($"Input '{input.Layer.Name}' takes whole numbers; received {id} in sample {i / (ids.Length / values.Shape[0])}.");
            if (reader is not null && (id < 0 || id >= reader.InputDim))
                throw new ArgumentException($"Input '{input.Layer.Name}': id {id} in sample {i / (ids.Length / values.Shape[0])} is outside the vocabulary of {reader.InputDim} of layer '{reader.Name}'; valid ids are 0 … {reader.InputDim - 1}.");
        }
    }

    /// <summary>The Embedding with the smallest vocabulary that reads an input directly, also inside nested models; or null.</summary>
    private static Embedding? SmallestReader(Model model, int input)
    {
        Embedding? smallest = null;
        foreach (GraphNode node in model.Graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (node.Inputs[i].Node != model.Graph.InputNodes[input])
                    continue;
                Embedding? reader = node.Layer as Embedding ?? (node.Layer is Model inner ? SmallestReader(inner, i) : null);
                if (reader is not null && !(smallest?.InputDim <= reader.InputDim))
                    smallest = reader;
            }
        }
        return smallest;
    }

    private static Tensor<float> Convert(Tensor tensor, string where)
    {
        try
        {
            return Contiguous(tensor.ToFloat());
        }
        catch (ArgumentException inexact)
        {
            throw Unreadable(where, inexact);
        }
    }

    private static ArgumentException Unreadable(string where, ArgumentException inexact)
        => new($"The {where} cannot be read as float32: {inexact.Message}", inexact);

    private static string Describe(Model model, int index) => $"input '{model.Graph.InputTensors[index].Layer.Name}'";

    private static Tensor<float> Contiguous(Tensor<float> tensor) => tensor.IsContiguous ? tensor : tensor.Clone();

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
