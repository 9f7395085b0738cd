namespace FlatFuse.Training;

/// <summary>The curve whose area <see cref="AUC"/> measures.</summary>
public enum AUCCurve
{
    /// <summary>Recall over the false positive rate.</summary>
    ROC,

    /// <summary>Precision over recall.</summary>
    PR,

    /// <summary>
    /// Precision gain over recall gain, <c>1 − (P/N)·(FP/TP)</c> over <c>max(1 − (P/N)·(FN/TP), 0)</c>: comparable between data of different
    /// shares of positives. Source: Flach and Kull, 2015.
    /// </summary>
    PRGain,
}
