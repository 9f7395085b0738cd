using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>y = (x − mean) / √(variance + ε) · γ + β</c>, with mean and biased variance of each row; a row is the last <paramref name="axes"/> axes
    /// together. Gradient, with x̂ the standardised row, s = 1/√(variance + ε) and g = dy · γ:
    /// <c>dx = s (g − mean(g) − x̂ · mean(g · x̂))</c>, <c>dγ = Σ dy · x̂</c>, <c>dβ = Σ dy</c>.
    /// </summary>
    /// <remarks>Source: Ba, Kiros, Hinton, Layer normalization, 2016.</remarks>
    /// <param name="x">Rank <paramref name="axes"/> or more.</param>
    /// <param name="gamma">γ: as many elements as a row; 1 when null.</param>
    /// <param name="beta">β: as many elements as a row; 0 when null.</param>
    /// <param name="axes">How many of the last axes make a row, at least 1.</param>
    /// <param name="epsilon">ε.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Variable LayerNormalization(Variable x, Variable? gamma, Variable? beta, int axes = 1, double epsilon = 1e-3)
        => NormalizeRows(nameof(LayerNormalization), RowStatistic.Deviation, x, gamma, beta, axes, epsilon);

    /// <summary>
    /// <c>y = x / √(mean(x²) + ε) · γ</c> for each row, the last <paramref name="axes"/> axes together. Gradient, with x̂ = s · x, s = 1/√(mean(x²) + ε) and
    /// g = dy · γ: <c>dx = s (g − x̂ · mean(g · x̂))</c>, <c>dγ = Σ dy · x̂</c>.
    /// </summary>
    /// <remarks>Source: Zhang, Sennrich, Root mean square layer normalization, 2019.</remarks>
    /// <param name="x">Rank <paramref name="axes"/> or more.</param>
    /// <param name="gamma">γ: as many elements as a row; 1 when null.</param>
    /// <param name="axes">How many of the last axes make a row, at least 1.</param>
    /// <param name="epsilon">ε.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Variable RMSNormalization(Variable x, Variable? gamma, int axes = 1, double epsilon = 1e-6)
        => NormalizeRows(nameof(RMSNormalization), RowStatistic.RootMeanSquare, x, gamma, beta: null, axes, epsilon);

    /// <summary>
    /// <c>y = x / ‖x‖</c> for each row, the last <paramref name="axes"/> axes together; a row of zeros stays zeros. Gradient:
    /// <c>dx = (dy − y · Σ dy · y) / ‖x‖</c>, 0 for a row of zeros, where the function has no derivative.
    /// </summary>
    /// <param name="x">Rank <paramref name="axes"/> or more.</param>
    /// <param name="axes">How many of the last axes make a row, at least 1.</param>
    /// <exception cref="ArgumentException">The rank is too small.</exception>
    public static Variable UnitNormalization(Variable x, int axes = 1)
        => NormalizeRows(nameof(UnitNormalization), RowStatistic.Norm, x, gamma: null, beta: null, axes, epsilon: 0);

    private static Variable NormalizeRows(string operation, RowStatistic statistic, Variable x, Variable? gamma, Variable? beta, int axes, double epsilon)
    {
        CallContext context = Operands.ContextOf(operation, x);
        if (axes < 1 || axes > x.Rank)
            Throw.Shape(operation, x.Shape, $"rank {Math.Max(axes, 1)} or more, to normalise over the last {axes} axes", "Give at least one axis, and no more than the value has.");
        int width = Shapes.Count(x.Shape[^axes..]);
        CheckRow(operation, "gamma", gamma, x, axes, width);
        CheckRow(operation, "beta", beta, x, axes, width);
        return context.Run(new RowNormalizationNode(context, statistic, x, gamma, beta, width, epsilon), x.Shape);
    }

    private static void CheckRow(string operation, string name, Variable? operand, Variable x, int axes, int width)
    {
        if (operand is not null && Shapes.Count(operand.Shape) != width)
            Throw.Operand(operation, name, operand.Shape, $"{Shapes.Format(x.Shape[^axes..])}, one number for each element of a row", "Give it the sizes of the normalised axes.");
    }
}

/// <summary>Rows brought to one size, scaled and shifted: one node for layer, root-mean-square and unit normalisation.</summary>
internal sealed class RowNormalizationNode : GradientNode
{
    private readonly RowNormalizationShape _shape;
    private readonly Operand _x;
    private readonly Operand? _gamma;
    private readonly Operand? _beta;
    private readonly int _gammaIndex;
    private readonly int _betaIndex;
    private readonly Tensor<float> _statistics;

    public RowNormalizationNode(CallContext context, RowStatistic statistic, Variable x, Variable? gamma, Variable? beta, int width, double epsilon)
        : base(context, [x, .. gamma is null ? [] : new[] { gamma }, .. beta is null ? [] : new[] { beta }])
    {
        int rows = width == 0 ? 0 : Shapes.Count(x.Shape) / width;
        _shape = new RowNormalizationShape(statistic, rows, width, epsilon);
        _x = new Operand(context, x);
        _gamma = gamma is null ? null : new Operand(context, gamma);
        _beta = beta is null ? null : new Operand(context, beta);
        _gammaIndex = gamma is null ? 0 : 1;
        _betaIndex = beta is null ? 0 : _gammaIndex + 1;
        _statistics = Keep(rows, RowNormalizationShape.StatisticsOfRow);
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default, beta = _beta is { } b ? b.Read() : default;
        RowNormalizationKernel.Forward(Workers, _shape, _x.Read(), gamma, beta, output.AsSpan(), _statistics.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default;
        GradientDestination dx = destinations[0];
        GradientDestination dgamma = _gammaIndex > 0 ? destinations[_gammaIndex] : default, dbeta = _betaIndex > 0 ? destinations[_betaIndex] : default;
        RowNormalizationKernel.Backward(
            Workers, _shape, _x.Read(), gamma, _statistics.AsSpan(), dy.AsSpan(), dx.IsNeeded ? dx.Span : default, dx.Accumulate,
            dgamma.IsNeeded ? dgamma.Span : default, dbeta.IsNeeded ? dbeta.Span : default, dgamma.Accumulate, dbeta.Accumulate);
    }
}
