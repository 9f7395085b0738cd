using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// All gradients of a convolution in one pass over the batch: while a sequence, or some short ones, lie in the caches, dy becomes dz, dz becomes dx, and both sums take their share.
/// dz never reaches memory, and the zeros that the input gradient needs around it are there from the start.
/// </summary>
/// <remarks>
/// Parts of the batch, cut by its size alone, sum their sequences in order into memory of their own; the parts are added in order. A thread gets the sequences that it
/// also made in the forward pass (<see cref="ThreadTeam"/>): a line that the other one wrote costs several times one from the own cache.
/// </remarks>
internal static unsafe class Conv1DOnePass<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Even for two threads, enough for eight.
    private const int Parts = 8;

    // 128 KB: a part's sums stay in L2 beside the sequences that pass by, and so does dz.
    private const int MostFloats = 1 << 15;

    // 512 KB, and rows of a tile.
    private const int MostGroupFloats = 1 << 17, LeastGroup = 8;

    // Rows of a sequence: what a part writes and the end adds is a hundredth of its products.
    private const int LeastRows = 16;

    // Where short sequences share a sum (Conv1DWeightTurned): rows of a part, for the same reason.
    private const int LeastTurnedRows = 96;

    /// <summary>True for shapes that belong here; an input gradient does at stride 1 only.</summary>
    public static bool Fits(in Conv1DShape s)
    {
        if (s.Batch < Parts || (s.Length + (long)s.Span) * s.Filters > MostFloats || s.KernelElements * s.OutputLength * s.Batch < 3 * GemmPlan.ChunkWork)
            return false;
        return Conv1DWeightTurned<TSimd, TVector>.Pays(s)
            ? s.OutputLength * (long)s.Batch >= Parts * LeastTurnedRows && s.KernelElements <= 2 * MostFloats
            : s.OutputLength >= LeastRows && s.KernelElements <= MostFloats;
    }

    public static void Run(Workers w, in Conv1DShape s, in Conv1DPass pass)
    {
        var job = new Conv1DPartJob<TSimd, TVector> { Pass = pass, Shape = s, Gradient = ActivationGradients<TSimd, TVector>.Of(pass.Activation) };
        job.Turns = Conv1DWeightTurned<TSimd, TVector>.Pays(s);
        if (job.Turns)
            job.Turned = Conv1DWeightTurned<TSimd, TVector>.Of(s);
        else
            job.Weight = Conv1DWeightJob<TSimd, TVector>.Of(s);
        job.Items = (s.Batch + Parts - 1) / Parts;
        int parts = (s.Batch + job.Items - 1) / job.Items;
        // Sequences that pass by together stay in L2; where nothing is gained by more, each stays in L1.
        job.Skips = pass.DX != null && Conv1DEnds<TSimd, TVector>.Pays(Conv1DGeometry.OfInputGradient(s), job.Items);
        if (pass.DX != null)
            job.Slide = Conv1DSlide<TSimd, TVector>.Flipped(w.Held, Conv1DGeometry.OfInputGradient(s), pass.Kernel, pass.AddDX, leastRows: s.Length, merges: !job.Skips && !pass.AddDX);
        job.Group = job.Turns ? Math.Min(job.Items, job.Turned.GroupItems) : 1;
        if (job.Skips)
            job.Group = (int)Math.Clamp(MostGroupFloats / ((s.InputElements + s.OutputElements) / s.Batch), Math.Min(job.Items, LeastGroup), job.Items);
        job.SumsLength = job.Turns ? job.Turned.SumsLength : (int)s.KernelElements;
        int kernels = checked(parts * job.SumsLength);
        float* sums = w.Shared.Rent(kernels + (parts * s.Filters));
        job.Pass.DKernel = pass.DKernel == null ? null : sums;
        job.Pass.DBias = pass.DBias == null ? null : sums + kernels;
        w.Run(ref job, parts);
        if (pass.DBias != null)
            RowSums<TSimd, TVector>.OfPart(parts, s.Filters, sums + kernels, pass.DBias, pass.AddDBias);
        if (pass.DKernel == null)
            return;
        if (job.Turns)
        {
            Conv1DTurnedSumJob<TSimd, TVector>.Run(w, s, job.Turned.Pitch, parts, sums, pass.DKernel, pass.AddDKernel);
            return;
        }
        var sum = new GemmProblem { M = s.KernelSize * s.Channels, N = s.Filters, K = 1, C = pass.DKernel, RowStrideC = s.Filters, Accumulate = pass.AddDKernel };
        GemmSegmentSumJob<TSimd, TVector>.Run(w, sum, parts, sums, s.Filters);
    }
}

