using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>What every operation asks of its operands.</summary>
internal static class Operands
{
    /// <summary>The context of the first operand that has one: parameters belong to none.</summary>
    /// <exception cref="ArgumentException">Every operand is a parameter.</exception>
    public static CallContext ContextOf(string operation, params ReadOnlySpan<Variable?> operands)
    {
        foreach (Variable? operand in operands)
        {
            if (operand?.Context is { } context)
                return context;
        }
        throw new ArgumentException($"{operation}: no operand carries a context, because all are parameters; expected at least one value made in a context. Bring a parameter in with VariableOps.InContext(parameter, context).");
    }

    /// <summary>Writes the gradient of an operand through which nothing flows: zeros, or nothing to add.</summary>
    public static void WriteNothing(GradientDestination destination)
    {
        if (destination.IsNeeded && !destination.Accumulate)
            destination.Span.Clear();
    }

    /// <summary>Writes or adds <paramref name="dy"/>, element by element.</summary>
    public static void WriteCopy(Workers workers, ReadOnlySpan<float> dy, GradientDestination destination)
    {
        if (!destination.IsNeeded)
            return;
        if (destination.Accumulate)
            Elementwise.AddScaled(workers, dy, 1f, destination.Span);
        else
            dy.CopyTo(destination.Span);
    }
}
