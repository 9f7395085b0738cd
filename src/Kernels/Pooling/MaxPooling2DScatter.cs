namespace FlatFuse.Kernels;

/// <summary>The gradient of max pooling: one chunk an image, whose positions stay inside it, so no two threads meet.</summary>
internal unsafe struct MaxPooling2DScatter : IChunkJob<MaxPooling2DScatter>
{
    public float* OutputGradient;
    public int* ArgMax;
    public float* InputGradient;
    public int Inputs;
    public int Outputs;
    public bool Accumulate;
    public int Failed;

    public static bool Run(Workers workers, in Pool2DShape shape, float* dy, int* argMax, float* dx, bool accumulate)
    {
        var job = new MaxPooling2DScatter
        {
            OutputGradient = dy, ArgMax = argMax, InputGradient = dx, Inputs = shape.ImageInputs, Outputs = shape.ImageOutputs, Accumulate = accumulate,
        };
        workers.Run(ref job, shape.Batch);
        return job.Failed == 0;
    }

    public static void Execute(ref MaxPooling2DScatter job, int chunk, Scratch scratch)
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
