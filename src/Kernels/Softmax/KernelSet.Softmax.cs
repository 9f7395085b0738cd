namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe void SoftmaxForward(Workers workers, int rows, int classes, float* x, float* y, bool logarithm);

    internal abstract unsafe void SoftmaxBackward(
        Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate, bool logarithm);

    internal abstract unsafe void CrossentropyForward(
        Workers workers, int rows, int classes, float* logits, float* targets, float* probabilities, float* losses, bool sparse);

    internal abstract unsafe void CrossentropyBackward(
        Workers workers, int rows, int classes, float* probabilities, float* targets, float* scale, float* dlogits, bool accumulate, bool sparse);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override void SoftmaxForward(Workers workers, int rows, int classes, float* x, float* y, bool logarithm)
        => SoftmaxLoop<TSimd, TVector>.Forward(workers, rows, classes, x, y, logarithm);

    /// <inheritdoc/>
    internal override void SoftmaxBackward(
        Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate, bool logarithm)
        => SoftmaxLoop<TSimd, TVector>.Backward(workers, rows, classes, y, dy, dx, accumulate, logarithm);

    /// <inheritdoc/>
    internal override void CrossentropyForward(
        Workers workers, int rows, int classes, float* logits, float* targets, float* probabilities, float* losses, bool sparse)
        => CrossentropyLoop<TSimd, TVector>.Forward(workers, rows, classes, logits, targets, probabilities, losses, sparse);

    /// <inheritdoc/>
    internal override void CrossentropyBackward(
        Workers workers, int rows, int classes, float* probabilities, float* targets, float* scale, float* dlogits, bool accumulate, bool sparse)
        => CrossentropyLoop<TSimd, TVector>.Backward(workers, rows, classes, probabilities, targets, scale, dlogits, accumulate, sparse);
}
