namespace FlatFuse.Samples.Systems;

/// <summary>Shows how a program that cannot work is refused.</summary>
internal static class Refusal
{
    public static void Show(TextWriter output, string what, Func<object> build)
    {
        try
        {
            build();
        }
        catch (ArgumentException refused)
        {
            output.WriteLine($"{what}, the model is refused:");
            output.WriteLine($"  {refused.Message}");
            output.WriteLine();
            return;
        }
        throw new InvalidOperationException($"{what}, the model was expected to be refused, and was built.");
    }
}
