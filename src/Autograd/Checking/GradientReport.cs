using System.Text;

namespace FlatFuse.Autograd;

/// <summary>What <see cref="GradientCheck"/> found.</summary>
public sealed class GradientReport
{
    private const int Shown = 10;

    private readonly List<GradientMismatch> _mismatches = [];

    /// <summary>Derivatives compared.</summary>
    public int Checked { get; private set; }

    /// <summary>The largest |analytic − numeric| / (1 + |numeric|).</summary>
    public double WorstError { get; private set; }

    /// <summary>Derivatives outside the tolerance, in order.</summary>
    public IReadOnlyList<GradientMismatch> Mismatches => _mismatches;

    /// <summary>True when all agree.</summary>
    public bool Passed => _mismatches.Count == 0;

    internal void Compare(string variable, string index, double analytic, double numeric, double tolerance)
    {
        Checked++;
        double error = Math.Abs(analytic - numeric) / (1.0 + Math.Abs(numeric));
        // Written so that NaN on either side is a mismatch.
        if (!(error <= tolerance))
            _mismatches.Add(new GradientMismatch(variable, index, analytic, numeric));
        WorstError = double.IsNaN(error) ? double.NaN : Math.Max(WorstError, error);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(FormattableString.Invariant($"GradientCheck: {Checked} derivatives, {_mismatches.Count} wrong, worst relative error {WorstError:G3}."));
        for (int i = 0; i < Math.Min(Shown, _mismatches.Count); i++)
            text.Append('\n').Append("  ").Append(_mismatches[i].ToString());
        if (_mismatches.Count > Shown)
            text.Append(FormattableString.Invariant($"\n  … and {_mismatches.Count - Shown} more"));
        return text.ToString();
    }
}
