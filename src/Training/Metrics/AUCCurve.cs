namespace FlatFuse.Training;

/// <summary>The curve whose area <see cref="AUC"/> measures.</summary>
public enum AUCCurve
{
    /// <summary>Recall over the false positive rate.</summary>
    ROC,

    /// <summary>Precision over recall.</summary>
    PR,
}
