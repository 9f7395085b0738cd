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
    where TVector : struct
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
            TVector weight = TSimd.Load(memory.Weights + i);
            TVector gradient = TSimd.Multiply(TSimd.Load(memory.Gradients + i), s);
            gradient = TSimd.MinNative(high, TSimd.MaxNative(low, gradient));
            TVector first = Uses<TRule>(OptimizerStates.First) ? TSimd.Load(memory.First + i) : TSimd.Zero;
            TVector second = Uses<TRule>(OptimizerStates.Second) ? TSimd.Load(memory.Second + i) : TSimd.Zero;
            TVector third = Uses<TRule>(OptimizerStates.Third) ? TSimd.Load(memory.Third + i) : TSimd.Zero;
            weight = rule.Update(TSimd.MultiplyAdd(weight, negativeDecay, weight), gradient, ref first, ref second, ref third);
            TSimd.Store(memory.Weights + i, weight);
            if (Uses<TRule>(OptimizerStates.First))
                TSimd.Store(memory.First + i, VectorMath<TSimd, TVector>.FlushSubnormal(first));
            if (Uses<TRule>(OptimizerStates.Second))
                TSimd.Store(memory.Second + i, VectorMath<TSimd, TVector>.FlushSubnormal(second));
            if (Uses<TRule>(OptimizerStates.Third))
                TSimd.Store(memory.Third + i, VectorMath<TSimd, TVector>.FlushSubnormal(third));
        }
        if (i < length)
        {
            // The same body under a mask; empty lanes compute with zeros and are not stored.
            int lanes = (int)(length - i);
            TVector weight = TSimd.LoadPartial(memory.Weights + i, lanes);
            TVector gradient = TSimd.Multiply(TSimd.LoadPartial(memory.Gradients + i, lanes), s);
            gradient = TSimd.MinNative(high, TSimd.MaxNative(low, gradient));
            TVector first = Uses<TRule>(OptimizerStates.First) ? TSimd.LoadPartial(memory.First + i, lanes) : TSimd.Zero;
            TVector second = Uses<TRule>(OptimizerStates.Second) ? TSimd.LoadPartial(memory.Second + i, lanes) : TSimd.Zero;
            TVector third = Uses<TRule>(OptimizerStates.Third) ? TSimd.LoadPartial(memory.Third + i, lanes) : TSimd.Zero;
            weight = rule.Update(TSimd.MultiplyAdd(weight, negativeDecay, weight), gradient, ref first, ref second, ref third);
            TSimd.StorePartial(memory.Weights + i, weight, lanes);
            if (Uses<TRule>(OptimizerStates.First))
                TSimd.StorePartial(memory.First + i, VectorMath<TSimd, TVector>.FlushSubnormal(first), lanes);
            if (Uses<TRule>(OptimizerStates.Second))
                TSimd.StorePartial(memory.Second + i, VectorMath<TSimd, TVector>.FlushSubnormal(second), lanes);
            if (Uses<TRule>(OptimizerStates.Third))
                TSimd.StorePartial(memory.Third + i, VectorMath<TSimd, TVector>.FlushSubnormal(third), lanes);
        }
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
            Run(job.Rule, part, job.Scale, job.Clip, job.Decay);
        }
    }
}
