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

/// <summary>One channel at a time over (outer, channels, inner); sums run in double in one fixed order.</summary>
internal sealed class BatchNormalizationNode : GradientNode
{
    private readonly BatchNormalizationOptions _options;
    private readonly Parameter _movingMean;
    private readonly Parameter _movingVariance;
    private readonly Operand _x;
    private readonly Operand? _gamma;
    private readonly Operand? _beta;
    private readonly Operand? _mask;
    private readonly int _gammaIndex;
    private readonly int _betaIndex;
    private readonly int _maskRepeat;
    private readonly int _outer;
    private readonly int _channels;
    private readonly int _inner;
    private readonly double[] _counts;
    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly double[] _sums;
    private readonly double[] _projections;

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
        _maskRepeat = mask is null ? 1 : Shapes.Count(x.Shape[mask.Rank..]);
        _gammaIndex = gamma is null ? 0 : 1;
        _betaIndex = beta is null ? 0 : _gammaIndex + 1;
        _outer = Shapes.Count(x.Shape[..options.Axis]);
        _channels = x.Shape[options.Axis];
        _inner = Shapes.Count(x.Shape[(options.Axis + 1)..]);
        _counts = new double[_channels];
        _means = new double[_channels];
        _scales = new double[_channels];
        _sums = new double[_channels];
        _projections = new double[_channels];
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        if (_options.UseBatchStatistics)
            MeasureBatch(x);
        else
            UseMoving();
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default, beta = _beta is { } b ? b.Read() : default;
        // Slope and shift of each channel, in double: the shift of a channel far from 0 is a small difference of large numbers.
        for (int c = 0; c < _channels; c++)
        {
            _projections[c] = gamma.IsEmpty ? _scales[c] : _scales[c] * gamma[c];
            _sums[c] = (beta.IsEmpty ? 0 : beta[c]) - (_means[c] * _projections[c]);
        }
        Span<float> y = output.AsSpan();
        for (int o = 0, i = 0; o < _outer; o++)
        {
            for (int c = 0; c < _channels; c++)
            {
                double slope = _projections[c], shift = _sums[c];
                for (int end = i + _inner; i < end; i++)
                    y[i] = (float)((x[i] * slope) + shift);
            }
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> x = _x.Read(), from = dy.AsSpan();
        Array.Clear(_sums);
        Array.Clear(_projections);
        for (int o = 0, i = 0; o < _outer; o++)
        {
            for (int c = 0; c < _channels; c++)
            {
                double sum = 0, projection = 0;
                for (int end = i + _inner; i < end; i++)
                {
                    sum += from[i];
                    projection += from[i] * (x[i] - _means[c]);
                }
                _sums[c] += sum;
                _projections[c] += projection * _scales[c];
            }
        }
        if (_gammaIndex > 0)
            WriteSums(_projections, destinations[_gammaIndex]);
        if (_betaIndex > 0)
            WriteSums(_sums, destinations[_betaIndex]);
        if (destinations[0].IsNeeded)
            InputGradient(x, from, destinations[0].Span, destinations[0].Accumulate);
    }

    private void InputGradient(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        ReadOnlySpan<float> gamma = _gamma is { } g ? g.Read() : default, mask = _mask is { } m ? m.Read() : default;
        for (int o = 0, i = 0; o < _outer; o++)
        {
            for (int c = 0; c < _channels; c++)
            {
                double slope = gamma.IsEmpty ? _scales[c] : _scales[c] * gamma[c];
                double share = _options.UseBatchStatistics ? 1 / _counts[c] : 0;
                for (int end = i + _inner; i < end; i++)
                {
                    // An entry that is masked moves no statistic: it has no share of their gradient.
                    double weight = mask.IsEmpty ? share : share * mask[i / _maskRepeat];
                    double standard = (x[i] - _means[c]) * _scales[c];
                    float value = (float)(slope * (dy[i] - (weight * (_sums[c] + (standard * _projections[c])))));
                    dx[i] = accumulate ? dx[i] + value : value;
                }
            }
        }
    }

    private void MeasureBatch(ReadOnlySpan<float> x)
    {
        ReadOnlySpan<float> mask = _mask is { } m ? m.Read() : default;
        CountEntries(mask);
        Array.Clear(_means);
        AddMoments(x, mask, _means, deviations: false);
        for (int c = 0; c < _channels; c++)
            _means[c] /= _counts[c];
        // The deviations from the mean, not the squares less the mean's: those would cancel.
        Array.Clear(_scales);
        AddMoments(x, mask, _scales, deviations: true);
        Span<float> movingMean = _movingMean.Value.AsSpan(), movingVariance = _movingVariance.Value.AsSpan();
        bool any = _outer * _inner > 0;
        for (int c = 0; c < _channels; c++)
        {
            double variance = _scales[c] / _counts[c];
            _scales[c] = 1 / Math.Sqrt(variance + _options.Epsilon);
            if (!any)
                continue;
            movingMean[c] = (float)((movingMean[c] * _options.Momentum) + (_means[c] * (1 - _options.Momentum)));
            movingVariance[c] = (float)((movingVariance[c] * _options.Momentum) + (variance * (1 - _options.Momentum)));
        }
    }

    private void AddMoments(ReadOnlySpan<float> x, ReadOnlySpan<float> mask, double[] sums, bool deviations)
    {
        for (int o = 0, i = 0; o < _outer; o++)
        {
            for (int c = 0; c < _channels; c++)
            {
                double mean = deviations ? _means[c] : 0, sum = 0;
                for (int end = i + _inner; i < end; i++)
                {
                    double value = x[i] - mean;
                    if (deviations)
                        value *= value;
                    sum += mask.IsEmpty ? value : value * mask[i / _maskRepeat];
                }
                sums[c] += sum;
            }
        }
    }

    private void CountEntries(ReadOnlySpan<float> mask)
    {
        if (mask.IsEmpty)
        {
            Array.Fill(_counts, Math.Max(1, _outer * _inner));
            return;
        }
        Array.Clear(_counts);
        for (int o = 0, i = 0; o < _outer; o++)
        {
            for (int c = 0; c < _channels; c++)
            {
                for (int end = i + _inner; i < end; i++)
                    _counts[c] += mask[i / _maskRepeat];
            }
        }
        // A batch of padding alone has mean and variance 0, as in Keras.
        for (int c = 0; c < _channels; c++)
            _counts[c] = Math.Max(_counts[c], 1e-7);
    }

    private void UseMoving()
    {
        ReadOnlySpan<float> mean = _movingMean.Value.AsSpan(), variance = _movingVariance.Value.AsSpan();
        for (int c = 0; c < _channels; c++)
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
