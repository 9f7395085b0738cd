using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>y = (x − mean) / √(variance + ε) · γ + β</c> for each index of one axis. With batch statistics, mean and biased variance are those of x
    /// over all other axes, and each run moves <c>moving = moving · momentum + batch · (1 − momentum)</c>, in place; otherwise they are the
    /// moving ones. Gradient with batch statistics, s = 1/√(variance + ε), x̂ the standardised value, n the number of entries:
    /// <c>dx = γ s (dy − (Σ dy + x̂ · Σ dy · x̂) / n)</c>; without: <c>dx = γ s dy</c>; <c>dγ = Σ dy · x̂</c>, <c>dβ = Σ dy</c>.
    /// </summary>
    /// <remarks>Source: Ioffe, Szegedy, Batch normalization, 2015; Keras 3 for the moving variance, which is the biased one.</remarks>
    /// <param name="x">Rank 2 or more.</param>
    /// <param name="gamma">γ: (channels), or null for 1.</param>
    /// <param name="beta">β: (channels), or null for 0.</param>
    /// <param name="movingMean">(channels); state, not part of the graph.</param>
    /// <param name="movingVariance">(channels); state, not part of the graph.</param>
    /// <param name="options">Axis, momentum, ε, and whether batch statistics are used.</param>
    /// <param name="mask">1 where an entry counts for the statistics, 0 where it is padding; its axes are the first ones of x. All count when null.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Variable BatchNormalization(
        Variable x, Variable? gamma, Variable? beta, Parameter movingMean, Parameter movingVariance, BatchNormalizationOptions options, Variable? mask = null)
    {
        CallContext context = Operands.ContextOf(nameof(BatchNormalization), x);
        int axis = Shapes.NormalizeAxis(options.Axis, x.Rank);
        int channels = x.Shape[axis];
        foreach (Variable? operand in new[] { gamma, beta, movingMean, movingVariance })
        {
            if (operand is not null && (operand.Rank != 1 || operand.Shape[0] != channels))
                Throw.Operand(nameof(BatchNormalization), operand.ToString() ?? "operand", operand.Shape, $"({channels},), one number for each index of axis {axis}", "Check the axis.");
        }
        if (mask is not null && (mask.Rank > x.Rank || !mask.Shape.SequenceEqual(x.Shape[..mask.Rank])))
            Throw.Pair(nameof(BatchNormalization), "the mask does not lie over x", x.Shape, mask.Shape, "a mask whose axes are the first ones of x", "Check the mask.");
        var node = new BatchNormalizationNode(context, x, gamma, beta, (movingMean, movingVariance), options with { Axis = axis }, mask);
        return context.Run(node, x.Shape);
    }
}

/// <summary>Passes over a value seen as (outer, channels, inner); what each channel needs is worked out between them, in double.</summary>
internal sealed class BatchNormalizationNode : GradientNode
{
    // A batch of padding alone counts that much, as in Keras: its mean and variance are 0.
    private const double LeastMaskedCount = 1e-7;

    private readonly BatchNormalizationOptions _options;
    private readonly Parameter _movingMean;
    private readonly Parameter _movingVariance;
    private readonly Operand _x;
    private readonly Operand? _gamma;
    private readonly Operand? _beta;
    private readonly Operand? _mask;
    private readonly int _gammaIndex;
    private readonly int _betaIndex;
    private readonly ChannelLayout _layout;
    private readonly Tensor<float>? _weights;
    private readonly double[] _counts;
    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double[] _sums;
    private readonly double[] _projections;
    private readonly float[] _centres;
    private readonly float[] _factors;
    private readonly float[] _slopes;
    private readonly float[] _levels;

