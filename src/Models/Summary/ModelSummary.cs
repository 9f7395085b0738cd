namespace FlatFuse.Models;

/// <summary>What <see cref="Model.Summary"/> found: the layers with output shapes and parameter counts, and the totals.</summary>
public sealed class ModelSummary
{
    internal ModelSummary(string name, bool isSequential, IReadOnlyList<LayerSummary> layers, long totalParameters, long trainableParameters)
    {
        Name = name;
        IsSequential = isSequential;
        Layers = layers;
        TotalParameters = totalParameters;
        TrainableParameters = trainableParameters;
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>True for a <see cref="Sequential"/>: what is connected to what goes without saying.</summary>
    public bool IsSequential { get; }

    /// <summary>One row a layer, in the model's order; a functional model's inputs among them.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Numbers in all weights; a shared layer counts once.</summary>
    public long TotalParameters { get; }

    /// <summary>Those that training changes.</summary>
    public long TrainableParameters { get; }

    /// <summary>Frozen weights and state such as moving statistics.</summary>
    public long NonTrainableParameters => TotalParameters - TrainableParameters;

    /// <summary>Keras 3's table.</summary>
    public override string ToString() => ToString(expandNested: false);

    /// <summary>Keras 3's table.</summary>
    /// <param name="expandNested">True to show the layers of nested models below their row.</param>
    public string ToString(bool expandNested)
    {
        var text = new StringWriter { NewLine = "\n" };
        SummaryTable.Write(text, this, expandNested);
        return text.ToString();
    }
}
