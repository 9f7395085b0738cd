using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Systems;

namespace FlatFuse.Samples.Tests;

/// <summary>The shapes and parameter counts of every seed system, as its summary prints them.</summary>
public sealed class SystemShapeTests
{
    [Fact]
    public void S01_fuses_100_states_and_6272_features()
        => Printed(WordsAndCharacters.Build(), 110_325, "(None, 100)", "(None, 98, 64)", "(None, 6272)", "(None, 6372)", "text_input", "behavioral_input");

    [Fact]
    public void S02_fuses_different_lengths_and_widths()
        => Printed(TwoSequences.Build(), 42_690, "(None, 30, 64)", "(None, 70, 32)", "(None, 60)", "(None, 40)", "(None, 100)", "(None, 10)");

    [Fact]
    public void S03_flattens_144_by_64_to_9216()
        => Printed(StackedConvolutions.Build(), 1_632 + 6_208 + 46_085, "(None, 146, 32)", "(None, 144, 64)", "(None, 9216)", "(None, 5)");

    [Fact]
    public void S11_joins_a_series_and_features()
        => Printed(SeriesAndFeatures.Build(), 4_625, "(None, 32)", "(None, 16)", "(None, 8)", "(None, 40)", "(None, 1)");

    [Fact]
    public void S12_flattens_20_states_of_64_to_1280()
        => Printed(FlattenedStates.Build(), 24_773, "(None, 20, 64)", "(None, 1280)", "(None, 1296)", "(None, 5)");

    [Fact]
    public void S12_as_published_is_refused_with_both_shapes_and_the_fix()
        => Refused(() => FlattenedStates.Build(-1, 1280), "concatenate", "(None, 1, 1280)", "(None, 16)", "Reshape");

    [Fact]
    public void S13_adds_two_branches_of_32()
        => Printed(ElementwiseMerges.Build(), 4_352 + 192 + 33, "(None, 32)", "add", "(None, 1)");

    [Fact]
    public void S13_also_averages_multiplies_and_takes_the_maximum()
    {
        Printed(ElementwiseMerges.Build(new Average()), 4_577, "average");
        Printed(ElementwiseMerges.Build(new Multiply()), 4_577, "multiply");
        Printed(ElementwiseMerges.Build(new Maximum()), 4_577, "maximum");
    }

    [Fact]
    public void S21_uses_one_kernel_at_every_position()
        => Printed(DenseFlattenDense.Build(), 48 + 196, "(None, 3, 16)", "(None, 48)", "(None, 4)");

    [Fact]
    public void S22_keeps_the_positions()
        => Printed(DenseWithoutFlatten.Build(), 48 + 68, "(None, 3, 16)", "(None, 3, 4)");

    [Fact]
    public void S23_gives_every_position_its_own_weights()
        => Printed(FlattenFirst.Build(), 112 + 68, "(None, 6)", "(None, 16)", "(None, 4)");

    [Fact]
    public void S24_flattens_10_by_64_to_640() => Printed(FlattenForms.Build(), 0, "(None, 10, 64)", "(None, 640)");

    [Fact]
    public void S3_has_4963841_parameters()
        => Printed(FlattenedOrLast.Build(), 4_963_841, "(None, 500, 128)", "(None, 64000)", "(None, 1)", "4,768,256", "131,584", "64,001", "4,963,841");

    [Fact]
    public void S3_with_the_last_state_has_the_same_embedding_and_LSTM()
        => Printed(FlattenedOrLast.Build(flattened: false), 4_768_256 + 131_584 + 129, "(None, 128)", "(None, 1)");

    [Fact]
    public void S41_reshapes_the_features_for_the_LSTM()
        => Printed(NestedCharacterCnn.Build(), 422_945, "feature_extractor", "(None, 98, 32)", "(None, 49, 32)", "(None, 1568)", "(None, 1, 1568)", "(None, 64)");

    [Fact]
    public void S41_as_published_is_refused_with_both_shapes_and_the_fix()
        => Refused(() => NestedCharacterCnn.Build(repaired: false), "lstm", "(None, 1568)", "Reshape([1, 1568])");

    [Fact]
    public void S42_reads_the_inner_models_output_shape()
        => Printed(NestedDense.Build(), 3_969, "block1", "block2", "(None, 32)", "(None, 1)");

    [Fact]
    public void S43_feeds_two_inner_outputs_and_a_side_branch()
        => Printed(NestedTwoOutputs.Build(), 985, "inner", "(None, 32)", "(None, 16)", "(None, 8)", "(None, 56)", "outer_input1", "outer_input2");

    [Fact]
    public void S43_as_published_is_refused_naming_the_missing_input_and_the_layer_that_needs_it()
        => Refused(() => NestedTwoOutputs.Build(repaired: false), "inner_input", "inner_dense1", "outer_input1");

    [Fact]
    public void The_main_job_fuses_words_characters_and_facts()
        => Printed(EmailFusion.Build(), 1_256_049, "(None, 250, 32)", "(None, 300, 16)", "(None, 296, 32)", "words", "characters", "facts");

    private static void Printed(Model model, long parameters, params string[] expected)
    {
        var output = new StringWriter();
        ModelSummary summary = model.Summary(output, expandNested: true);
        Assert.Equal(parameters, model.CountParameters());
        Assert.Equal(parameters, summary.TotalParameters);
        Assert.All(expected, text => Assert.Contains(text, output.ToString()));
    }

    private static void Refused(Func<Model> build, params string[] expected)
    {
        var refused = Assert.Throws<ArgumentException>(build);
        Assert.All(expected, text => Assert.Contains(text, refused.Message));
    }
}
