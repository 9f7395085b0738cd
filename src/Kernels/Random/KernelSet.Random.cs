namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void PhiloxUniform(ulong key, uint group, float* y, nint length);

    internal abstract unsafe void Dropout(Workers workers, ulong key, float rate, float scale, float* x, float* y, float* mask, nint length);

    internal abstract unsafe void NormalNoise(Workers workers, ulong key, float mean, float deviation, float* y, nint length);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void PhiloxUniform(ulong key, uint group, float* y, nint length)
        => PhiloxLoop<TSimd, TVector>.Uniform(key, group, y, length);

    /// <inheritdoc/>
    internal override void Dropout(Workers workers, ulong key, float rate, float scale, float* x, float* y, float* mask, nint length)
    {
        var job = new DropoutJob<TSimd, TVector> { Key = key, Rate = rate, Scale = scale, X = x, Y = y, Mask = mask, Length = length };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    /// <inheritdoc/>
    internal override void NormalNoise(Workers workers, ulong key, float mean, float deviation, float* y, nint length)
    {
        var job = new NormalNoiseJob<TSimd, TVector> { Key = key, Mean = mean, Deviation = deviation, Y = y, Length = length };
        workers.Run(ref job, ElementChunks.Count(length));
    }
}
