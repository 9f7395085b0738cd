using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>Dropout of recurrent layers: one mask a sequence, the same at every step (Gal and Ghahramani, 2016).</summary>
internal static class SequenceDropout
{
    /// <summary>The sequence with features dropped in training.</summary>
    public static Variable OnInput(Variable x, double rate, CallContext context)
        => context.Training && rate > 0 ? VariableOps.Dropout(x, rate, context.DrawKey(), [x.Shape[0], 1, x.Shape[2]]) : x;

    /// <summary>The factors of the state on its way into the products, or null when nothing is dropped.</summary>
    public static Variable? StateMask(int batch, int units, double rate, CallContext context)
    {
        if (!context.Training || rate == 0)
            return null;
        return VariableOps.Dropout(Filled.With(1f, context, batch, units), rate, context.DrawKey());
    }
}
