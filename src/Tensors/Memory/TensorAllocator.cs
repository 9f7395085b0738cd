namespace FlatFuse.Tensors;

/// <summary>The one door through which the outputs of operations get their memory.</summary>
public abstract class TensorAllocator
{
    /// <summary>Ordinary arrays, collected when nothing refers to them.</summary>
    public static TensorAllocator Heap { get; } = new HeapAllocator();

    /// <summary>A contiguous tensor of undefined content.</summary>
    /// <param name="shape">Sizes.</param>
    public abstract Tensor<float> Allocate(params ReadOnlySpan<int> shape);

    private sealed class HeapAllocator : TensorAllocator
    {
        public override Tensor<float> Allocate(params ReadOnlySpan<int> shape)
            => new(GC.AllocateUninitializedArray<float>(Shapes.Count(shape)), new Layout(shape));
    }
}
