using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>Penalties and constraints: numbers, gradients, files, refusals.</summary>
public sealed class RegularizerTests
{
    private readonly CallContext _context = new();

    public static TheoryData<Regularizer> Penalties => [new L1(0.3), new L2(0.2), new L1L2(0.1, 0.2), new OrthogonalRegularizer(0.5), new OrthogonalRegularizer(0.5, columns: true)];

    public static TheoryData<Constraint> Bounds => [new MaxNorm(1.5, 0, 1), new NonNegative(), new UnitNorm(-1), new MinMaxNorm(0.25, 0.75, 0.5)];

    [Fact]
    public void Penalties_are_sums_over_the_weights()
    {
        Variable w = _context.Constant(Values.Of([1, -2, 3, 0], 2, 2));
        Assert.Equal(0.6f, Number(new L1(0.1).Penalty(w)), 1e-6f);
        Assert.Equal(1.4f, Number(new L2(0.1).Penalty(w)), 1e-6f);
        Assert.Equal(2f, Number(new L1L2(0.1, 0.1).Penalty(w)), 1e-6f);
        // Rows (1, −2) and (3, 0): one pair, |cos| = 3 / (√5 · 3), and half the sum over (i, j) and (j, i).
        Assert.Equal((float)(0.01 / Math.Sqrt(5)), Number(new OrthogonalRegularizer().Penalty(w)), 1e-8f);
        // Columns (1, 3) and (−2, 0).
        Assert.Equal((float)(0.01 / Math.Sqrt(10)), Number(new OrthogonalRegularizer(columns: true).Penalty(w)), 1e-8f);
    }

    [Fact]
    public void One_vector_has_no_pair_and_no_penalty()
        => Assert.Equal(0f, Number(new OrthogonalRegularizer().Penalty(_context.Constant(Values.Of([1, 2], 1, 2)))));

    [Theory]
    [MemberData(nameof(Penalties))]
    public void Gradients_agree_with_measured_derivatives(Regularizer regularizer)
    {
        // At least 0.2 from 0 and from right angles, so that no kink of |x| lies within reach.
        Tensor<float> w = Values.Of([1.1f, -0.6f, 0.4f, 0.5f, 0.9f, 1.3f], 3, 2);
        GradientCheck.Verify((_, values) => regularizer.Penalty(values[0]), [w]);
    }

    [Theory]
    [MemberData(nameof(Penalties))]
    public void A_regularizer_survives_its_file(Regularizer regularizer)
    {
        JsonObject written = Regularizers.ToConfig(regularizer);
        Regularizer read = Regularizers.FromConfig(JsonNode.Parse(written.ToJsonString())!);
        Assert.IsType(regularizer.GetType(), read);
        Assert.Equal(written.ToJsonString(), Regularizers.ToConfig(read).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_constraint_survives_its_file(Constraint constraint)
    {
        JsonObject written = Constraints.ToConfig(constraint);
        Constraint read = Constraints.FromConfig(JsonNode.Parse(written.ToJsonString())!);
        Assert.IsType(constraint.GetType(), read);
        Assert.Equal(written.ToJsonString(), Constraints.ToConfig(read).ToJsonString());
    }

    [Fact]
    public void Names_alone_have_the_defaults_of_Keras()
    {
        Assert.Equal(0.01, ((L1)Regularizers.FromConfig("l1")).Factor);
        Assert.Equal(0.01, ((L2)Regularizers.FromConfig("L2")).Factor);
        Assert.Equal(0, ((L1L2)Regularizers.FromConfig("l1_l2")).SquareFactor);
        Assert.Equal(2, ((MaxNorm)Constraints.FromConfig("max_norm")).MaxValue);
        Assert.IsType<NonNegative>(Constraints.FromConfig("non_neg"));
        Assert.Contains("known are", Assert.Throws<InvalidDataException>(() => Regularizers.FromConfig("l3")).Message);
        Assert.Contains("known are", Assert.Throws<InvalidDataException>(() => Constraints.FromConfig("knot")).Message);
        Assert.Contains("expected a name", Assert.Throws<InvalidDataException>(() => Constraints.FromConfig(3)).Message);
    }

    [Fact]
    public void Constraints_change_lengths_along_their_axes()
    {
        // Columns (3, 4) of length 5 and (0.3, 0.4) of length 0.5.
        Near([1.2f, 0.3f, 1.6f, 0.4f], Applied(new MaxNorm(2)));
        Near([0.6f, 0.6f, 0.8f, 0.8f], Applied(new UnitNorm()));
        // Half of the way to 2 and to 1: lengths 3.5 and 0.75.
        Near([2.1f, 0.45f, 2.8f, 0.6f], Applied(new MinMaxNorm(1, 2, 0.5)));
        // Rows (3, 0.3) and (4, 0.4).
        double first = Math.Sqrt(9.09), second = Math.Sqrt(16.16);
        Near([(float)(3 / first), (float)(0.3 / first), (float)(4 / second), (float)(0.4 / second)], Applied(new UnitNorm(1)));
        double all = Math.Sqrt(25.25);
        Near([(float)(3 / all), (float)(0.3 / all), (float)(4 / all), (float)(0.4 / all)], Applied(new UnitNorm(0, 1)));
        float[] weights = [-1, 2, float.NaN, -0f];
        new NonNegative().Apply(weights, [4]);
        Assert.Equal([0f, 2, float.NaN, 0], weights);
    }

    [Fact]
    public void A_constraint_on_many_columns_measures_each()
    {
        // More columns than are measured side by side, and an axis before and behind.
        Tensor<float> w = Values.Random(3, 3, 4, 150);
        new UnitNorm(1).Apply(w.AsSpan(), w.Shape);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 150; j++)
            {
                double squares = 0;
                for (int k = 0; k < 4; k++)
                    squares += (double)w[i, k, j] * w[i, k, j];
                // Four roundings of a float each, and the 1e-7 of the formula.
                Assert.Equal(1, squares, 1e-5);
            }
        }
    }

