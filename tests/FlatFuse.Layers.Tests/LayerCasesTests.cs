namespace FlatFuse.Layers.Tests;

public sealed class LayerCasesTests
{
    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void The_output_has_the_inferred_shape(LayerCase row) => LayerCheck.OutputShape(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void The_weights_have_the_expected_size(LayerCase row) => LayerCheck.ParameterCount(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Gradients_agree_with_measured_derivatives(LayerCase row) => LayerCheck.Gradients(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Descent_lowers_a_loss(LayerCase row) => LayerCheck.Descent(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Fit_trains_to_the_same_bits_eagerly_captured_and_replayed(LayerCase row) => LayerFitCheck.Run(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Permuted_samples_give_permuted_outputs(LayerCase row) => LayerCheck.BatchPermutation(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void No_samples_give_no_output_and_no_gradient(LayerCase row) => LayerCheck.EmptyBatch(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void What_is_saved_is_read_again(LayerCase row) => LayerCheck.RoundTrip(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void A_recorded_call_follows_weights_that_move(LayerCase row) => LayerCheck.MovedWeights(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void The_mask_goes_where_Keras_sends_it(LayerCase row) => LayerCheck.Mask(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Gradients_under_a_mask_agree_with_measured_derivatives(LayerCase row) => LayerCheck.MaskedGradients(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void A_recorded_call_follows_a_mask_that_changes(LayerCase row) => LayerCheck.ChangedMask(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Wrong_shapes_are_refused_with_advice(LayerCase row) => LayerCheck.Refusal(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Values_of_wrong_shapes_are_refused_too(LayerCase row) => LayerCheck.RefusalOfValues(row);

    [Fact]
    public void Every_layer_has_a_row_and_an_entry_in_the_registry()
    {
        Layer[] made = [.. LayerCases.All.Select(row => row.Make())];
        IEnumerable<Type> layers = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        Assert.Empty(layers.Except(made.Select(layer => layer.GetType())).Select(type => type.Name));
        Assert.Empty(LayerRegistry.ClassNames.Except(made.Select(layer => layer.ClassName)));
        Assert.Empty(made.Select(layer => layer.ClassName).Except(LayerRegistry.ClassNames));
    }

    [Fact]
    public void Every_layer_that_takes_steps_has_a_row_with_steps()
    {
        // Those that take rows of features or ids: a mask over steps has nowhere to lie.
        Type[] without = [typeof(Embedding), typeof(RepeatVector), typeof(GRUCell), typeof(LSTMCell), typeof(SimpleRNNCell)];
        IEnumerable<Type> with = LayerCases.All.Where(row => row.HasSteps).Select(row => row.Make().GetType());
        Assert.Empty(LayerCases.All.Select(row => row.Make().GetType()).Except(with).Except(without).Select(type => type.Name));
    }
}
