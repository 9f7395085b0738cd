namespace FlatFuse.Models;

/// <summary>Which numbers of a monitored key are the better ones.</summary>
public enum MonitorMode
{
    /// <summary>Smaller for losses, what <see cref="Training.Metric.GreaterIsBetter"/> says for metrics.</summary>
    Auto,

    /// <summary>Smaller ones.</summary>
    Min,

    /// <summary>Greater ones.</summary>
    Max,
}
