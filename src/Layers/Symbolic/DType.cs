namespace FlatFuse.Layers;

/// <summary>The declared element type of an input. Inside the graph everything is float32; whole numbers are exact up to 16,777,216.</summary>
public enum DType
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>Whole numbers such as token ids: no gradient flows into them.</summary>
    Int32,
}
