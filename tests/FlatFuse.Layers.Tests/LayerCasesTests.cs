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
    public void What_is_saved_is_read_again(LayerCase row) => LayerCheck.RoundTrip(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void A_recorded_call_follows_weights_that_move(LayerCase row) => LayerCheck.MovedWeights(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void The_mask_goes_where_Keras_sends_it(LayerCase row) => LayerCheck.Mask(row);

    [Theory]
    [MemberData(nameof(LayerCases.Rows), MemberType = typeof(LayerCases))]
    public void Wrong_shapes_are_refused_with_advice(LayerCase row) => LayerCheck.Refusal(row);

    [Fact]
    public void Every_layer_has_a_row_and_an_entry_in_the_registry()
    {
        Layer[] made = [.. LayerCases.All.Select(row => row.Make())];
        IEnumerable<Type> layers = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        Assert.Empty(layers.Except(made.Select(layer => layer.GetType())).Select(type => type.Name));
        Assert.Empty(LayerRegistry.ClassNames.Except(made.Select(layer => layer.ClassName)));
        Assert.Empty(made.Select(layer => layer.ClassName).Except(LayerRegistry.ClassNames));
    }
}
