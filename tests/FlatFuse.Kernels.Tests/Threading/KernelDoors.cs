namespace FlatFuse.Kernels.Tests.Threading;

/// <summary>A call, or several, of every public kernel that takes threads, each large enough to be cut into chunks.</summary>
internal static class KernelDoors
{
    private const int Many = 100_003;

    private const int Rows = 3001;

    private const int Classes = 13;

    private static readonly Pool2DShape Pooled = Pool2DShape.Create(
        8, WindowAxis.Create("test", "rows", 19, 3, 2, 1, ConvolutionPadding.Same), WindowAxis.Create("test", "columns", 22, 2, 2, 1, ConvolutionPadding.Same), 45);

    // Without overlap: the gradient of a maximum is gathered.
    private static readonly Pool2DShape PooledSequences = Pool2DShape.OfSequences(16, WindowAxis.Create("test", "steps", 101, 3, 4, 1, ConvolutionPadding.Same), 45);

    // In one pass over the batch; one gradient after the other; transposed.
    private static readonly Conv1DShape[] Convolutions =
    [
        Conv1DShape.Create(19, 60, 10, 40, 3, 1, 1, ConvolutionPadding.Same), Conv1DShape.Create(9, 100, 30, 45, 3, 2, 1, ConvolutionPadding.Causal),
        Conv1DShape.CreateTransposed(8, 60, 30, 16, 3, 2, 1, ConvolutionPadding.Valid),
    ];

    private static readonly Conv1DShape Depthwise = Conv1DShape.Create(7, 60, 45, 90, 3, 1, 2, ConvolutionPadding.Same);

    private static readonly Conv2DShape Images = Conv2DShape.Create(
        5, WindowAxis.Create("test", "rows", 19, 3, 1, 1, ConvolutionPadding.Same), WindowAxis.Create("test", "columns", 22, 3, 1, 1, ConvolutionPadding.Same), 9, 21);

    private static readonly ChannelLayout[] Layouts = [new(4000, 37, 1), new(30, 37, 133)];

    // One for each path: tiles in place, panels packed by each thread, by all of them, by the first tile of a chunk, whole tiles from 16 on, streams, segments of K, parts of K,
    // a turned product, a B that each thread turns, panels for many rows, rows turned once, rows behind a turned product, one row, one column, few columns and the gradients of those.
    private static readonly GemmShape[] Products =
    [
        new(64, 200, 300), new(90, 140, 300) { TransposeB = true }, new(700, 150, 90), new(200, 200, 90), new(150, 150, 60), new(90, 200, 600) { TransposeA = true },
        new(65, 127, 8195) { TransposeA = true }, new(9, 336, 1568) { UpdatesB = true }, new(32, 200, 300) { TransposeB = true }, new(1, 4000, 70), new(4000, 1, 70),
        new(200, 90, 60) { TransposeB = true }, new(165, 300, 450) { TransposeB = true }, new(66, 100, 1024) { TransposeB = true }, new(36, 200, 100) { TransposeB = true },
        new(40, 5, 9000), new(70, 2000, 5) { TransposeB = true }, new(200, 300, 3) { TransposeB = true }, new(3000, 100, 1), new(2000, 5, 32) { TransposeA = true },
        new(24, 130, 2048), new(16, 128, 512), new(64, 100, 1024),
    ];

