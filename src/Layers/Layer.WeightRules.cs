using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

public abstract partial class Layer
{
    private const string RegularizerKey = "_regularizer";
    private const string ConstraintKey = "_constraint";
    private const string Activity = "activity";

    // By Keras's role: kernel, recurrent, bias, embeddings, gamma, …: the key in files without its ending.
    private readonly Dictionary<string, Regularizer> _regularizers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Constraint> _constraints = new(StringComparer.Ordinal);
    private readonly HashSet<string> _roles = [];
    private readonly List<WeightRule> _rules = [];

    /// <summary>Penalises the outputs: in training and evaluation each call adds the penalty, divided by the batch size, to the loss; none when null.</summary>
    public Regularizer? ActivityRegularizer
    {
        get => RegularizerOf(Activity);
        init => SetRegularizer(Activity, value);
    }

    /// <summary>The rules of the layer's own weights; weights without any are not listed.</summary>
    internal IReadOnlyList<WeightRule> WeightRules => _rules;

    /// <summary>False when a regularizer of the layer, of a weight or of its outputs, is a class from outside: it may change from epoch to epoch.</summary>
    internal bool PenaltiesCanReplay => _regularizers.Values.All(regularizer => regularizer.GetType().Assembly == typeof(Regularizer).Assembly);

    /// <summary>Adds to the training loss from within <see cref="Call"/>, with factor 1; a value of several elements counts by its sum.</summary>
    /// <param name="loss">Any shape, computed in this call.</param>
    /// <param name="context">The call's context.</param>
    protected static void AddLoss(Variable loss, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.AddLoss(loss);
    }

    /// <summary>Adds the penalties of trainable weights, those of layers inside included, to the context's losses.</summary>
    internal void AddWeightPenalties(CallContext context)
    {
        foreach (WeightRule rule in AllWeightRules())
        {
            if (rule is { Regularizer: { } regularizer, Parameter.Trainable: true })
                context.AddLoss(regularizer.Penalty(VariableOps.InContext(rule.Parameter, context)));
        }
    }

    /// <summary>The rules of the layer and of all layers inside, each layer once.</summary>
    internal IReadOnlyList<WeightRule> AllWeightRules()
    {
        var rules = new List<WeightRule>();
        Gather(this, rules, new HashSet<Layer>(ReferenceEqualityComparer.Instance));
        return rules;

        static void Gather(Layer layer, List<WeightRule> rules, HashSet<Layer> seen)
        {
            if (!seen.Add(layer))
                return;
            rules.AddRange(layer.WeightRules);
            foreach (Layer inner in layer.Sublayers)
                Gather(inner, rules, seen);
        }
    }

    /// <summary>Reads <c>*_regularizer</c> and <c>*_constraint</c>; a key that no weight of the layer answers to is refused when it is built.</summary>
    internal void ReadRules(LayerConfig config)
    {
        foreach ((string key, System.Text.Json.Nodes.JsonNode? value) in config.Json)
        {
            if (value is null)
                continue;
            if (key.EndsWith(RegularizerKey, StringComparison.Ordinal))
                SetRegularizer(key[..^RegularizerKey.Length], Regularizers.FromConfig(value));
            else if (key.EndsWith(ConstraintKey, StringComparison.Ordinal))
                SetConstraint(key[..^ConstraintKey.Length], Constraints.FromConfig(value));
        }
    }

    /// <summary>Writes what <see cref="ReadRules"/> reads.</summary>
    internal void WriteRules(LayerConfig config)
    {
        foreach (string role in _regularizers.Keys.Order(StringComparer.Ordinal))
            config.Set(role + RegularizerKey, Regularizers.ToConfig(_regularizers[role]));
        foreach (string role in _constraints.Keys.Order(StringComparer.Ordinal))
            config.Set(role + ConstraintKey, Constraints.ToConfig(_constraints[role]));
    }

    /// <summary>The regularizer of a role, for a layer's own property.</summary>
    /// <param name="role">Keras's key without <c>_regularizer</c>: kernel, recurrent, bias, …</param>
    protected Regularizer? RegularizerOf(string role) => _regularizers.GetValueOrDefault(role);

    /// <summary>Sets the regularizer of a role; before the layer is built.</summary>
    /// <param name="role">Keras's key without <c>_regularizer</c>: kernel, recurrent, bias, …</param>
    /// <param name="regularizer">Null for none.</param>
    protected void SetRegularizer(string role, Regularizer? regularizer)
    {
        if (regularizer is null)
            _regularizers.Remove(role);
        else
            _regularizers[role] = regularizer;
    }

    /// <summary>The constraint of a role, for a layer's own property.</summary>
    /// <param name="role">Keras's key without <c>_constraint</c>: kernel, recurrent, bias, …</param>
    protected Constraint? ConstraintOf(string role) => _constraints.GetValueOrDefault(role);

    /// <summary>Sets the constraint of a role; before the layer is built.</summary>
    /// <param name="role">Keras's key without <c>_constraint</c>: kernel, recurrent, bias, …</param>
    /// <param name="constraint">Null for none.</param>
    protected void SetConstraint(string role, Constraint? constraint)
    {
        if (constraint is null)
            _constraints.Remove(role);
        else
            _constraints[role] = constraint;
    }

    /// <summary>The role of a weight: <c>kernel</c> of kernel and query/kernel, <c>recurrent</c> of recurrent_kernel, otherwise its name.</summary>
    /// <param name="weight">The weight's name within the layer.</param>
    protected virtual string RoleOf(string weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        string last = weight[(weight.LastIndexOf('/') + 1)..];
        return last.EndsWith("_kernel", StringComparison.Ordinal) ? last[..^"_kernel".Length] : last;
    }

    private protected static void AddActivityLosses(Regularizer regularizer, IReadOnlyList<LayerValue> outputs, CallContext context)
    {
        foreach (LayerValue output in outputs)
        {
            // Divided by the batch size, as in Keras 3: the strength does not depend on it.
            Variable penalty = regularizer.Penalty(output.Variable);
            int batch = output.Variable.Rank > 0 ? output.Variable.Shape[0] : 1;
            context.AddLoss(batch > 1 ? penalty / (float)batch : penalty);
        }
    }

    private void AddRule(Parameter parameter)
    {
        string role = RoleOf(parameter.Name);
        _roles.Add(role);
        Regularizer? regularizer = RegularizerOf(role);
        Constraint? constraint = ConstraintOf(role);
        if (regularizer is null && constraint is null)
            return;
        constraint?.Check(parameter.Name, parameter.Shape);
        regularizer?.Check(parameter.Name, parameter.Shape);
        _rules.Add(new WeightRule(parameter, regularizer, constraint));
    }

    private void ForgetRules()
    {
        _rules.Clear();
        _roles.Clear();
    }

    // A penalty or constraint that is silently left out would train another model than the one described.
    private void CheckRules()
    {
        if (_regularizers.Count + _constraints.Count == 0)
            return;
        foreach (string role in _regularizers.Keys.Order(StringComparer.Ordinal).Concat(_constraints.Keys.Order(StringComparer.Ordinal)))
        {
            bool leftOut = role is "bias" or "gamma" or "beta";
            if (role != Activity && !leftOut && !_roles.Contains(role))
                throw ShapeError($"a regularizer or constraint is set for '{role}', but the layer has no such weight; it has {(_parameters.Count == 0 ? "none" : string.Join(", ", _parameters.Select(parameter => $"{parameter.Name} {Shapes.Format(parameter.Shape)}")))}. Leave {role}{RegularizerKey} and {role}{ConstraintKey} out.");
        }
    }
}
