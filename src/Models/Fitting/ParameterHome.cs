using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Models;

/// <summary>Gives weights their permanent place, side by side in the order of the model.</summary>
internal static class ParameterHome
{
    /// <summary>Homes the parameters that no earlier Compile has homed; the others stay where they lie.</summary>
    public static void Move(IEnumerable<Parameter> parameters)
    {
        List<Parameter> homeless = [.. parameters.Where(parameter => !parameter.IsHomed)];
        int length = 0;
        foreach (Parameter parameter in homeless)
            length = checked(length + AlignedBuffer.RoundUp(parameter.Count));
        var store = new ParameterStore(length);
        int start = 0;
        foreach (Parameter parameter in homeless)
        {
            parameter.MoveTo(store, start);
            start += AlignedBuffer.RoundUp(parameter.Count);
        }
    }
}