/// <summary>A part of the batch a chunk.</summary>
internal unsafe struct Conv1DPartJob<TSimd, TVector> : IChunkJob<Conv1DPartJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>DKernel is [part, <see cref="SumsLength"/>] and DBias [part, F].</summary>
    public Conv1DPass Pass;

    public Conv1DShape Shape;
    public delegate*<float*, float*, float*, float*, nint, bool, void> Gradient;
    public Conv1DSlideJob<TSimd, TVector> Slide;

    /// <summary>True where <see cref="Turned"/> makes the kernel's gradient, false where <see cref="Weight"/> does.</summary>
    public bool Turns;

    public Conv1DWeightTurned<TSimd, TVector> Turned;
    public Conv1DWeightJob<TSimd, TVector> Weight;

    /// <summary>True where the input gradient is one of <see cref="Conv1DEnds{TSimd, TVector}"/>.</summary>
    public bool Skips;

    /// <summary>Sequences that are worked on together.</summary>
    public int Group;

    /// <summary>Floats of a part's sums.</summary>
    public int SumsLength;

    /// <summary>Sequences of a part.</summary>
    public int Items;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv1DPartJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        Conv1DPass pass = job.Pass;
        bool slides = pass.DX != null, activates = pass.Activation != ActivationKind.Linear;
        int output = s.OutputLength * s.Filters, input = s.Length * s.Channels;
        int group = job.Group;
        // Sequences that are worked on together lie without a gap; the input gradient wants zeros around each.
        bool pads = slides && !job.Skips, inside = activates && pads && group == 1 && !job.Turns, apart = activates && !inside;
        int before = pads ? job.Slide.Geometry.Before * s.Filters : 0;
        int window = pads ? AlignedBuffer.RoundUp(job.Slide.Geometry.WindowRows(job.Slide.BlockRows) * s.Filters) : 0;
        int weight = job.Turns ? job.Turned.ScratchLength : job.Weight.ScratchLength;
        int tiles = AlignedBuffer.RoundUp(Math.Max(weight, slides ? job.Slide.ScratchLength : 0));
        float* memory = scratch.Rent(checked(tiles + window + (apart ? group * output : 0)));
        float* padded = memory + tiles;
        new Span<float>(padded, window).Clear();
        int first = chunk * job.Items;
        int end = Math.Min(s.Batch, first + job.Items);
        float* sums = pass.DKernel + ((nint)chunk * job.SumsLength);
        for (int item = first; item < end; item += group)
        {
            int items = Math.Min(group, end - item);
            nint at = (nint)item * output;
            float* dz = pass.DY + at;
            if (activates)
            {
                dz = inside ? padded + before : padded + window;
                job.Gradient(pass.Z + at, pass.Y + at, pass.DY + at, dz, (nint)items * output, false);
            }
            if (job.Skips)
                Conv1DEnds<TSimd, TVector>.Multiply(job.Slide, items, dz, pass.DX + ((nint)item * input), memory);
            for (int i = 0; i < items && pads; i++)
            {
                if (!inside)
                    new ReadOnlySpan<float>(dz + ((nint)i * output), output).CopyTo(new Span<float>(padded + before, output));
                GemmProblem p = job.Slide.P;
                p.A = padded;
                p.C = pass.DX + ((nint)(item + i) * input);
                Conv1DSlideJob<TSimd, TVector>.Multiply(job.Slide, p, item + i == end - 1, memory);
            }
            float* x = pass.X + ((nint)item * input);
            if (pass.DKernel != null && job.Turns)
                Conv1DWeightTurned<TSimd, TVector>.Sum(job.Turned, items, 0, job.Turned.Pitch, x, dz, sums, item != first, memory);
            for (int i = 0; i < items && pass.DKernel != null; i++)
            {
                for (int tap = 0; tap < job.Weight.Groups; tap++)
                    Conv1DWeightJob<TSimd, TVector>.Sum(job.Weight, tap, 0, 1, x + ((nint)i * input), dz + ((nint)i * output), sums, item + i != first, memory);
            }
            if (pass.DBias != null)
                RowSums<TSimd, TVector>.OfPart(items * s.OutputLength, s.Filters, dz, pass.DBias + ((nint)chunk * s.Filters), item != first);
        }
    }
}
