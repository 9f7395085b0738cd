using FlatFuse.Layers;

namespace FlatFuse.Models;

public partial class Model
{
    /// <summary>Lets every stateful layer, at any depth, begin its next call with zeros.</summary>
    public void ResetStates()
    {
        foreach (Layer layer in Layers)
            layer.ForgetState();
    }
}
