namespace FlatFuse.Kernels;

/// <summary>The gradient of max pooling: one chunk a sequence, whose positions stay inside it, so no two threads meet.</summary>
internal unsafe struct MaxPooling1DScatter : IChunkJob<MaxPooling1DScatter>
{
    public float* OutputGradient;
    public int* ArgMax;
    public float* InputGradient;
    public int Inputs;
    public int Outputs;
    public bool Accumulate;
    public int Failed;

    public static void Execute(ref MaxPooling1DScatter job, int chunk, Scratch scratch)
    {
        int first = chunk * job.Inputs;
        float* dx = job.InputGradient + first;
        float* dy = job.OutputGradient + ((nint)chunk * job.Outputs);
        int* positions = job.ArgMax + ((nint)chunk * job.Outputs);
        if (!job.Accumulate)
            new Span<float>(dx, job.Inputs).Clear();
        for (int i = 0; i < job.Outputs; i++)
        {
            // One unsigned comparison keeps a wrong position from writing anywhere else.
            uint place = (uint)(positions[i] - first);
            if (place < (uint)job.Inputs)
                dx[place] += dy[i];
            else
                job.Failed = 1;
        }
    }
}
