using System.Runtime.CompilerServices;
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

/// <summary>By what a row is divided.</summary>
internal enum RowStatistic
{
    /// <summary>The standard deviation, after the mean is taken off.</summary>
    Deviation,

    /// <summary>The root of the mean square.</summary>
    RootMeanSquare,

    /// <summary>The Euclidean length.</summary>
    Norm,
}

/// <summary>
/// Rows brought to one size, scaled and shifted: one node for layer, root-mean-square and unit normalisation. Statistics are kept in double,
/// so that a row far from 0 keeps its digits.
/// </summary>
internal sealed class RowNormalizationNode : GradientNode
{
    // Keras's bound of 1/‖x‖: only a row of zeros (or of denormals) reaches it.
    private const double LargestScale = 1e12;

    private readonly RowStatistic _statistic;
    private readonly double _epsilon;
    private readonly int _width;
    private readonly Operand _x;
    private readonly Operand? _gamma;
    private readonly Operand? _beta;
    private readonly int _gammaIndex;
    private readonly int _betaIndex;
    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double[] _gammaSums;
    private readonly double[] _betaSums;

    public RowNormalizationNode(CallContext context, RowStatistic statistic, Variable x, Variable? gamma, Variable? beta, int width, double epsilon)
        : base(context, [x, .. gamma is null ? [] : new[] { gamma }, .. beta is null ? [] : new[] { beta }])
    {
        _statistic = statistic;
        _epsilon = epsilon;
        _width = width;
        _x = new Operand(context, x);
        _gamma = gamma is null ? null : new Operand(context, gamma);
        _beta = beta is null ? null : new Operand(context, beta);
        _gammaIndex = gamma is null ? 0 : 1;
        _betaIndex = beta is null ? 0 : _gammaIndex + 1;
        int rows = width == 0 ? 0 : Shapes.Count(x.Shape) / width;
        _means = new double[rows];
        _scales = new double[rows];
        _gammaSums = KeepsHistory && gamma is not null ? new double[width] : [];
        _betaSums = KeepsHistory && beta is not null ? new double[width] : [];
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default, beta = _beta is { } b ? b.Read() : default;
        Span<float> y = output.AsSpan();
        for (int row = 0, start = 0; row < _scales.Length; row++, start += _width)
        {
            Measure(row, x.Slice(start, _width));
            Write(x.Slice(start, _width), _means[row], _scales[row], gamma, beta, y.Slice(start, _width));
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> x = _x.Read(), from = dy.AsSpan();
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default;
        GradientDestination dgamma = _gammaIndex > 0 ? destinations[_gammaIndex] : default, dbeta = _betaIndex > 0 ? destinations[_betaIndex] : default;
        Array.Clear(_gammaSums);
        Array.Clear(_betaSums);
        for (int row = 0, start = 0; row < _scales.Length; row++, start += _width)
        {
            ReadOnlySpan<float> xRow = x.Slice(start, _width), dyRow = from.Slice(start, _width);
            if (dgamma.IsNeeded)
                AddProducts(dyRow, xRow, _means[row], _scales[row], _gammaSums);
            if (dbeta.IsNeeded)
                AddRow(dyRow, _betaSums);
            if (destinations[0].IsNeeded)
                InputGradient(row, xRow, gamma, dyRow, destinations[0].Span.Slice(start, _width), destinations[0].Accumulate);
        }
        WriteSums(_gammaSums, dgamma);
        WriteSums(_betaSums, dbeta);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(int row, ReadOnlySpan<float> x)
    {
        double mean = 0, squares = 0;
        if (_statistic == RowStatistic.Deviation)
        {
            foreach (float value in x)
                mean += value;
            mean /= x.Length;
        }
        // The deviations from the mean, not the squares less the mean's: those would cancel.
        foreach (float value in x)
            squares += (value - mean) * (value - mean);
        _means[row] = mean;
        _scales[row] = _statistic == RowStatistic.Norm
            ? Math.Min(1 / Math.Sqrt(squares), LargestScale)
            : 1 / Math.Sqrt((squares / x.Length) + _epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(ReadOnlySpan<float> x, double mean, double scale, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double value = (x[i] - mean) * scale;
            if (!gamma.IsEmpty)
                value *= gamma[i];
            if (!beta.IsEmpty)
                value += beta[i];
            y[i] = (float)value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InputGradient(int row, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        double mean = _means[row], scale = _scales[row], sum = 0, projection = 0;
        if (_statistic == RowStatistic.Norm && scale == LargestScale)
        {
            if (!accumulate)
                dx.Clear();
            return;
        }
        for (int i = 0; i < dy.Length; i++)
        {
            double g = gamma.IsEmpty ? dy[i] : dy[i] * (double)gamma[i];
            sum += g;
            projection += g * (x[i] - mean) * scale;
        }
        sum = _statistic == RowStatistic.Deviation ? sum / dy.Length : 0;
        projection = _statistic == RowStatistic.Norm ? projection : projection / dy.Length;
        for (int i = 0; i < dx.Length; i++)
        {
            double g = gamma.IsEmpty ? dy[i] : dy[i] * (double)gamma[i];
            float value = (float)(scale * (g - sum - ((x[i] - mean) * scale * projection)));
            dx[i] = accumulate ? dx[i] + value : value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, double mean, double scale, double[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += dy[i] * (x[i] - mean) * scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(ReadOnlySpan<float> dy, double[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += dy[i];
    }

    private static void WriteSums(double[] sums, GradientDestination destination)
    {
        if (!destination.IsNeeded)
            return;
        Span<float> gradient = destination.Span;
        for (int i = 0; i < sums.Length; i++)
            gradient[i] = destination.Accumulate ? gradient[i] + (float)sums[i] : (float)sums[i];
    }
}
