using FlatFuse.Layers;

namespace FlatFuse.Models.Tests.Saving;

/// <summary>Options that files give at a call of a layer.</summary>
public sealed class CallOptionTests
{
    [Theory]
    [InlineData("""[[["x", 0, 0, {"use_causal_mask": true}], ["x", 0, 0, {}]]]""")]
    [InlineData("""[{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], "kwargs": {"use_causal_mask": true, "training": null}}]""")]
    public void A_causal_mask_asked_for_at_the_call_is_used_and_saved(string calls)
    {
        Model model = Read("Attention", calls);
        Assert.True(((Attention)model.GetLayer("a")).UseCausalMask);
        Assert.True(((Attention)Model.FromJson(model.ToJson()).GetLayer("a")).UseCausalMask);
    }

    [Fact]
    public void Options_that_are_off_change_nothing()
        => Assert.False(((Attention)Read("Attention", """[[["x", 0, 0, {"use_causal_mask": false, "return_attention_scores": false, "training": true}], ["x", 0, 0, {}]]]""").GetLayer("a")).UseCausalMask);

    [Fact]
    public void An_option_that_would_change_the_result_and_is_not_known_is_refused()
    {
        var error = Assert.Throws<NotSupportedException>(() => Read("Attention", """[[["x", 0, 0, {"return_attention_scores": true}], ["x", 0, 0, {}]]]"""));
        Assert.Contains("'a' (Attention)", error.Message);
        Assert.Contains("return_attention_scores", error.Message);
    }

    private static Model Read(string className, string calls) => Model.FromJson($$$"""
        {"class_name": "Functional", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 3, 2]}, "inbound_nodes": []},
          {"class_name": "{{{className}}}", "name": "a", "config": {"name": "a"}, "inbound_nodes": {{{calls}}}}],
          "input_layers": [["x", 0, 0]], "output_layers": [["a", 0, 0]]}}
        """);
}
