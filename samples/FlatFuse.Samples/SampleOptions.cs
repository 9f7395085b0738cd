using FlatFuse.Models;

namespace FlatFuse.Samples;

/// <summary>What the command line asks of a sample.</summary>
/// <param name="Output">Where it prints.</param>
/// <param name="Quick">True for a short form: fewer samples, fewer epochs.</param>
/// <param name="Epochs">Replaces the sample's own number of epochs.</param>
internal sealed record SampleOptions(TextWriter Output, bool Quick = false, int? Epochs = null)
{
    /// <summary>The epochs to train: given, or 1 in the short form, or the sample's own.</summary>
    public int EpochsOr(int own) => Epochs ?? (Quick ? 1 : own);

    /// <summary>Fit options that print where the sample prints.</summary>
    public FitOptions Fit(int ownEpochs, int batchSize = 32, double validationSplit = 0) => new()
    {
        Epochs = EpochsOr(ownEpochs),
        BatchSize = batchSize,
        ValidationSplit = validationSplit,
        Verbosity = Output == Console.Out ? Verbosity.Auto : Verbosity.OneLinePerEpoch,
        Output = Output == Console.Out ? null : Output,
    };
}
