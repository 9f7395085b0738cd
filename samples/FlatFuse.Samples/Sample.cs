namespace FlatFuse.Samples;

/// <summary>A program that the command line can name.</summary>
/// <param name="Name">As typed.</param>
/// <param name="Title">One line for <c>-- list</c>.</param>
/// <param name="Run">The program.</param>
internal sealed record Sample(string Name, string Title, Action<SampleOptions> Run)
{
    /// <summary>All of them; the first is what runs when nothing is named.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        new("emails", "main job: words (LSTM), characters (Conv1D) and facts (Dense) of 5,894 e-mails, fused", EmailFusion.Run),
        new("s0.1", "LSTM over words and Conv1D over characters, flattened and fused", Systems.WordsAndCharacters.Run),
        new("s0.2", "two LSTMs of different lengths and widths, fused", Systems.TwoSequences.Run),
        new("s0.3", "two Conv1D layers, flattened into Dense", Systems.StackedConvolutions.Run),
        new("s1.1", "time series and static features", Systems.SeriesAndFeatures.Run),
        new("s1.2", "flattened LSTM states and static features, five classes", Systems.FlattenedStates.Run),
        new("s1.3", "element-wise merges: Add, Average, Multiply, Maximum", Systems.ElementwiseMerges.Run),
        new("s2.1", "Dense on rank 3, Flatten, Dense: every number printed", Systems.DenseFlattenDense.Run),
        new("s2.2", "the same without Flatten", Systems.DenseWithoutFlatten.Run),
        new("s2.3", "Flatten first", Systems.FlattenFirst.Run),
        new("s2.4", "Flatten in all its forms", Systems.FlattenForms.Run),
        new("s3", "4,963,841 parameters: flattened states against the last state, four paddings", Systems.FlattenedOrLast.Run),
        new("s4.1", "a character CNN inside a Sequential with an LSTM", Systems.NestedCharacterCnn.Run),
        new("s4.2", "a Dense stack inside a Dense stack", Systems.NestedDense.Run),
        new("s4.3", "an inner model with two outputs inside a model with two inputs", Systems.NestedTwoOutputs.Run),
    ];
}
