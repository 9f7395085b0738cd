using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>
/// Runs one step again, eagerly and in memory of its own, and looks layer by layer where the first number that is not finite appears: forward
/// from the inputs, then backward from the loss.
/// </summary>
internal sealed class NonFiniteSearch : ICallObserver
{
    private readonly List<string> _path = [];
    private readonly List<(string Path, Variable Output)> _computed = [];
    private readonly HashSet<Variable> _seen = new(ReferenceEqualityComparer.Instance);

    private NonFiniteSearch()
    {
    }

    /// <summary>Says in words where the trouble begins.</summary>
    /// <param name="compiled">The model in training.</param>
    /// <param name="plan">The step, with its batch still in place.</param>
    public static string Run(CompiledModel compiled, StepPlan plan) => new NonFiniteSearch().Search(compiled, plan);

    /// <inheritdoc/>
    public void Entered(string scope) => _path.Add(scope);

    /// <summary>A layer's output; a model's is that of a layer in it, which was heard first.</summary>
    /// <param name="output">The output.</param>
    public void Computed(Variable output)
    {
        if (_seen.Add(output))
            _computed.Add((string.Join('/', _path.Where(scope => scope != SubclassedModel.BodyScope)), output));
    }

    /// <inheritdoc/>
    public void Left() => _path.RemoveAt(_path.Count - 1);

    private string Search(CompiledModel compiled, StepPlan plan)
    {
        Model model = compiled.Model;
        for (int i = 0; i < plan.Inputs.Length; i++)
        {
            if (!IsFinite(compiled, plan.Inputs[i]))
                return $"the data of input '{model.InputNames[i]}' are not finite";
        }
        for (int i = 0; i < plan.Targets.Length; i++)
        {
            if (!IsFinite(compiled, plan.Targets[i]) || (plan.Weights[i] is { } weights && !IsFinite(compiled, weights)))
                return $"the targets or sample weights of output '{model.OutputNames[i]}' are not finite";
        }
        return Compute(compiled, plan);
    }

    private string Compute(CompiledModel compiled, StepPlan plan)
    {
        Model model = compiled.Model;
        var context = new CallContext(allocator: null, compiled.Workers, model.Seed, training: true) { Step = compiled.Step, Observer = this };
        var inputs = new LayerValue[plan.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = context.Constant(plan.Inputs[i]);
        IReadOnlyList<LayerValue> outputs = model.Run(inputs, context);
        foreach ((string path, Variable output) in _computed)
        {
            if (!IsFinite(compiled, output.Value))
                return $"the output of layer '{path}' is not finite";
        }
        List<Variable> roots = [];
        List<Tensor<float>> seeds = [];
        for (int i = 0; i < outputs.Count; i++)
        {
            Variable loss = compiled.Losses[i].Compute(plan.Targets[i], outputs[i].Variable, plan.Weights[i], outputs[i].Mask);
            if (!IsFinite(compiled, loss.Value))
                return $"the loss {compiled.Losses[i].Name} of output '{model.OutputNames[i]}' is not finite, though every layer's output is";
            if (!loss.RequiresGradient)
                continue;
            roots.Add(loss);
            seeds.Add(Tensor.From([(float)compiled.LossWeights[i]]).Reshape());
        }
        model.AddWeightPenalties(context);
        foreach (Variable penalty in context.Losses)
        {
            if (!IsFinite(compiled, penalty.Value))
                return "a penalty or an added loss is not finite, though every layer's output is";
            if (!penalty.RequiresGradient)
                continue;
            roots.Add(penalty);
            seeds.Add(Tensor.From([1f]).Reshape());
        }
        BackwardPass.Plan(roots, seeds).Run();
        return FirstGradient(compiled) ?? "a gradient is not finite";
    }

    // From the loss towards the inputs: a layer's own weights come before what it passes on.
    private string? FirstGradient(CompiledModel compiled)
    {
        for (int i = _computed.Count - 1; i >= 0; i--)
        {
            (string path, Variable output) = _computed[i];
            if (output.Gradient is { } gradient && !IsFinite(compiled, gradient))
                return $"the gradient at the output of layer '{path}' is not finite, though every layer's output is";
            foreach (NamedWeight weight in compiled.Model.Weights)
            {
                if (weight.Path == $"{path}/{weight.Parameter.Name}" && weight.Parameter is { Trainable: true, Gradient: { } own } && !IsFinite(compiled, own))
                    return $"the gradient of weight '{weight.Path}' of layer '{path}' is not finite, though every layer's output is";
            }
        }
        return null;
    }

    private static bool IsFinite(CompiledModel compiled, Tensor<float> tensor)
        => Reductions.AllFinite(compiled.Workers, tensor.IsContiguous ? tensor.AsSpan() : tensor.Clone().AsSpan());
}
