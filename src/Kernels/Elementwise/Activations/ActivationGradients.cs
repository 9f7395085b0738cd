namespace FlatFuse.Kernels;

/// <summary>dx[i] (+)= f′ · dy[i] for every activation; dx may be dy.</summary>
internal static unsafe class ActivationGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The loop of <paramref name="kind"/>, which runs on the calling thread: (x, y, dy, dx, length, accumulate).</summary>
    public static delegate*<float*, float*, float*, float*, nint, bool, void> Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Linear => &ActivationGradientLoop<TSimd, TVector, LinearActivation<TSimd, TVector>>.Run,
        ActivationKind.ReLU => &ActivationGradientLoop<TSimd, TVector, ReLUActivation<TSimd, TVector>>.Run,
        ActivationKind.Sigmoid => &ActivationGradientLoop<TSimd, TVector, SigmoidActivation<TSimd, TVector>>.Run,
        ActivationKind.Tanh => &ActivationGradientLoop<TSimd, TVector, TanhActivation<TSimd, TVector>>.Run,
        ActivationKind.HardSigmoid => &ActivationGradientLoop<TSimd, TVector, HardSigmoidActivation<TSimd, TVector>>.Run,
        ActivationKind.ReLU6 => &ActivationGradientLoop<TSimd, TVector, ReLU6Activation<TSimd, TVector>>.Run,
        ActivationKind.Exponential => &ActivationGradientLoop<TSimd, TVector, ExponentialActivation<TSimd, TVector>>.Run,
        ActivationKind.ELU => &ActivationGradientLoop<TSimd, TVector, ELUActivation<TSimd, TVector>>.Run,
        ActivationKind.SELU => &ActivationGradientLoop<TSimd, TVector, SELUActivation<TSimd, TVector>>.Run,
        ActivationKind.Softplus => &ActivationGradientLoop<TSimd, TVector, SoftplusActivation<TSimd, TVector>>.Run,
        ActivationKind.Softsign => &ActivationGradientLoop<TSimd, TVector, SoftsignActivation<TSimd, TVector>>.Run,
        ActivationKind.SiLU => &ActivationGradientLoop<TSimd, TVector, SiLUActivation<TSimd, TVector>>.Run,
        ActivationKind.GELU => &ActivationGradientLoop<TSimd, TVector, GELUActivation<TSimd, TVector>>.Run,
        ActivationKind.LeakyReLU => &ActivationGradientLoop<TSimd, TVector, LeakyReLUActivation<TSimd, TVector>>.Run,
        ActivationKind.Mish => &ActivationGradientLoop<TSimd, TVector, MishActivation<TSimd, TVector>>.Run,
        ActivationKind.HardSiLU => &ActivationGradientLoop<TSimd, TVector, HardSiLUActivation<TSimd, TVector>>.Run,
        ActivationKind.TanhShrink => &ActivationGradientLoop<TSimd, TVector, TanhShrinkActivation<TSimd, TVector>>.Run,
        ActivationKind.CELU => &ActivationGradientLoop<TSimd, TVector, CELUActivation<TSimd, TVector>>.Run,
        ActivationKind.LogSigmoid => &ActivationGradientLoop<TSimd, TVector, LogSigmoidActivation<TSimd, TVector>>.Run,
        ActivationKind.HardTanh => &ActivationGradientLoop<TSimd, TVector, HardTanhActivation<TSimd, TVector>>.Run,
        ActivationKind.HardShrink => &ActivationGradientLoop<TSimd, TVector, HardShrinkActivation<TSimd, TVector>>.Run,
        ActivationKind.SoftShrink => &ActivationGradientLoop<TSimd, TVector, SoftShrinkActivation<TSimd, TVector>>.Run,
        ActivationKind.Squareplus => &ActivationGradientLoop<TSimd, TVector, SquareplusActivation<TSimd, TVector>>.Run,
        ActivationKind.SparsePlus => &ActivationGradientLoop<TSimd, TVector, SparsePlusActivation<TSimd, TVector>>.Run,
        ActivationKind.SparseSigmoid => &ActivationGradientLoop<TSimd, TVector, SparseSigmoidActivation<TSimd, TVector>>.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Activations: unknown kind; expected a member of ActivationKind."),
    };

    /// <summary>Shares the work when there is enough of it.</summary>
    public static void Run(Workers workers, ActivationKind kind, float* x, float* y, float* dy, float* dx, nint length, bool accumulate)
    {
        var job = new Job { Loop = Of(kind), X = x, Y = y, OutputGradient = dy, InputGradient = dx, Length = length, Accumulate = accumulate };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    private struct Job : IChunkJob<Job>
    {
        public delegate*<float*, float*, float*, float*, nint, bool, void> Loop;
        public float* X;
        public float* Y;
        public float* OutputGradient;
        public float* InputGradient;
        public nint Length;
        public bool Accumulate;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            // Where the activation does not need its input, x is null and the loop does not read it.
            nint start = ElementChunks.Start(chunk);
            job.Loop(
                job.X + start, job.Y + start, job.OutputGradient + start, job.InputGradient + start, ElementChunks.LengthOf(chunk, job.Length), job.Accumulate);
        }
    }
}
