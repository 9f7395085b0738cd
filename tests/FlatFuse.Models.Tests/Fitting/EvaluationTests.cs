using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests;

public sealed class EvaluationTests
{
    [Fact]
    public void An_evaluation_shows_whole_matrices_and_the_scores_of_all_classes()
    {
        // The model passes its input on: the predictions are the rows of x.
        var model = new Sequential([Input.Of([3]), new Activation(Activation.Linear)]);
        model.Compile(new SGD(), Loss.MeanSquaredError, [new ConfusionMatrix(3), new F1Score(), new Precision { Thresholds = [0.4, 0.65] }, Metric.MeanSquaredError]);
        Tensor<float> x = Tensor.From(new float[,] { { 0.7f, 0.2f, 0.1f }, { 0.1f, 0.6f, 0.3f }, { 0.6f, 0.3f, 0.1f } });
        Tensor<float> y = Tensor.From(new float[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        // Batches of 2 and 1: details are of the whole pass.
        Evaluation evaluation = model.Evaluate(x, y, batchSize: 2);
        Tensor<double> matrix = evaluation.Details("confusion_matrix");
        Assert.Equal([3, 3], matrix.Shape.ToArray());
        Assert.Equal([1, 0, 0, 0, 1, 0, 1, 0, 0], matrix.ToArray());
        Assert.Equal(2.0 / 3, evaluation["confusion_matrix"], 1e-12);
        Tensor<double> scores = evaluation.Details("f1_score");
        Assert.Equal([3], scores.Shape.ToArray());
        // Precision 1/2 and recall 1; both 1; nothing found. Keras adds 1e-7 to the denominators.
        Assert.Equal(2.0 / 3, scores[0], 1e-6);
        Assert.Equal(1, scores[1], 1e-6);
        Assert.Equal(0, scores[2]);
        Assert.Equal([2.0 / 3, 1], evaluation.Details("precision").ToArray());
        Assert.Equal(0, evaluation.Details("mse").Rank);
        Assert.Equal(evaluation["mse"], evaluation.Details("mse").ToArray()[0]);
        Assert.Equal(evaluation.Loss, evaluation.Details("loss").ToArray()[0]);
        Assert.Throws<KeyNotFoundException>(() => evaluation.Details("matrix"));
        // Another pass changes nothing that was given out.
        model.Evaluate(x[..1], y[..1]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 1, 0, 0], matrix.ToArray());
    }
}
