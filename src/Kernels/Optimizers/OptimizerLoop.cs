using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The one loop of all optimizers: prepare the gradient, update, write back, in one pass over the memory.</summary>
/// <remarks>
/// A step reads and writes every parameter once, so it is bound by memory; one pass is the whole point. States are flushed to 0 where they become
/// subnormal: a moment that decays for a few hundred steps would get there, arithmetic on subnormal numbers costs over a hundred cycles
/// each, and .NET cannot set the processor's flush-to-zero mode.
/// </remarks>
internal static unsafe class OptimizerLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Run<TRule>(Workers workers, in TRule rule, in GradientPreparation preparation, double learningRate, in OptimizerMemory memory)
        where TRule : unmanaged, IOptimizerRule<TSimd, TVector>
    {
        var job = new Job<TRule>
        {
            Rule = rule,
            Memory = memory,
            Scale = (float)(preparation.Scale ?? 1),
            Clip = (float)(preparation.ClipValue ?? double.PositiveInfinity),
            Decay = (float)(preparation.WeightDecay * learningRate),
        };
        workers.Run(ref job, ElementChunks.Count(memory.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRule>(TRule rule, OptimizerMemory memory, float scale, float clip, float decay)
        where TRule : unmanaged, IOptimizerRule<TSimd, TVector>
    {
        int width = TSimd.Count;
        TVector s = TSimd.Splat(scale);
        TVector high = TSimd.Splat(clip);
        TVector low = TSimd.Splat(-clip);
        TVector negativeDecay = TSimd.Splat(-decay);
        nint length = memory.Length;
        nint i = 0;
        for (; i <= length - width; i += width)
        {
            TVector weight = *(TVector*)(memory.Weights + i);
            TVector gradient = TSimd.Multiply(*(TVector*)(memory.Gradients + i), s);
            gradient = TSimd.MinNative(high, TSimd.MaxNative(low, gradient));
            TVector first = Uses<TRule>(OptimizerStates.First) ? *(TVector*)(memory.First + i) : default;
            TVector second = Uses<TRule>(OptimizerStates.Second) ? *(TVector*)(memory.Second + i) : default;
            TVector third = Uses<TRule>(OptimizerStates.Third) ? *(TVector*)(memory.Third + i) : default;
            weight = rule.Update(TSimd.MultiplyAdd(weight, negativeDecay, weight), gradient, ref first, ref second, ref third);
            *(TVector*)(memory.Weights + i) = weight;
            if (Uses<TRule>(OptimizerStates.First))
                *(TVector*)(memory.First + i) = VectorMath<TSimd, TVector>.FlushSubnormal(first);
            if (Uses<TRule>(OptimizerStates.Second))
                *(TVector*)(memory.Second + i) = VectorMath<TSimd, TVector>.FlushSubnormal(second);
            if (Uses<TRule>(OptimizerStates.Third))
                *(TVector*)(memory.Third + i) = VectorMath<TSimd, TVector>.FlushSubnormal(third);
        }
    }

    // What is left is less than a vector: it passes through whole ones on the stack, so that the body above is compiled once. Empty lanes compute with zeros and come to nothing.
    private static void RunRest<TRule>(TRule rule, OptimizerMemory memory, float scale, float clip, float decay)
        where TRule : unmanaged, IOptimizerRule<TSimd, TVector>
    {
        int width = TSimd.Count;
        int lanes = (int)memory.Length;
        float* lane = stackalloc float[5 * TSimd.Count];
        var whole = new OptimizerMemory(lane, lane + width, width, lane + (2 * width), lane + (3 * width), lane + (4 * width));
        Copy(memory.Weights, whole.Weights, lanes);
        Copy(memory.Gradients, whole.Gradients, lanes);
        Copy(memory.First, whole.First, lanes);
        Copy(memory.Second, whole.Second, lanes);
        Copy(memory.Third, whole.Third, lanes);
        Run(rule, whole, scale, clip, decay);
        Copy(whole.Weights, memory.Weights, lanes);
        Copy(whole.First, memory.First, lanes);
        Copy(whole.Second, memory.Second, lanes);
        Copy(whole.Third, memory.Third, lanes);
    }

    private static void Copy(float* source, float* destination, int count)
    {
        if (source != null && destination != null)
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Uses<TRule>(OptimizerStates state)
        where TRule : unmanaged, IOptimizerRule<TSimd, TVector> => (TRule.States & state) != 0;

    private struct Job<TRule> : IChunkJob<Job<TRule>>
        where TRule : unmanaged, IOptimizerRule<TSimd, TVector>
    {
        public TRule Rule;
        public OptimizerMemory Memory;
        public float Scale;
        public float Clip;
        public float Decay;

        public static void Execute(ref Job<TRule> job, int chunk, Scratch scratch)
        {
            OptimizerMemory part = job.Memory.From(ElementChunks.Start(chunk), ElementChunks.LengthOf(chunk, job.Memory.Length));
            nint whole = part.Length / TSimd.Count * TSimd.Count;
            if (whole > 0)
                Run(job.Rule, part, job.Scale, job.Clip, job.Decay);
            if (part.Length > whole)
                RunRest(job.Rule, part.From(whole, part.Length - whole), job.Scale, job.Clip, job.Decay);
        }
    }
}
