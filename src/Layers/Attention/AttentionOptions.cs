using System.Text.Json.Nodes;

namespace FlatFuse.Layers;

/// <summary>Keras's names of what attention takes at a call.</summary>
internal static class AttentionOptions
{
    /// <summary>The key of <see cref="CallOptions.UseCausalMask"/>.</summary>
    public const string Causal = "use_causal_mask";

    /// <summary>The key of <see cref="CallOptions.ReturnAttentionScores"/>.</summary>
    public const string Scores = "return_attention_scores";

    /// <summary>Takes one from a file.</summary>
    /// <returns>False when it is none of these.</returns>
    public static bool TryRead(ref CallOptions? options, string key, JsonValue value)
    {
        if (key is not (Causal or Scores) || !value.TryGetValue(out bool on))
            return false;
        options ??= new CallOptions();
        options = key == Causal ? options with { UseCausalMask = on } : options with { ReturnAttentionScores = on };
        return true;
    }
}
