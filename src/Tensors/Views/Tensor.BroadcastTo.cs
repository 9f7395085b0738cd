namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A view that repeats axes of size 1 and missing leading axes (stride 0; nothing is copied). It is for reading.</summary>
    /// <param name="shape">Sizes of the view.</param>
    /// <exception cref="ArgumentException">The shape does not follow from this tensor's by NumPy's rule.</exception>
    public Tensor<T> BroadcastTo(params ReadOnlySpan<int> shape) => View(Layout.BroadcastTo(shape));
}