    public BatchNormalizationNode(
        CallContext context, Variable x, Variable? gamma, Variable? beta, (Parameter Mean, Parameter Variance) moving, BatchNormalizationOptions options, Variable? mask)
        : base(context, [x, .. gamma is null ? [] : new[] { gamma }, .. beta is null ? [] : new[] { beta }])
    {
        _options = options;
        (_movingMean, _movingVariance) = moving;
        _x = new Operand(context, x);
        _gamma = gamma is null ? null : new Operand(context, gamma);
        _beta = beta is null ? null : new Operand(context, beta);
        _mask = mask is null ? null : new Operand(context, mask);
        _weights = mask is null || !options.UseBatchStatistics ? null : Keep(x.Shape);
        _gammaIndex = gamma is null ? 0 : 1;
        _betaIndex = beta is null ? 0 : _gammaIndex + 1;
        int channels = x.Shape[options.Axis];
        _layout = new ChannelLayout(Shapes.Count(x.Shape[..options.Axis]), channels, Shapes.Count(x.Shape[(options.Axis + 1)..]));
        _counts = new double[channels];
        _means = new double[channels];
        _scales = new double[channels];
        _sums = new double[channels];
        _projections = new double[channels];
        _centres = new float[channels];
        _factors = new float[channels];
        _slopes = new float[channels];
        _levels = new float[channels];
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        if (_options.UseBatchStatistics)
            MeasureBatch(x);
        else
            UseMoving();
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default, beta = _beta is { } b ? b.Read() : default;
        for (int c = 0; c < _centres.Length; c++)
        {
            double factor = gamma.IsEmpty ? _scales[c] : _scales[c] * gamma[c];
            _centres[c] = (float)_means[c];
            _factors[c] = (float)factor;
            _levels[c] = (float)((beta.IsEmpty ? 0 : beta[c]) - ((_means[c] - _centres[c]) * factor));
        }
        ChannelNormalizationKernel.Apply(Workers, _layout, x, _centres, _factors, _levels, output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> x = _x.Read();
        // x̂ = (x − centre) · scale + level.
        for (int c = 0; c < _centres.Length; c++)
        {
            _centres[c] = (float)_means[c];
            _slopes[c] = (float)_scales[c];
            _levels[c] = (float)((_centres[c] - _means[c]) * _scales[c]);
        }
        ChannelNormalizationKernel.GradientSums(Workers, _layout, x, dy.AsSpan(), _centres, _slopes, _levels, _sums, _projections);
        if (_gammaIndex > 0)
            WriteSums(_projections, destinations[_gammaIndex]);
        if (_betaIndex > 0)
            WriteSums(_sums, destinations[_betaIndex]);
        if (destinations[0].IsNeeded)
            InputGradient(x, dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }

    // dx = γ s (dy − w (Σ dy + x̂ · Σ dy · x̂) / n), with x̂ written out by its distance from the centre.
    private void InputGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default;
        for (int c = 0; c < _centres.Length; c++)
        {
            double factor = gamma.IsEmpty ? _scales[c] : _scales[c] * gamma[c];
            double share = _options.UseBatchStatistics ? factor / _counts[c] : 0;
            double atCentre = (_centres[c] - _means[c]) * _scales[c];
            _factors[c] = (float)factor;
            _slopes[c] = (float)(share * _projections[c] * _scales[c]);
            _levels[c] = (float)(share * (_sums[c] + (atCentre * _projections[c])));
        }
        ReadOnlySpan<float> weights = _weights is null ? default : _weights.AsSpan();
        ChannelNormalizationKernel.InputGradient(Workers, _layout, x, dy, weights, _centres, _factors, _slopes, _levels, dx, accumulate);
    }

    private void MeasureBatch(ReadOnlySpan<float> x)
    {
        if (_weights is not null)
            SpreadMask(_mask!.Value.Read(), _weights.AsSpan());
        ReadOnlySpan<float> weights = _weights is null ? default : _weights.AsSpan();
        // The variances stand where the scales will.
        ChannelNormalizationKernel.Measure(Workers, _layout, x, weights, _weights is null ? 1 : LeastMaskedCount, _means, _scales, _counts);
        Span<float> movingMean = _movingMean.Value.AsSpan(), movingVariance = _movingVariance.Value.AsSpan();
        bool any = _layout.Entries > 0;
        for (int c = 0; c < _scales.Length; c++)
        {
            double variance = _scales[c];
            _scales[c] = 1 / Math.Sqrt(variance + _options.Epsilon);
            if (!any)
                continue;
            movingMean[c] = (float)((movingMean[c] * _options.Momentum) + (_means[c] * (1 - _options.Momentum)));
            movingVariance[c] = (float)((movingVariance[c] * _options.Momentum) + (variance * (1 - _options.Momentum)));
        }
    }

    // The mask's axes are the first ones of x: each of its entries stands for a run of elements.
    private static void SpreadMask(ReadOnlySpan<float> mask, Span<float> weights)
    {
        int run = mask.IsEmpty ? 0 : weights.Length / mask.Length;
        for (int i = 0; i < mask.Length; i++)
            weights.Slice(i * run, run).Fill(mask[i]);
    }

    private void UseMoving()
    {
        ReadOnlySpan<float> mean = _movingMean.Value.AsSpan(), variance = _movingVariance.Value.AsSpan();
        for (int c = 0; c < _scales.Length; c++)
        {
            _means[c] = mean[c];
            _scales[c] = 1 / Math.Sqrt(variance[c] + _options.Epsilon);
        }
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
