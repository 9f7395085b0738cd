namespace FlatFuse.Layers;

/// <summary>What a convolution or pooling does at the ends of its input.</summary>
public enum Padding
{
    /// <summary>Nothing: whole windows inside the input only, so the output is shorter. The default.</summary>
    Valid,

    /// <summary>Zeros on both ends, one more behind where they do not pair: ⌈steps/stride⌉ windows. Pooling counts real entries only.</summary>
    Same,

    /// <summary>Zeros in front only, so that an output step sees no later input step: ⌈steps/stride⌉ windows.</summary>
    Causal,
}
