using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// All gradients of a convolution in one pass over the batch: while a sequence lies in the caches, dy becomes dz, dz becomes dx, and both sums take their share.
/// dz never reaches memory, and the zeros that the input gradient needs around it are there from the start.
/// </summary>
/// <remarks>
/// Parts of the batch, cut by its size alone, sum their sequences in order into memory of their own; the parts are added in order. A thread gets the sequences that it
/// also made in the forward pass (<see cref="ThreadTeam"/>): a line that the other one wrote costs several times one from the own cache.
/// </remarks>
internal static unsafe class Conv1DOnePass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Even for two threads, enough for eight.
    private const int Parts = 8;

    // 128 KB: a part's sums stay in L2 beside the sequences that pass by, and so does dz.
    private const int MostFloats = 1 << 15;

    // Rows of a sequence: what a part writes and the end adds is a hundredth of its products.
    private const int LeastRows = 16;

    /// <summary>True for shapes that belong here; an input gradient does at stride 1 only.</summary>
    public static bool Fits(in Conv1DShape s)
        => s.Batch >= Parts && s.OutputLength >= LeastRows && s.KernelElements <= MostFloats && (s.Length + (long)s.Span) * s.Filters <= MostFloats
            && s.KernelElements * s.OutputLength * s.Batch >= 3 * GemmPlan.ChunkWork;

    public static void Run(Workers w, in Conv1DShape s, in Conv1DPass pass)
    {
        var job = new Conv1DPartJob<TSimd, TVector> { Pass = pass, Weight = Conv1DWeightJob<TSimd, TVector>.Of(s), Gradient = ActivationGradients<TSimd, TVector>.Of(pass.Activation) };
        job.Items = (s.Batch + Parts - 1) / Parts;
        int parts = (s.Batch + job.Items - 1) / job.Items;
        if (pass.DX != null)
            job.Slide = Conv1DSlide<TSimd, TVector>.Flipped(w.Held, Conv1DGeometry.OfInputGradient(s), pass.Kernel, pass.AddDX, leastRows: s.Length);
        int kernels = parts * (int)s.KernelElements;
        float* sums = w.Shared.Rent(kernels + (parts * s.Filters));
        job.Pass.DKernel = pass.DKernel == null ? null : sums;
        job.Pass.DBias = pass.DBias == null ? null : sums + kernels;
        w.Run(ref job, parts);
        var sum = new GemmProblem { M = s.KernelSize * s.Channels, N = s.Filters, K = 1, C = pass.DKernel, RowStrideC = s.Filters, Accumulate = pass.AddDKernel };
        if (pass.DKernel != null)
            GemmSegmentSumJob<TSimd, TVector>.Run(w, sum, parts, sums, s.Filters);
        if (pass.DBias != null)
            RowSums<TSimd, TVector>.OfPart(parts, s.Filters, sums + kernels, pass.DBias, pass.AddDBias);
    }
}

/// <summary>A part of the batch a chunk.</summary>
internal unsafe struct Conv1DPartJob<TSimd, TVector> : IChunkJob<Conv1DPartJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>DKernel is [part, taps, C, F] and DBias [part, F].</summary>
    public Conv1DPass Pass;

    public delegate*<float*, float*, float*, float*, nint, bool, void> Gradient;
    public Conv1DSlideJob<TSimd, TVector> Slide;
    public Conv1DWeightJob<TSimd, TVector> Weight;

    /// <summary>Sequences of a part.</summary>
    public int Items;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv1DPartJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Weight.Shape;
        Conv1DPass pass = job.Pass;
        bool slides = pass.DX != null;
        int output = s.OutputLength * s.Filters, input = s.Length * s.Channels;
        int before = slides ? job.Slide.Geometry.Before * s.Filters : 0;
        int window = slides ? job.Slide.Geometry.WindowRows(s.Length) * s.Filters : output;
        int tiles = AlignedBuffer.RoundUp(Math.Max(job.Weight.ScratchLength, slides ? job.Slide.ScratchLength : 0));
        float* memory = scratch.Rent(checked(tiles + window));
        float* dz = memory + tiles + before;
        new Span<float>(memory + tiles, before).Clear();
        new Span<float>(dz + output, window - before - output).Clear();
        int first = chunk * job.Items;
        int end = Math.Min(s.Batch, first + job.Items);
        for (int item = first; item < end; item++)
        {
            nint at = (nint)item * output;
            if (pass.Activation != ActivationKind.Linear)
                job.Gradient(pass.Z + at, pass.Y + at, pass.DY + at, dz, output, false);
            else if (slides)
                new ReadOnlySpan<float>(pass.DY + at, output).CopyTo(new Span<float>(dz, output));
            else
                dz = pass.DY + at;
            if (slides)
            {
                GemmProblem p = job.Slide.P;
                p.A = memory + tiles;
                p.C = pass.DX + ((nint)item * input);
                Conv1DSlideJob<TSimd, TVector>.Multiply(job.Slide, p, memory);
            }
            float* x = pass.X + ((nint)item * input);
            for (int tap = 0; tap < job.Weight.Groups && pass.DKernel != null; tap++)
                Conv1DWeightJob<TSimd, TVector>.Sum(job.Weight, tap, 0, 1, x, dz, pass.DKernel + (chunk * (nint)s.KernelElements), item != first, memory);
            if (pass.DBias != null)
                RowSums<TSimd, TVector>.OfPart(s.OutputLength, s.Filters, dz, pass.DBias + ((nint)chunk * s.Filters), item != first);
        }
    }
}
