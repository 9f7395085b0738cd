using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Drives a cell with one state over a whole sequence, forward or backward, for one vector width and one kind of cell.</summary>
internal static unsafe class RecurrentSequence<TSimd, TVector, TCell>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, IRecurrentCell<TSimd, TVector>
{
    /// <summary>All steps; see <see cref="GRUKernel.Forward"/>.</summary>
    public static void Forward(
        Workers w, in RecurrentShape s, TCell cell, in RecurrentOperands operands, Span<float> sequences, Span<float> lastH, Span<float> saved)
    {
        // The bias is added later: of a GRU's two, z and r see the sum.
        var projection = RecurrentProjection.Of(s);
        float* projected = projection.IsWorthwhile ? projection.Forward(w, operands.X, operands.Kernel, default) : null;
        RecurrentShape steps = projection.IsWorthwhile ? s with { Features = 0 } : s;
        var layout = new RecurrentLayout(steps, TSimd.Count);
        bool keepsAll = !saved.IsEmpty;
        int inputs = AlignedBuffer.RoundUp(checked(2 * layout.InputStep));
        int rest = keepsAll ? 0 : checked(layout.GateStep + layout.StateStep);
        // One request by the caller's thread for all chunks: they share the packed weights, and none of them asks for scratch itself.
        float* weights = w.ScratchOf(0).Rent(checked(layout.WeightsLength + inputs + rest));
        float* recurrent = weights + layout.KernelLength;
        float* bias = recurrent + layout.RecurrentLength;
        float* transient = weights + layout.WeightsLength;
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, givenBias = operands.Bias)
        fixed (float* h0 = operands.H0, mask = operands.Mask, recurrentMask = operands.RecurrentMask)
        fixed (float* sequence = sequences, h = lastH, kept = saved)
        {
            RecurrentPacking<TSimd, TVector>.Pack(steps, layout, kernel, recurrentKernel, givenBias, weights, recurrent, bias);
            var job = new RecurrentForwardJob<TSimd, TVector, TCell>
            {
                Shape = steps, Layout = layout, Cell = cell, Parts = layout.Chunks.PartsForward(w.Threads, keepsAll), KeepsAll = keepsAll, X = x, Projected = projected, H0 = h0, Mask = mask, RecurrentMask = recurrentMask,
                Kernel = weights, RecurrentKernel = recurrent, Bias = bias, Inputs = transient, Sequences = sequence, LastH = h,
            };
            transient += inputs;
            if (keepsAll)
            {
                var memory = new RecurrentMemory(steps, layout, kept, null);
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
        var projection = RecurrentProjection.Of(s);
        bool projects = projection.IsWorthwhile && operands.Mask.IsEmpty;
        RecurrentShape steps = projects ? s with { Features = 0 } : s;
        var layout = new RecurrentLayout(steps, TSimd.Count);
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, mask = operands.Mask)
        fixed (float* recurrentMask = operands.RecurrentMask, kept = saved)
        fixed (float* dSequence = dSequences, dh = dLastH, dx = gradients.X, dh0 = gradients.H0)
        {
            var memory = new RecurrentMemory(steps, layout, kept, w.ScratchOf(0).Rent(new RecurrentMemory(steps, layout, null, null).WorkLength));
            var weightGradients = new RecurrentWeightGradients<TSimd, TVector>(steps, layout, memory, !projects && !gradients.Kernel.IsEmpty, !gradients.RecurrentKernel.IsEmpty);
            bool inOneGo = !weightGradients.AreWanted || layout.Chunks.RunInOneGo(w.Threads);
            var job = new RecurrentBackwardJob<TSimd, TVector, TCell>
            {
                Parts = layout.Chunks.PartsBackward(w.Threads), DProjected = projects ? projection.Rent(w) : null, ToProjectedBefore = projection.ToBefore,
                Shape = steps, Layout = layout, Cell = cell, Memory = memory, WeightGradients = weightGradients, AddsWeightGradients = inOneGo && weightGradients.AreWanted,
                X = x, Mask = mask, RecurrentMask = recurrentMask, DSequences = dSequence, DLastH = dh, DX = projects ? null : dx, DH0 = dh0, AccumulateX = gradients.AccumulateX, AccumulateH0 = gradients.AccumulateH0,
            };
            RecurrentPacking<TSimd, TVector>.PackTransposed(steps, layout, job.DX == null ? null : kernel, recurrentKernel, memory.Transposed);
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
            RecurrentDelivery<TSimd, TVector>.Deliver(steps, layout, memory, gradients);
            if (projects)
                projection.Backward(w, operands.X, operands.Kernel, job.DProjected, gradients.X, gradients.AccumulateX, gradients.Kernel, gradients.AccumulateKernel);
        }
    }
}
