namespace FlatFuse.Models;

/// <summary>What Fit and Evaluate print.</summary>
public enum Verbosity
{
    /// <summary>A progress bar on an interactive console, one line an epoch when the output goes to a file.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>A progress bar, rewritten in place.</summary>
    ProgressBar,

    /// <summary>One line an epoch.</summary>
    OneLinePerEpoch,
}
