namespace FlatFuse.Kernels;

/// <summary>Which cell the shared recurrent frame runs.</summary>
internal enum RecurrentKind
{
    /// <summary>h' = a(x K + h R + b).</summary>
    Simple,

    /// <summary>A GRU whose reset gate scales the state before the product.</summary>
    ResetBefore,

    /// <summary>A GRU whose reset gate scales the product.</summary>
    ResetAfter,
}