    [Fact]
    public void Rules_are_written_under_Keras_keys_and_read_again()
    {
        var layer = new LSTM(2)
        {
            Name = "lstm", KernelRegularizer = new L2(0.1), RecurrentConstraint = new MaxNorm(1), BiasRegularizer = new L1(0.2), ActivityRegularizer = new L1L2(0, 0.3),
        };
        JsonObject written = LayerRegistry.Write(layer);
        Assert.Equal("L2", (string)written["config"]!["kernel_regularizer"]!["class_name"]!);
        Assert.Equal(1, (double)written["config"]!["recurrent_constraint"]!["config"]!["max_value"]!);
        var read = (LSTM)LayerRegistry.Read((JsonObject)JsonNode.Parse(written.ToJsonString())!);
        Assert.Equal(0.1, Assert.IsType<L2>(read.KernelRegularizer).Factor);
        Assert.Equal(0.2, Assert.IsType<L1>(read.BiasRegularizer).Factor);
        Assert.Equal(0.3, Assert.IsType<L1L2>(read.ActivityRegularizer).SquareFactor);
        Assert.Null(read.RecurrentRegularizer);
        LayerCheck.Built(read, [1, 3, 2]);
        Assert.Equal(["kernel", "recurrent_kernel", "bias"], read.WeightRules.Select(rule => rule.Parameter.Name));
    }

    [Fact]
    public void Every_layer_with_weights_has_rules_for_them_under_Keras_names()
    {
        var penalty = new L2();
        var bound = new NonNegative();
        AssertRules(new Dense(2) { KernelRegularizer = penalty, BiasConstraint = bound }, ["kernel", "bias"], [2, 3]);
        AssertRules(new Embedding(4, 2) { EmbeddingsRegularizer = penalty, EmbeddingsConstraint = bound }, ["embeddings"], [2, 3]);
        AssertRules(new Conv1D(2, 1) { KernelConstraint = bound, BiasRegularizer = penalty }, ["kernel", "bias"], [1, 3, 2]);
        AssertRules(new Conv2D(2, 1) { KernelConstraint = bound, BiasRegularizer = penalty }, ["kernel", "bias"], [1, 3, 3, 2]);
        AssertRules(new DepthwiseConv1D(1) { DepthwiseRegularizer = penalty, BiasConstraint = bound }, ["kernel", "bias"], [1, 3, 2]);
        AssertRules(new SeparableConv1D(2, 1) { DepthwiseRegularizer = penalty, PointwiseConstraint = bound }, ["depthwise_kernel", "pointwise_kernel"], [1, 3, 2]);
        AssertRules(new Conv1DTranspose(2, 1) { KernelRegularizer = penalty }, ["kernel"], [1, 3, 2]);
        AssertRules(new LSTM(2) { RecurrentRegularizer = penalty }, ["recurrent_kernel"], [1, 3, 2]);
        AssertRules(new GRU(2) { KernelRegularizer = penalty, BiasConstraint = bound }, ["kernel", "bias"], [1, 3, 2]);
        AssertRules(new SimpleRNN(2) { RecurrentConstraint = bound }, ["recurrent_kernel"], [1, 3, 2]);
        AssertRules(new BatchNormalization { GammaRegularizer = penalty, BetaConstraint = bound }, ["gamma", "beta"], [2, 3]);
        AssertRules(new LayerNormalization { GammaRegularizer = penalty }, ["gamma"], [2, 3]);
        AssertRules(new GroupNormalization(1) { BetaRegularizer = penalty }, ["beta"], [2, 3]);
        AssertRules(new PReLU { AlphaConstraint = bound }, ["alpha"], [2, 3]);
        AssertRules(new MultiHeadAttention(1, 2) { BiasRegularizer = penalty }, ["query/bias", "key/bias", "value/bias", "attention_output/bias"], [1, 2, 2], [1, 2, 2]);
    }

