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
        int transient = !saved.IsEmpty ? 0
            : keepsAll ? new RecurrentMemory(s, layout, null).KeptLength
            : checked((2 * layout.InputStep) + layout.GateStep + layout.StateStep);
        // One request by the caller's thread for all chunks: they share the packed weights, and none of them asks for scratch itself.
        float* weights = w.ScratchOf(0).Rent(checked(layout.WeightsLength + transient));
        float* recurrent = weights + layout.KernelLength;
        float* bias = recurrent + layout.RecurrentLength;
        float* rest = weights + layout.WeightsLength;
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, givenBias = operands.Bias)
        fixed (float* h0 = operands.H0, mask = operands.Mask, recurrentMask = operands.RecurrentMask)
        fixed (float* sequence = sequences, h = lastH, kept = saved)
        {
            RecurrentPacking<TSimd, TVector>.Pack(s, layout, kernel, recurrentKernel, givenBias, weights, recurrent, bias);
            var job = new RecurrentForwardJob<TSimd, TVector, TCell>
            {
                Shape = s, Layout = layout, Cell = cell, KeepsAll = keepsAll, ProjectsFirst = projectsFirst, X = x, H0 = h0, Mask = mask, RecurrentMask = recurrentMask,
                Kernel = weights, RecurrentKernel = recurrent, Bias = bias, Sequences = sequence, LastH = h,
            };
            if (keepsAll)
            {
                var memory = new RecurrentMemory(s, layout, saved.IsEmpty ? rest : kept);
                job.Inputs = memory.Inputs;
                job.Gates = memory.Gates;
                job.States = memory.States;
            }
            else
            {
                job.Inputs = rest;
                job.Gates = rest + (2 * layout.InputStep);
                job.States = job.Gates + layout.GateStep;
            }
            w.Run(ref job, layout.Chunks);
        }
    }

    /// <summary>All gradients; see <see cref="GRUKernel.Backward"/>.</summary>
    public static void Backward(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, Span<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, in RecurrentGradients gradients)
    {
        var layout = new RecurrentLayout(s, TSimd.Count);
        fixed (float* kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, mask = operands.Mask)
        fixed (float* recurrentMask = operands.RecurrentMask, kept = saved)
        fixed (float* dSequence = dSequences, dh = dLastH, dx = gradients.X, dh0 = gradients.H0)
        {
            var memory = new RecurrentMemory(s, layout, kept);
            var job = new RecurrentBackwardJob<TSimd, TVector, TCell>
            {
                Shape = s, Layout = layout, Cell = cell, Memory = memory, Mask = mask, RecurrentMask = recurrentMask, DSequences = dSequence,
                DLastH = dh, DX = dx, DH0 = dh0, AccumulateX = gradients.AccumulateX, AccumulateH0 = gradients.AccumulateH0,
            };
            RecurrentPacking<TSimd, TVector>.PackTransposed(s, layout, dx == null ? null : kernel, recurrentKernel, memory.Transposed);
            int end = s.Steps;
            do
            {
                job.EndStep = end;
                job.FirstStep = Math.Max(0, end - layout.TimeBlock);
                w.Run(ref job, layout.Chunks);
                AddWeightGradients(w, s, layout, memory, job.FirstStep, end, gradients);
                end = job.FirstStep;
            }
            while (end > 0);
            RecurrentDelivery<TSimd, TVector>.Deliver(s, layout, memory, gradients);
        }
    }

    // [x | h | r·h]ᵀ · (the gates' gradients) over the rows of one block of steps, while they are in the cache.
    private static void AddWeightGradients(
        Workers w, in RecurrentShape s, in RecurrentLayout layout, in RecurrentMemory memory, int first, int end, in RecurrentGradients gradients)
    {
        int padded = layout.PaddedUnits;
        int rows = (end - first) * s.Batch;
        bool adds = end < s.Steps;
        float* inputs = memory.Inputs + (first * (nint)layout.InputStep);
        float* h = inputs + s.Features;
        float* gates = memory.GateGradients;
        int all = layout.Gates * padded;
        if (!gradients.Kernel.IsEmpty)
            Product(w, layout, rows, inputs, s.Features, gates, all, memory.KernelGradients, adds);
        if (gradients.RecurrentKernel.IsEmpty)
            return;
        switch (s.Kind)
        {
            case RecurrentKind.Simple:
                Product(w, layout, rows, h, s.Units, gates, padded, memory.RecurrentGradients, adds);
                break;
            case RecurrentKind.ResetAfter:
                Product(w, layout, rows, h, s.Units, gates + padded, 3 * padded, memory.RecurrentGradients, adds);
                break;
            default:
                Product(w, layout, rows, h, s.Units, gates + padded, 2 * padded, memory.RecurrentGradients, adds);
                Product(w, layout, rows, inputs + layout.ResetPlace, s.Units, gates, padded, memory.RecurrentGradients + (2 * padded), adds);
                break;
        }
    }

    // Into columns of a matrix of all the gates' columns.
    private static void Product(
        Workers w, in RecurrentLayout layout, int rows, float* a, int height, float* b, int width, float* c, bool accumulate)
        => RecurrentWeightJob<TSimd, TVector>.Run(w, new RecurrentWeightJob<TSimd, TVector>
        {
            A = a, StrideA = layout.InputStride, B = b, StrideB = layout.GateStride, C = c, StrideC = layout.Gates * layout.PaddedUnits,
            Terms = rows, Rows = height, Vectors = width / TSimd.Count, Adds = accumulate,
        });
}
