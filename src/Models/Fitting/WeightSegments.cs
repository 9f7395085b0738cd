using FlatFuse.Autograd;
using FlatFuse.Kernels;
using FlatFuse.Training;

namespace FlatFuse.Models;

/// <summary>Joins homed parameters that lie side by side into the flat segments that an optimizer step passes over.</summary>
internal static class WeightSegments
{
    public static IReadOnlyList<WeightSegment> Of(ReadOnlySpan<Parameter> parameters)
    {
        var segments = new List<WeightSegment>();
        int first = 0;
        for (int i = 1; i <= parameters.Length; i++)
        {
            if (i < parameters.Length && AreNeighbours(parameters[i - 1], parameters[i]))
                continue;
            segments.Add(Join(parameters[first..i]));
            first = i;
        }
        return segments;
    }

    private static bool AreNeighbours(Parameter left, Parameter right)
        => left.Store == right.Store && right.StoreStart == left.StoreStart + AlignedBuffer.RoundUp(left.Count);

    private static WeightSegment Join(ReadOnlySpan<Parameter> parameters)
    {
        Parameter first = parameters[0], last = parameters[^1];
        int start = first.StoreStart;
        int length = last.StoreStart + last.Count - start;
        var variables = new WeightRange[parameters.Length];
        for (int i = 0; i < variables.Length; i++)
            variables[i] = new WeightRange(parameters[i].StoreStart - start, parameters[i].Count);
        return new WeightSegment(first.Store!.ValueView(start, [length]), first.Store.GradientView(start, [length]), variables);
    }
}
