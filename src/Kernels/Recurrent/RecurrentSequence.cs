using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Drives a cell with one state over a whole sequence, forward or backward, for one vector width and one kind of cell.</summary>
internal static unsafe class RecurrentSequence<TSimd, TVector, TCell>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
{
    // With more rows a step's product has enough sums in flight to be worth its weights.
    private const int MostRowsProjectedFirst = 3;

    // Scratch memory that this may take: 16 MB.
    private const long MostFloatsProjectedFirst = 4_000_000;

    /// <summary>All steps; see <see cref="GRUKernel.Forward"/>.</summary>
    public static void Forward(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
    {
        var layout = new RecurrentLayout(s, TSimd.Count);
        bool projectsFirst = s.Batch <= MostRowsProjectedFirst && s.Steps > 1
            && (long)s.Steps * (layout.InputStep + layout.GateStep + layout.StateStep) <= MostFloatsProjectedFirst;
        bool keepsAll = !saved.IsEmpty || projectsFirst;
        int inputs = AlignedBuffer.RoundUp(checked((projectsFirst ? s.Steps + 1 : 2) * layout.InputStep));
        int rest = !saved.IsEmpty ? 0
            : keepsAll ? new RecurrentMemory(s, layout, null, null).KeptLength
            : checked(layout.GateStep + layout.StateStep);
        // One request by the caller's thread for all chunks: they share the packed weights, and none of them asks for scratch itself.
        float* weights = w.ScratchOf(0).Rent(checked(layout.WeightsLength + inputs + rest));
        float* recurrent = weights + layout.KernelLength;
        float* bias = recurrent + layout.RecurrentLength;
        float* transient = weights + layout.WeightsLength;
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, givenBias = operands.Bias)
        fixed (float* h0 = operands.H0, mask = operands.Mask, recurrentMask = operands.RecurrentMask)
        fixed (float* sequence = sequences, h = lastH, kept = saved)
        {
            RecurrentPacking<TSimd, TVector>.Pack(s, layout, kernel, recurrentKernel, givenBias, weights, recurrent, bias);
            var job = new RecurrentForwardJob<TSimd, TVector, TCell>
            {
                Shape = s, Layout = layout, Cell = cell, Parts = layout.Chunks.PartsForward(w.Threads, keepsAll), KeepsAll = keepsAll, ProjectsFirst = projectsFirst, X = x, H0 = h0, Mask = mask, RecurrentMask = recurrentMask,
                Kernel = weights, RecurrentKernel = recurrent, Bias = bias, Inputs = transient, Sequences = sequence, LastH = h,
            };
            transient += inputs;
            if (keepsAll)
            {
                var memory = new RecurrentMemory(s, layout, saved.IsEmpty ? transient : kept, null);
                job.Gates = memory.Gates;
                job.States = memory.States;
            }
            else
            {
                job.Gates = transient;
                job.States = job.Gates + layout.GateStep;
            }
            w.Run(ref job, job.Parts, layout.Chunks.SharesForward(keepsAll));
        }
    }

    /// <summary>All gradients; see <see cref="GRUKernel.Backward"/>.</summary>
    public static void Backward(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
    {
        var layout = new RecurrentLayout(s, TSimd.Count);
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, mask = operands.Mask)
        fixed (float* recurrentMask = operands.RecurrentMask, kept = saved)
        fixed (float* dSequence = dSequences, dh = dLastH, dx = gradients.X, dh0 = gradients.H0)
        {
            var memory = new RecurrentMemory(s, layout, kept, w.ScratchOf(0).Rent(new RecurrentMemory(s, layout, null, null).WorkLength));
            var weightGradients = new RecurrentWeightGradients<TSimd, TVector>(s, layout, memory, !gradients.Kernel.IsEmpty, !gradients.RecurrentKernel.IsEmpty);
            bool inOneGo = !weightGradients.AreWanted || layout.Chunks.RunInOneGo(w.Threads);
            var job = new RecurrentBackwardJob<TSimd, TVector, TCell>
            {
                Parts = layout.Chunks.PartsBackward(w.Threads),
                Shape = s, Layout = layout, Cell = cell, Memory = memory, WeightGradients = weightGradients, AddsWeightGradients = inOneGo && weightGradients.AreWanted,
                X = x, Mask = mask, RecurrentMask = recurrentMask, DSequences = dSequence, DLastH = dh, DX = dx, DH0 = dh0, AccumulateX = gradients.AccumulateX, AccumulateH0 = gradients.AccumulateH0,
            };
            RecurrentPacking<TSimd, TVector>.PackTransposed(s, layout, dx == null ? null : kernel, recurrentKernel, memory.Transposed);
            int end = s.Steps;
            do
            {
                job.EndStep = end;
                job.FirstStep = inOneGo ? 0 : Math.Max(0, end - layout.Chunks.TimeBlock);
                w.Run(ref job, job.Parts, layout.Chunks.SharesBackward);
                for (int sum = 0; sum < layout.Chunks.Sums && !inOneGo; sum++)
                    weightGradients.Add(w, sum, job.FirstStep, end);
                end = job.FirstStep;
            }
            while (end > 0);
            RecurrentDelivery<TSimd, TVector>.Deliver(s, layout, memory, gradients);
        }
    }
}
