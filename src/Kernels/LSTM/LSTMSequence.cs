using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Drives a whole LSTM, forward or backward, for one vector width and one kind of cell.</summary>
internal static unsafe class LSTMSequence<TSimd, TVector, TCell>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCell : unmanaged, ILSTMCell<TSimd, TVector>
{
    /// <summary>All steps; see <see cref="LSTMKernel.Forward"/>.</summary>
    public static void Forward(
        Workers w, in LSTMShape s, TCell cell, in LSTMOperands operands, Span<float> sequences, Span<float> lastH, Span<float> lastC,
        Span<float> saved)
    {
        var projection = RecurrentProjection.Of(s);
        float* projected = projection.IsWorthwhile ? projection.Forward(w, operands.X, operands.Kernel, operands.Bias) : null;
        LSTMShape steps = projection.IsWorthwhile ? s with { Features = 0 } : s;
        var layout = new LSTMLayout(steps, TSimd.Count);
        bool keepsAll = !saved.IsEmpty;
        int transient = checked((2 * layout.InputStep) + (keepsAll ? 0 : (s.Batch * 4 * TSimd.Count) + layout.StateStep));
        // One request by the caller's thread for all chunks: they share the packed weights, and none of them asks for scratch itself.
        float* weights = w.ScratchOf(0).Rent(checked(layout.WeightsLength + transient));
        float* bias = weights + layout.BiasOffset;
        float* rest = weights + layout.WeightsLength;
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, givenBias = operands.Bias)
        fixed (float* h0 = operands.H0, c0 = operands.C0, mask = operands.Mask)
        fixed (float* sequence = sequences, h = lastH, c = lastC, kept = saved)
        {
            LSTMPacking<TSimd, TVector>.Pack(steps, layout, kernel, recurrentKernel, givenBias, weights, bias);
            var job = new LSTMForwardJob<TSimd, TVector, TCell>
            {
                Shape = steps, Layout = layout, Cell = cell, Parts = layout.Chunks.PartsForward(w.Threads, keepsAll), KeepsAll = keepsAll, X = x, Projected = projected, H0 = h0, C0 = c0, Mask = mask,
                Weights = weights, Bias = bias, Inputs = rest, Sequences = sequence, LastH = h, LastC = c,
            };
            if (keepsAll)
            {
                var memory = new LSTMMemory(steps, layout, kept, null);
                job.Gates = memory.Gates;
                job.States = memory.States;
                job.Outputs = memory.Outputs;
            }
            else
            {
                job.States = rest + (2 * layout.InputStep);
                job.Gates = job.States + layout.StateStep;
            }
            w.Run(ref job, job.Parts, layout.Chunks.SharesForward(keepsAll));
        }
    }

    /// <summary>All gradients; see <see cref="LSTMKernel.Backward"/>.</summary>
    public static void Backward(
        Workers w, in LSTMShape s, TCell cell, in LSTMOperands operands, ReadOnlySpan<float> saved, ReadOnlySpan<float> dSequences,
        ReadOnlySpan<float> dLastH, ReadOnlySpan<float> dLastC, in LSTMGradients gradients)
    {
        var projection = RecurrentProjection.Of(s);
        bool projects = projection.IsWorthwhile && operands.Mask.IsEmpty;
        LSTMShape steps = projects ? s with { Features = 0 } : s;
        var layout = new LSTMLayout(steps, TSimd.Count);
        fixed (float* x = operands.X, kernel = operands.Kernel, recurrentKernel = operands.RecurrentKernel, mask = operands.Mask, kept = saved)
        fixed (float* dSequence = dSequences, dh = dLastH, dc = dLastC, dx = gradients.X, dh0 = gradients.H0, dc0 = gradients.C0)
        {
            var memory = new LSTMMemory(steps, layout, kept, w.ScratchOf(0).Rent(new LSTMMemory(steps, layout, null, null).WorkLength));
            bool wantsWeights = (!gradients.Kernel.IsEmpty && !projects) || !gradients.RecurrentKernel.IsEmpty;
            bool inOneGo = !wantsWeights || layout.Chunks.RunInOneGo(w.Threads);
            var job = new LSTMBackwardJob<TSimd, TVector, TCell>
            {
                Parts = layout.Chunks.PartsBackward(w.Threads),
                DProjected = projects ? projection.Rent(w) : null, ToProjectedBefore = projection.ToBefore,
                Shape = steps, Layout = layout, Cell = cell, X = x, Mask = mask, Memory = memory,
                WantsWeightGradients = wantsWeights, AddsWeightGradients = wantsWeights && inOneGo,
                TransposedKernel = memory.Transposed,
                TransposedRecurrentKernel = memory.Transposed + ((nint)layout.XVectors * TSimd.Count * layout.GateLength),
                DSequences = dSequence, DLastH = dh, DLastC = dc, DX = projects ? null : dx, DH0 = dh0, DC0 = dc0,
                AccumulateX = gradients.AccumulateX, AccumulateH0 = gradients.AccumulateH0, AccumulateC0 = gradients.AccumulateC0,
            };
            if (job.DX != null && layout.DotsInput)
                LSTMPacking<TSimd, TVector>.PackBlocked(layout, s.Features, s.Units, kernel, job.TransposedKernel);
            else if (job.DX != null)
                LSTMPacking<TSimd, TVector>.PackTransposed(layout, s.Features, s.Units, kernel, job.TransposedKernel);
            LSTMPacking<TSimd, TVector>.PackTransposed(layout, s.Units, s.Units, recurrentKernel, job.TransposedRecurrentKernel);
            ClearPadding(steps, layout, memory);
            int end = s.Steps;
            do
            {
                job.EndStep = end;
                job.FirstStep = inOneGo ? 0 : Math.Max(0, end - layout.Chunks.TimeBlock);
                w.Run(ref job, job.Parts, layout.Chunks.SharesBackward);
                for (int sum = 0; sum < layout.Chunks.Sums && !inOneGo; sum++)
                    RecurrentWeightJob<TSimd, TVector>.Run(w, LSTMWeightGradients<TSimd, TVector>.Of(steps, layout, memory, sum, job.FirstStep, end));
                end = job.FirstStep;
            }
            while (end > 0);
            Deliver(layout, steps, memory, gradients);
            if (projects)
                projection.Backward(w, operands.X, operands.Kernel, job.DProjected, gradients.X, gradients.AccumulateX, gradients.Kernel, gradients.AccumulateKernel);
        }
    }

    // The products read whole vectors of a row. What comes of its padding goes into padding; but it should not be subnormal, which is slow.
    private static void ClearPadding(in LSTMShape s, in LSTMLayout layout, in LSTMMemory memory)
    {
        int padding = layout.GateStride - layout.GateLength;
        for (int row = 0; row < layout.Chunks.TimeBlock * s.Batch && padding > 0; row++)
            new Span<float>(memory.GateGradients + ((nint)row * layout.GateStride) + layout.GateLength, padding).Clear();
    }

    // From blocked order to Keras's, overwriting or adding.
    private static void Deliver(in LSTMLayout layout, in LSTMShape s, in LSTMMemory memory, in LSTMGradients gradients)
    {
        fixed (float* kernel = gradients.Kernel, recurrentKernel = gradients.RecurrentKernel, bias = gradients.Bias)
        {
            for (int sum = 0; sum < layout.Chunks.Sums; sum++)
            {
                float* input = memory.WeightGradients + ((nint)sum * layout.Depth * layout.GateStride);
                float* recurrent = input + ((nint)s.Features * layout.GateStride);
                if (kernel != null && s.Features > 0)
                    DeliverRows(layout, s.Features, s.Units, input, kernel, gradients.AccumulateKernel || sum > 0);
                if (recurrentKernel != null)
                    DeliverRows(layout, s.Units, s.Units, recurrent, recurrentKernel, gradients.AccumulateRecurrentKernel || sum > 0);
            }
            for (int chunk = 0; chunk < layout.Chunks.Count && bias != null; chunk++)
                DeliverRows(layout, 1, s.Units, memory.BiasSums + ((nint)chunk * layout.GateStride), bias, gradients.AccumulateBias || chunk > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DeliverRows(in LSTMLayout layout, int rows, int units, float* blocked, float* destination, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int block = 0; block < layout.Blocks; block++)
            {
                int unit = block * TSimd.Count;
                int lanes = layout.Lanes(block);
                LSTMRows<TSimd, TVector>.CopyOrAdd(4, lanes, blocked + (4 * unit), lanes, destination + unit, units, accumulate);
            }
            blocked += layout.GateStride;
            destination += 4 * units;
        }
    }
}
