using System.Text.Json.Nodes;
using FlatFuse.Layers;
using FlatFuse.Models.Tests.Golden;

namespace FlatFuse.Models.Tests.Saving;

/// <summary>What is written in Keras 3's spelling computes the same when it is read, and holds nothing but what Keras itself writes.</summary>
public sealed class DialectTests
{
    private const string None = "none";

    public static TheoryData<string> Dialects => [.. GoldenFolder.Dialects().DefaultIfEmpty(None)];

    public static TheoryData<string> Keras3 => [.. GoldenFolder.Dialects().Where(name => name.EndsWith(".keras3", StringComparison.Ordinal)).DefaultIfEmpty(None)];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_model_written_for_Keras_3_computes_what_the_reference_says(string name)
    {
        if (name == None)
            return;
        JsonObject goldenCase = GoldenFolder.Read("cases", name[..name.LastIndexOf('.')]);
        goldenCase["model"] = JsonNode.Parse(Read(name).ToJson(ArchitectureDialect.Keras3));
        GoldenRunner.Run(goldenCase);
    }

    [Theory]
    [MemberData(nameof(Keras3))]
    public void Everything_written_is_what_Keras_3_writes(string name)
    {
        if (name == None)
            return;
        Model model = Read(name);
        JsonNode ours = JsonNode.Parse(model.ToJson(ArchitectureDialect.Keras3))!;
        var differences = new List<string>();
        Compare("", ours, GoldenFolder.Read("dialects", name), differences);
        Assert.Empty(differences);
        Assert.Equal(ours.ToJsonString(), JsonNode.Parse(Model.FromJson(ours.ToJsonString()).ToJson(ArchitectureDialect.Keras3))!.ToJsonString());
    }

    [Fact]
    public void A_threshold_is_read_back_and_refused_where_Keras_has_no_form_for_it()
    {
        var model = new Sequential([Input.Of([3]), new Dense(2, Activation.Threshold(0.5, -1))]);
        Assert.Equal(model.ToJson(), Model.FromJson(model.ToJson()).ToJson());
        string message = Assert.Throws<InvalidOperationException>(() => model.ToJson(ArchitectureDialect.Keras3)).Message;
        Assert.Contains("threshold", message);
    }

    [Fact]
    public void Options_states_and_seeds_survive()
    {
        var query = Input.Of([4, 6], name: "query");
        var state = Input.Of([3], name: "state");
        var ids = Input.Of([4], name: "ids", dtype: DType.Int32);
        SymbolicTensor attended = new MultiHeadAttention(2, 3).Apply(new CallOptions { UseCausalMask = true }, query, query);
        SymbolicTensor gru = new GRU(3) { KernelRegularizer = new L2(0.1), BiasConstraint = new NonNegative(), KernelInitializer = new Orthogonal() }.Apply(attended, state);
        SymbolicTensor words = new Bidirectional(new LSTM(2)).Apply(new Embedding(9, 2).Apply(ids));
        SymbolicTensor joined = new Concatenate().Apply(gru, words);
        var model = new Model([query, state, ids], [joined, gru]) { Seed = 5 };
        string written = model.ToJson(ArchitectureDialect.Keras3);
        Model read = Model.FromJson(written);
        Assert.Equal(written, read.ToJson(ArchitectureDialect.Keras3));
        Assert.Equal(model.ToJson(), read.ToJson());
        Assert.Contains("keras.regularizers", written);
        Assert.Contains("keras.constraints", written);
        Assert.Contains("initial_state", written);
        Assert.Equal(5, read.Seed);
    }

    private static Model Read(string name) => Model.FromJson(GoldenFolder.Read("dialects", name).ToJsonString());

    // Keras may write more (what equals its defaults); one number stands for a list of one.
    private static void Compare(string path, JsonNode? ours, JsonNode? theirs, List<string> differences)
    {
        if (ours is JsonObject members && theirs is JsonObject known)
        {
            foreach ((string key, JsonNode? value) in members)
            {
                if (known.ContainsKey(key))
                    Compare($"{path}/{key}", value, known[key], differences);
                else if (key != "build_config")
                    differences.Add($"{path}/{key} is not in Keras's file");
            }
        }
        else if (ours is JsonArray list && theirs is JsonArray others && list.Count == others.Count)
        {
            for (int i = 0; i < list.Count; i++)
                Compare($"{path}/{i}", list[i], others[i], differences);
        }
        else if (ours is JsonValue && theirs is JsonArray { Count: 1 } single)
        {
            Compare(path, ours, single[0], differences);
        }
        else if (!JsonNode.DeepEquals(ours, theirs))
        {
            differences.Add($"{path} is {ours?.ToJsonString() ?? "null"}, Keras has {theirs?.ToJsonString() ?? "null"}");
        }
    }
}