    public static Dictionary<string, Action<KernelCall>> All { get; } = new()
    {
        ["Elementwise.Add"] = c => Elementwise.Add(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.Subtract"] = c => Elementwise.Subtract(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.Multiply"] = c => Elementwise.Multiply(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.Divide"] = c => Elementwise.Divide(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.Maximum"] = c => Elementwise.Maximum(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.Minimum"] = c => Elementwise.Minimum(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many)),
        ["Elementwise.AddScaled"] = c => Elementwise.AddScaled(c.Workers, c.Values(Many, 1), 0.3f, c.Updated(Many, 2)),
        ["Elementwise.AddSigns"] = c => Elementwise.AddSigns(c.Workers, c.Values(Many, 1), 0.3f, c.Updated(Many, 2)),
        ["Elementwise.Scale"] = c => Elementwise.Scale(c.Workers, c.Values(Many, 1), 0.3f, c.Result(Many)),
        ["Elementwise.Exp"] = c => Elementwise.Exp(c.Workers, c.Values(Many, 1), c.Result(Many)),
        ["Elementwise.Log"] = c => Elementwise.Log(c.Workers, c.Values(Many, 1, 0.1f), c.Result(Many)),
        ["Elementwise.Sqrt"] = c => Elementwise.Sqrt(c.Workers, c.Values(Many, 1, 0), c.Result(Many)),
        ["Elementwise.Square"] = c => Elementwise.Square(c.Workers, c.Values(Many, 1), c.Result(Many)),
        ["Elementwise.Abs"] = c => Elementwise.Abs(c.Workers, c.Values(Many, 1), c.Result(Many)),
        ["Elementwise.Negate"] = c => Elementwise.Negate(c.Workers, c.Values(Many, 1), c.Result(Many)),
        ["Elementwise.Affine"] = c => Elementwise.Affine(c.Workers, c.Values(Many, 1), 0.3f, 0.1f, c.Result(Many)),
        ["Elementwise.Clip"] = c => Elementwise.Clip(c.Workers, c.Values(Many, 1), -0.5f, 0.5f, c.Result(Many)),
        ["Elementwise.Reciprocal"] = c => Elementwise.Reciprocal(c.Workers, c.Values(Many, 1), 0.3f, c.Result(Many)),
        ["Elementwise.Gradient"] = c =>
        {
            foreach (UnaryDerivative function in Enum.GetValues<UnaryDerivative>())
                Elementwise.Gradient(c.Workers, function, c.Values(Many, 1, 0.1f), c.Values(Many, 2, 0.1f), c.Values(Many, 3), c.Result(Many), accumulate: false, 0.2f, 0.8f);
        },
        ["Activations.Forward"] = c =>
        {
            foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
                Activations.Forward(c.Workers, kind, c.Values(Many, 1, -4, 4), c.Result(Many));
        },
        ["Activations.Backward"] = c =>
        {
            foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
                Activations.Backward(c.Workers, kind, c.Values(Many, 1), c.Values(Many, 2, 0.1f), c.Values(Many, 3), c.Result(Many), accumulate: false);
        },
        ["Activations.ThresholdForward"] = c => Activations.ThresholdForward(c.Workers, c.Values(Many, 1), c.Result(Many), 0.25f, 7f),
        ["Activations.ThresholdBackward"] = c => Activations.ThresholdBackward(c.Workers, c.Values(Many, 1), c.Values(Many, 2), c.Result(Many), 0.25f, accumulate: false),
        ["OptimizerKernels.SGD"] = c => OptimizerKernels.SGD(c.Workers, new SGDStep(0.1) { Momentum = 0.9 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3)),
        ["OptimizerKernels.RMSprop"] = c => OptimizerKernels.RMSprop(
            c.Workers, new RMSpropStep(0.1) { Rho = 0.9, Epsilon = 1 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3, 0), default, default),
        ["OptimizerKernels.Adam"] = c => OptimizerKernels.Adam(
            c.Workers, new AdamStep(0.1) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7, Step = 3 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3), c.Updated(Many, 4, 0)),
        ["OptimizerKernels.Adamax"] = c => OptimizerKernels.Adamax(
            c.Workers, new AdamaxStep(0.1) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7, Step = 3 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3), c.Updated(Many, 4, 0)),
        ["OptimizerKernels.Nadam"] = c => OptimizerKernels.Nadam(
            c.Workers, new NadamStep(0.1) { Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-7, Step = 3, MomentumProduct = 0.1 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3),
            c.Updated(Many, 4, 0)),
        ["OptimizerKernels.Adagrad"] = c => OptimizerKernels.Adagrad(c.Workers, new AdagradStep(0.1) { Epsilon = 1e-7 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3, 0)),
        ["OptimizerKernels.Ftrl"] = c => OptimizerKernels.Ftrl(
            c.Workers, new FtrlStep(0.1) { L1 = 0.2, L2 = 0.3 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3, 0.1f), c.Updated(Many, 4)),
        ["OptimizerKernels.Adadelta"] = c => OptimizerKernels.Adadelta(
            c.Workers, new AdadeltaStep(0.5) { Rho = 0.95, Epsilon = 1e-7 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3, 0), c.Updated(Many, 4, 0)),
        ["OptimizerKernels.Lion"] = c => OptimizerKernels.Lion(c.Workers, new LionStep(0.1) { Beta1 = 0.9, Beta2 = 0.99 }, c.Updated(Many, 1), c.Values(Many, 2), c.Updated(Many, 3)),
        ["DropoutMask.Forward"] = c => DropoutMask.Forward(c.Workers, 7, 0.3, c.Values(Many, 1), c.Result(Many), c.Result(Many)),
        ["DropoutMask.Fill"] = c => DropoutMask.Fill(c.Workers, 7, 0.3, c.Result(Many)),
        ["DropoutMask.FillUnscaled"] = c => DropoutMask.FillUnscaled(c.Workers, 7, 0.3, c.Result(Many)),
        ["NormalNoise.Fill"] = c => NormalNoise.Fill(c.Workers, 7, 1, 3, c.Result(Many)),
        ["Reductions.Sum"] = c => c.Keep(Reductions.Sum(c.Workers, c.Values(Many, 1))),
        ["Reductions.SumOfSquares"] = c => c.Keep(Reductions.SumOfSquares(c.Workers, c.Values(Many, 1))),
        ["Reductions.SumOfAbsolutes"] = c => c.Keep(Reductions.SumOfAbsolutes(c.Workers, c.Values(Many, 1))),
        ["Reductions.Max"] = c => c.Keep(Reductions.Max(c.Workers, c.Values(Many, 1))),
        ["Reductions.AllFinite"] = c => c.Keep(Reductions.AllFinite(c.Workers, c.Values(Many, 1)) ? 1 : 0),
        ["Reductions.SumRows"] = c => Reductions.SumRows(c.Workers, 2000, 130, c.Values(2000 * 130, 1), c.Result(130), accumulate: false),
        ["Reductions.SumColumns"] = c => Reductions.SumColumns(c.Workers, 2000, 130, c.Values(2000 * 130, 1), c.Result(2000), accumulate: false),
        ["SoftmaxKernel.Forward"] = c => SoftmaxKernel.Forward(c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, -6, 6), c.Result(Rows * Classes)),
        ["SoftmaxKernel.Backward"] = c => SoftmaxKernel.Backward(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, 0), c.Values(Rows * Classes, 2), c.Result(Rows * Classes), accumulate: false),
        ["SoftmaxKernel.LogForward"] = c => SoftmaxKernel.LogForward(c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, -6, 6), c.Result(Rows * Classes)),
        ["SoftmaxKernel.LogBackward"] = c => SoftmaxKernel.LogBackward(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1), c.Values(Rows * Classes, 2), c.Result(Rows * Classes), accumulate: false),
        ["SparsemaxKernel.Forward"] = c => SparsemaxKernel.Forward(c.Workers, Rows, Classes, c.Values(Rows * Classes, 1), c.Result(Rows * Classes)),
        ["SparsemaxKernel.Backward"] = c => SparsemaxKernel.Backward(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, -1, 1), c.Values(Rows * Classes, 2), c.Result(Rows * Classes), accumulate: false),
        ["SoftmaxCrossentropy.Forward"] = c => SoftmaxCrossentropy.Forward(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, -6, 6), c.Ids(Rows, Classes), c.Result(Rows * Classes), c.Result(Rows)),
        ["SoftmaxCrossentropy.Backward"] = c => SoftmaxCrossentropy.Backward(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, 0), c.Ids(Rows, Classes), c.Values(Rows, 2), c.Result(Rows * Classes), accumulate: false),
        ["SoftmaxCrossentropy.ForwardDense"] = c => SoftmaxCrossentropy.ForwardDense(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, -6, 6), c.Values(Rows * Classes, 2, 0), c.Result(Rows * Classes), c.Result(Rows)),
        ["SoftmaxCrossentropy.BackwardDense"] = c => SoftmaxCrossentropy.BackwardDense(
            c.Workers, Rows, Classes, c.Values(Rows * Classes, 1, 0), c.Values(Rows * Classes, 2, 0), c.Values(Rows, 3), c.Result(Rows * Classes), accumulate: false),
        ["MaxPooling2DKernel.Forward"] = c => MaxPooling2DKernel.Forward(
            c.Workers, Pooled, c.Values((int)Pooled.InputCount, 1), c.Result((int)Pooled.OutputCount), c.Positions((int)Pooled.OutputCount)),
        ["MaxPooling2DKernel.Backward"] = c =>
        {
            foreach (Pool2DShape s in (Pool2DShape[])[Pooled, PooledSequences])
            {
                int[] positions = new int[s.OutputCount];
                MaxPooling2DKernel.Forward(c.Workers, s, c.Values((int)s.InputCount, 1), c.Result((int)s.OutputCount), positions);
                MaxPooling2DKernel.Backward(c.Workers, s, c.Values((int)s.OutputCount, 2), positions, c.Result((int)s.InputCount), accumulate: false);
            }
        },
        ["AveragePooling2DKernel.Forward"] = c => AveragePooling2DKernel.Forward(c.Workers, Pooled, c.Values((int)Pooled.InputCount, 1), c.Result((int)Pooled.OutputCount)),
        ["AveragePooling2DKernel.Backward"] = c => AveragePooling2DKernel.Backward(
            c.Workers, Pooled, c.Values((int)Pooled.OutputCount, 1), c.Result((int)Pooled.InputCount), accumulate: false),
        ["EmbeddingTable.Gather"] = c => EmbeddingTable.Gather(c.Workers, c.Ids(2000, 50), c.Values(50 * 80, 1), 80, c.Result(2000 * 80)),
        ["EmbeddingTable.ScatterAdd"] = c => EmbeddingTable.ScatterAdd(c.Workers, c.Ids(2000, 50), c.Values(2000 * 80, 1), 80, c.Result(50 * 80), accumulate: false),
        ["MatrixTranspose.Run"] = c => MatrixTranspose.Run(c.Workers, 301, 77, c.Values(5 * 301 * 77, 1), c.Updated(5 * 301 * 77, 2), accumulate: true),
        ["RowCopy.Gather"] = c => RowCopy.Gather(c.Workers, 40_000, c.Values(9 * 40_000, 1), [8, 0, 4], c.Result(3 * 40_000)),
        ["RowNormalizationKernel.Forward"] = c =>
        {
            foreach (RowStatistic statistic in Enum.GetValues<RowStatistic>())
            {
                var shape = new RowNormalizationShape(statistic, 999, 67, 1e-3);
                RowNormalizationKernel.Forward(c.Workers, shape, c.Values(999 * 67, 1), c.Values(67, 2), c.Values(67, 3), c.Result(999 * 67), c.Result(3 * 999));
            }
        },
        ["RowNormalizationKernel.Backward"] = c =>
        {
            foreach (RowStatistic statistic in Enum.GetValues<RowStatistic>())
            {
                var shape = new RowNormalizationShape(statistic, 999, 67, 1e-3);
                Span<float> statistics = c.Result(3 * 999);
                RowNormalizationKernel.Forward(c.Workers, shape, c.Values(999 * 67, 1), c.Values(67, 2), c.Values(67, 3), c.Result(999 * 67), statistics);
                RowNormalizationKernel.Backward(
                    c.Workers, shape, c.Values(999 * 67, 1), c.Values(67, 2), statistics, c.Values(999 * 67, 4), c.Result(999 * 67), accumulate: false, c.Result(67), c.Result(67));
            }
        },
        ["ChannelNormalizationKernel.Measure"] = c =>
        {
            foreach (ChannelLayout layout in Layouts)
            {
                Span<float> weights = layout.Inner == 1 ? [] : c.Values((int)layout.Count, 2, 0.1f);
                ChannelNormalizationKernel.Measure(
                    c.Workers, layout, c.Values((int)layout.Count, 1), weights, 1e-7, c.Doubles(layout.Channels), c.Doubles(layout.Channels), c.Doubles(layout.Channels));
            }
        },
        ["ChannelNormalizationKernel.Apply"] = c =>
        {
            foreach (ChannelLayout layout in Layouts)
            {
                int n = layout.Channels, count = (int)layout.Count;
                ChannelNormalizationKernel.Apply(c.Workers, layout, c.Values(count, 1), c.Values(n, 2), c.Values(n, 3), c.Values(n, 4), c.Result(count));
            }
        },
        ["ChannelNormalizationKernel.GradientSums"] = c =>
        {
            foreach (ChannelLayout layout in Layouts)
            {
                int n = layout.Channels, count = (int)layout.Count;
                ChannelNormalizationKernel.GradientSums(
                    c.Workers, layout, c.Values(count, 1), c.Values(count, 2), c.Values(n, 3), c.Values(n, 4), c.Values(n, 5), c.Doubles(n), c.Doubles(n));
            }
        },
        ["ChannelNormalizationKernel.InputGradient"] = c =>
        {
            foreach (ChannelLayout layout in Layouts)
            {
                int n = layout.Channels, count = (int)layout.Count;
                Span<float> weights = layout.Inner == 1 ? [] : c.Values(count, 3, 0.1f);
                ChannelNormalizationKernel.InputGradient(
                    c.Workers, layout, c.Values(count, 1), c.Values(count, 2), weights, c.Values(n, 4), c.Values(n, 5), c.Values(n, 6), c.Values(n, 7), c.Result(count), accumulate: false);
            }
        },
        ["Gemm.Multiply"] = c =>
        {
            foreach (GemmShape s in Products)
            {
                foreach (ActivationKind activation in (ActivationKind[])[ActivationKind.Linear, ActivationKind.Tanh])
                {
                    var epilogue = new GemmEpilogue { Bias = activation == ActivationKind.Linear ? [] : c.Values(s.N, 3), Activation = activation };
                    Gemm.Multiply(c.Workers, s, c.Values(s.M * s.K, 1), c.Values(s.K * s.N, 2), c.Result(s.M * s.N), epilogue);
                }
            }
            Gemm.Multiply(c.Workers, new GemmShape(200, 200, 90), c.Values(200 * 90, 1), c.Values(90 * 200, 2), c.Updated(200 * 200, 3), new GemmEpilogue { Alpha = 0.3f, Beta = 0.7f });
        },
        ["Conv1DKernel.Forward"] = c =>
        {
            foreach (Conv1DShape s in Convolutions)
            {
                Conv1DKernel.Forward(
                    c.Workers, s, c.Values((int)s.InputElements, 1), c.Values((int)s.KernelElements, 2), c.Values(s.Filters, 3), ActivationKind.Tanh, c.Result((int)s.OutputElements));
            }
        },
        ["Conv1DKernel.InputGradient"] = c =>
        {
            foreach (Conv1DShape s in Convolutions)
                Conv1DKernel.InputGradient(c.Workers, s, c.Values((int)s.OutputElements, 1), c.Values((int)s.KernelElements, 2), c.Result((int)s.InputElements), accumulate: false);
        },
        ["Conv1DKernel.WeightGradient"] = c =>
        {
            foreach (Conv1DShape s in Convolutions)
                Conv1DKernel.WeightGradient(c.Workers, s, c.Values((int)s.InputElements, 1), c.Values((int)s.OutputElements, 2), c.Result((int)s.KernelElements), accumulate: false);
        },
        ["Conv1DKernel.Backward"] = c =>
        {
            foreach (Conv1DShape s in Convolutions)
            {
                Conv1DKernel.Backward(c.Workers, s, new Conv1DBackward
                {
                    Activation = ActivationKind.Sigmoid, X = c.Values((int)s.InputElements, 1), Kernel = c.Values((int)s.KernelElements, 2), Y = c.Values((int)s.OutputElements, 3),
                    DY = c.Values((int)s.OutputElements, 4), DX = c.Result((int)s.InputElements), DKernel = c.Result((int)s.KernelElements), DBias = c.Result(s.Filters),
                });
            }
        },
        ["Conv2DKernel.Forward"] = c => Conv2DKernel.Forward(
            c.Workers, Images, c.Values((int)Images.InputElements, 1), c.Values((int)Images.KernelElements, 2), c.Values(Images.Filters, 3), ActivationKind.Tanh,
            c.Result((int)Images.OutputElements)),
        ["Conv2DKernel.InputGradient"] = c => Conv2DKernel.InputGradient(
            c.Workers, Images, c.Values((int)Images.OutputElements, 1), c.Values((int)Images.KernelElements, 2), c.Result((int)Images.InputElements), accumulate: false),
        ["Conv2DKernel.WeightGradient"] = c => Conv2DKernel.WeightGradient(
            c.Workers, Images, c.Values((int)Images.InputElements, 1), c.Values((int)Images.OutputElements, 2), c.Result((int)Images.KernelElements), accumulate: false),
        ["DepthwiseConv1DKernel.Forward"] = c => DepthwiseConv1DKernel.Forward(
            c.Workers, Depthwise, c.Values((int)Depthwise.InputElements, 1), c.Values(3 * 90, 2), c.Values(90, 3), c.Result((int)Depthwise.OutputElements)),
        ["DepthwiseConv1DKernel.InputGradient"] = c => DepthwiseConv1DKernel.InputGradient(
            c.Workers, Depthwise, c.Values((int)Depthwise.OutputElements, 1), c.Values(3 * 90, 2), c.Result((int)Depthwise.InputElements), accumulate: false),
        ["DepthwiseConv1DKernel.WeightGradient"] = c => DepthwiseConv1DKernel.WeightGradient(
            c.Workers, Depthwise, c.Values((int)Depthwise.InputElements, 1), c.Values((int)Depthwise.OutputElements, 2), c.Result(3 * 90), accumulate: false),
        ["LSTMKernel.Forward"] = RunLSTM,
        ["LSTMKernel.Backward"] = RunLSTM,
        ["GRUKernel.Forward"] = RunGRU,
        ["GRUKernel.Backward"] = RunGRU,
        ["SimpleRNNKernel.Forward"] = c => RunRecurrent(c, RecurrentCell.Simple),
        ["SimpleRNNKernel.Backward"] = c => RunRecurrent(c, RecurrentCell.Simple),
    };

    private static void RunLSTM(KernelCall c)
    {
        foreach (LSTMShape s in new[] { new LSTMShape(64, 20, 3, 33), new LSTMShape(40, 1, 200, 24) })
            c.Keep(new LSTMRun(new LSTMProblem(s, states: true, mask: true), c.Workers).All.Select(result => result.Values));
    }

    private static void RunGRU(KernelCall c)
    {
        RunRecurrent(c, RecurrentCell.GRUAfter);
        RunRecurrent(c, RecurrentCell.GRUBefore);
    }

    private static void RunRecurrent(KernelCall c, RecurrentCell cell)
        => c.Keep(new RecurrentRun(new RecurrentProblem(cell, 64, 20, 3, 33, state: true, mask: true), c.Workers).All.Values);
}
