namespace FlatFuse.Autograd;

/// <summary>Follows a forward pass layer by layer, for tools that look for trouble; an ordinary pass has none.</summary>
public interface ICallObserver
{
    /// <summary>A layer begins; what is heard until <see cref="Left"/> happens inside it.</summary>
    /// <param name="scope">The layer's name.</param>
    void Entered(string scope);

    /// <summary>The innermost layer has computed an output.</summary>
    /// <param name="output">The output.</param>
    void Computed(Variable output);

    /// <summary>The innermost layer ends.</summary>
    void Left();
}
