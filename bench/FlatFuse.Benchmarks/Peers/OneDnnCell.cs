namespace FlatFuse.Benchmarks;

/// <summary>Recurrent layers of oneDNN.</summary>
internal enum OneDnnCell
{
    LSTM,

    /// <summary>The reset gate scales the state in front of the product (Keras's <c>reset_after=False</c>).</summary>
    GRU,

    /// <summary>The reset gate scales the product (Keras's default; oneDNN calls it linear before reset).</summary>
    GRUResetAfter,
}
