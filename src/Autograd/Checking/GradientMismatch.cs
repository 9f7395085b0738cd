namespace FlatFuse.Autograd;

/// <summary>One derivative on which backward and measurement disagree.</summary>
/// <param name="Variable">Which input: its number, or a parameter's name.</param>
/// <param name="Index">Which element, for example <c>(0, 2)</c>.</param>
/// <param name="Analytic">What backward computed.</param>
/// <param name="Numeric">What the differences say.</param>
public readonly record struct GradientMismatch(string Variable, string Index, double Analytic, double Numeric)
{
    /// <inheritdoc/>
    public override string ToString()
        => FormattableString.Invariant($"{Variable}{Index}: backward says {Analytic:G7}, four-point difference says {Numeric:G7}");
}
