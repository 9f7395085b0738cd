namespace FlatFuse.Layers;

/// <summary>How <see cref="Bidirectional"/> joins its two outputs.</summary>
public enum MergeMode
{
    /// <summary>Side by side on the last axis.</summary>
    Concatenate,

    /// <summary>Added.</summary>
    Sum,

    /// <summary>Multiplied, element by element.</summary>
    Multiply,

    /// <summary>Added and halved.</summary>
    Average,

    /// <summary>Not at all: there are two outputs.</summary>
    None,
}
