namespace FlatFuse.Autograd;

/// <summary>The operands of a recurrent operation with one state; null where there is none.</summary>
internal readonly record struct RecurrentVariables(
    Variable X, Variable Kernel, Variable RecurrentKernel, Variable? Bias, Variable? H0, Variable? Mask, Variable? RecurrentMask)
{
    /// <summary>Those that there are, in this order.</summary>
    public Variable[] Present()
    {
        var present = new List<Variable>(7);
        foreach (Variable? operand in (ReadOnlySpan<Variable?>)[X, Kernel, RecurrentKernel, Bias, H0, Mask, RecurrentMask])
        {
            if (operand is not null)
                present.Add(operand);
        }
        return [.. present];
    }
}
