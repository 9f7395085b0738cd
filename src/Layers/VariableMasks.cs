using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mask that a value carries between layers that are called in own code: in the Call of a <c>SubclassedModel</c>, of an own layer or of a
/// <see cref="Lambda"/>. Layers read it, and set it on what they return, as they pass it on in a graph; operators and
/// <see cref="VariableOps"/> drop it. Source: Keras 3, <c>_keras_mask</c>.
/// </summary>
public static class VariableMasks
{
    extension(Variable variable)
    {
        /// <summary>(batch, steps) of 1 and 0, 0 where a step is padding; null when all are real. To be set on values computed here, not on those given.</summary>
        public Variable? Mask
        {
            get => variable.Companion;
            set => variable.Companion = value;
        }
    }
}
