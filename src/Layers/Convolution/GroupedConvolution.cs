using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>A convolution in groups: equal parts of the channels, each with its own part of the filters, side by side.</summary>
internal static class GroupedConvolution
{
    /// <summary>Runs <paramref name="convolve"/> on each part and joins the results; channels and filters are the last axes.</summary>
    public static Variable Run(
        Variable x, Parameter kernel, Parameter? bias, int groups, CallContext context, Func<Variable, Variable, Variable?, Variable> convolve)
    {
        Variable whole = VariableOps.InContext(kernel, context);
        Variable? wholeBias = bias is null ? null : VariableOps.InContext(bias, context);
        int channels = x.Shape[^1] / groups, filters = kernel.Shape[^1] / groups;
        var parts = new Variable[groups];
        for (int group = 0; group < groups; group++)
        {
            Variable part = VariableOps.Slice(x, -1, group * channels, channels);
            Variable partKernel = VariableOps.Slice(whole, -1, group * filters, filters);
            Variable? partBias = wholeBias is null ? null : VariableOps.Slice(wholeBias, 0, group * filters, filters);
            parts[group] = convolve(part, partKernel, partBias);
        }
        return VariableOps.Concatenate(parts, -1);
    }
}
