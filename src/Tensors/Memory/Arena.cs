using FlatFuse.Kernels;

namespace FlatFuse.Tensors;

/// <summary>
/// Memory for everything a training step or a prediction computes: pinned slabs, every tensor on a 64-byte boundary,
/// given back all at once by <see cref="Reset"/>. Fresh arrays for large tensors would cost 5–8 times the work done on them.
/// </summary>
public sealed class Arena : TensorAllocator
{
    private const int FirstSlabFloats = 64 * 1024;

    private readonly List<AlignedBuffer> _slabs = [];
    private readonly bool _poison;
    private int _slab;
    private int _used;

    /// <summary>Creates an empty arena.</summary>
    /// <param name="poison">True to fill memory with NaN when it is given back: a test switch that makes a use after <see cref="Reset"/> visible.</param>
    public Arena(bool poison = false) => _poison = poison;

    /// <summary>Floats in all slabs.</summary>
    public long CapacityFloats => _slabs.Sum(slab => (long)slab.Length);

    /// <inheritdoc/>
    public override Tensor<float> Allocate(params ReadOnlySpan<int> shape)
    {
        int count = AlignedBuffer.RoundUp(Shapes.Count(shape));
        while (_slab < _slabs.Count && _used + (long)count > _slabs[_slab].Length)
        {
            _slab++;
            _used = 0;
        }
        if (_slab == _slabs.Count)
            AddSlab(count);
        AlignedBuffer slab = _slabs[_slab];
        var tensor = new Tensor<float>(slab.Array, new Layout(shape, slab.Offset + _used));
        _used += count;
        return tensor;
    }

    /// <summary>Takes all memory back; tensors handed out before must not be used any more.</summary>
    public void Reset()
    {
        _slab = 0;
        _used = 0;
        if (_poison)
            _slabs.ForEach(slab => slab.Span.Fill(float.NaN));
    }

    private void AddSlab(int count)
    {
        int previous = _slabs.Count == 0 ? FirstSlabFloats / 2 : _slabs[^1].Length;
        int doubled = (int)Math.Min(2L * previous, 16 * 1024 * 1024);
        var slab = new AlignedBuffer(Math.Max(count, doubled));
        if (_poison)
            slab.Span.Fill(float.NaN);
        _slabs.Add(slab);
        _used = 0;
    }
}