    [Fact]
    public void A_rule_for_a_weight_that_is_not_there_is_refused()
    {
        Layer layer = LayerRegistry.Read(new JsonObject { ["class_name"] = "Flatten", ["config"] = new JsonObject { ["name"] = "flat", ["kernel_regularizer"] = "l2" } });
        var error = Assert.Throws<ArgumentException>(() => LayerCheck.Built(layer, [2, 3]));
        Assert.Contains("'flat'", error.Message);
        Assert.Contains("kernel_regularizer", error.Message);
        // A bias that is left out needs none, as in Keras.
        LayerCheck.Built(new Dense(2) { UseBias = false, BiasRegularizer = new L2() }, [2, 3]);
    }

    [Fact]
    public void Weights_without_the_axes_of_a_constraint_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => LayerCheck.Built(new Dense(2) { BiasConstraint = new MaxNorm(1, 1) }, [2, 3]));
        Assert.Contains("MaxNorm: bias has shape (2,)", error.Message);
        error = Assert.Throws<ArgumentException>(() => LayerCheck.Built(new Dense(2) { BiasRegularizer = new OrthogonalRegularizer() }, [2, 3]));
        Assert.Contains("OrthogonalRegularizer: bias has shape (2,)", error.Message);
    }

    [Fact]
    public void Activities_are_penalised_for_each_sample_of_the_batch()
    {
        var layer = new ActivityRegularization(0.5, 0.25);
        layer.Apply(_context.Constant(Values.Of([1, -2, 3, 0], 2, 2)));
        Assert.Equal((0.5f * 6 + 0.25f * 14) / 2, Number(Assert.Single(_context.Losses)), 1e-6f);
        var quiet = new CallContext { CollectsLosses = false };
        layer.Apply(quiet.Constant(Values.Of([1, -2], 1, 2)));
        Assert.Empty(quiet.Losses);
    }

    [Fact]
    public void Wrappers_keep_the_rules_of_the_layers_inside()
    {
        Layer both = LayerCheck.Built(new Bidirectional(new LSTM(2) { KernelRegularizer = new L2() }), [1, 3, 2]);
        Assert.Equal(2, both.AllWeightRules().Count);
        Layer each = LayerCheck.Built(new TimeDistributed(new Dense(2) { KernelRegularizer = new L2() }), [1, 3, 2]);
        Assert.Single(each.AllWeightRules());
    }

    private static void AssertRules(Layer layer, string[] weights, params int[][] inputs)
    {
        var read = LayerRegistry.Read((JsonObject)JsonNode.Parse(LayerRegistry.Write(layer).ToJsonString())!);
        foreach (Layer one in new[] { layer, read })
            Assert.Equal(weights, LayerCheck.Built(one, inputs).WeightRules.Select(rule => rule.Parameter.Name));
    }

    private static float Number(Variable value) => value.Value.AsSpan()[0];

    private static float[] Applied(Constraint constraint)
    {
        float[] weights = [3, 0.3f, 4, 0.4f];
        constraint.Apply(weights, [2, 2]);
        return weights;
    }

    // The 1e-7 that Keras adds to a length of 0.5 changes a weight by 2e-7 of itself; the rest is rounding.
    private static void Near(float[] want, float[] got)
    {
        for (int i = 0; i < want.Length; i++)
            Assert.Equal(want[i], got[i], 2e-6f);
    }
}
