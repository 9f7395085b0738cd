namespace FlatFuse.Models;

/// <summary>How an architecture is spelled; <see cref="ArchitectureReader"/> reads both.</summary>
public enum ArchitectureDialect
{
    /// <summary>As Keras 2 and tfjs write it.</summary>
    Keras2,

    /// <summary>As Keras 3's <c>to_json</c> writes it, for <c>keras.models.model_from_json</c>.</summary>
    Keras3,
}
