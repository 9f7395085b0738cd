namespace FlatFuse.Models.Data;

/// <summary>Which end of a sequence is padded or cut.</summary>
public enum PadSide
{
    /// <summary>The beginning: the last step of every row is real. Keras's default (<c>pre</c>).</summary>
    Before,

    /// <summary>The end (<c>post</c>).</summary>
    After,
}
