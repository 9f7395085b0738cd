using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>The bias of an LSTM whose forget quarter, the second of i, f, c, o, begins at one.</summary>
internal sealed class ForgetBias(Initializer others) : Initializer
{
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        Tensor<float> bias = others.Draw(key, shape);
        int units = shape[0] / 4;
        bias.AsSpan().Slice(units, units).Fill(1f);
        return bias;
    }
}
