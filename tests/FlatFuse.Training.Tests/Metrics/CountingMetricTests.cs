using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public class CountingMetricTests
{
    private static readonly Tensor<float> LabelsTrue = Tensor.From(new float[,] { { 1, 1, 1 }, { 1, 0, 0 }, { 1, 1, 0 } });
    private static readonly Tensor<float> LabelsPredicted = Tensor.From(new float[,] { { 0.2f, 0.6f, 0.7f }, { 0.2f, 0.6f, 0.6f }, { 0.6f, 0.8f, 0 } });
    private static readonly Tensor<float> ClassTrue = Tensor.From(new float[,] { { 0, 0, 1 }, { 1, 0, 0 } });
    private static readonly Tensor<float> ClassPredicted = Tensor.From(new float[,] { { 0.1f, 0.3f, 0.6f }, { 0.3f, 0.5f, 0.2f } });

    // True positives by class 1, 2, 1; predicted 1, 3, 2; actual 3, 2, 1. Keras's 1e-7 in the denominators moves the sixth digit at most.
    [Theory]
    [InlineData(Averaging.None, 0.6555556)]
    [InlineData(Averaging.Micro, 4.0 / 6)]
    [InlineData(Averaging.Macro, 0.6555556)]
    [InlineData(Averaging.Weighted, 0.6277778)]
    public void F1_is_averaged_as_asked(Averaging average, double expected)
        => Assert.Equal(expected, State(new F1Score { Threshold = 0.5, Average = average }, LabelsTrue, LabelsPredicted).Result, 1e-6);

    [Fact]
    public void F_scores_have_one_value_a_class()
    {
        // The examples of Keras's documentation.
        Close([0.5, 0.8, 2.0 / 3], State(new F1Score { Threshold = 0.5 }, LabelsTrue, LabelsPredicted).Results);
        Close([0.3846154, 0.90909094, 0.8333334], State(new FBetaScore(2) { Threshold = 0.5 }, LabelsTrue, LabelsPredicted).Results);
    }

    [Fact]
    public void F1_without_a_threshold_predicts_the_largest_and_rows_have_weights()
    {
        Tensor<float> zeros = Tensor.From(new float[,] { { 0, 0, 0 }, { 0.3f, 0.5f, 0.2f } });
        Close([0, 0, 0], State(new F1Score(), ClassTrue, zeros).Results);
        // Row 0 finds class 2, row 1 predicts class 1 where class 0 is true.
        Close([0, 0, 1], State(new F1Score(), ClassTrue, ClassPredicted).Results);
        // Weighted 3 : 1, micro: 3 hits of 4 predicted and 4 actual.
        Assert.Equal(0.75, State(new F1Score { Average = Averaging.Micro }, ClassTrue, ClassPredicted, Tensor.From([3f, 1f])).Result, 1e-6);
        Assert.Throws<ArgumentException>(() => State(new F1Score(), Tensor.From([1f]), Tensor.From([1f])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new F1Score { Threshold = 0 });
    }

    [Fact]
    public void Only_the_k_largest_of_a_row_can_be_positive()
    {
        Assert.Equal(0.5, State(new Precision { TopK = 1 }, ClassTrue, ClassPredicted).Result);
        Assert.Equal(0.5, State(new Recall { TopK = 1 }, ClassTrue, ClassPredicted).Result);
        Assert.Equal(0.5, State(new Precision { TopK = 2 }, ClassTrue, ClassPredicted).Result);
        Assert.Equal(1.0, State(new Recall { TopK = 2 }, ClassTrue, ClassPredicted).Result);
        // Above 0.4 and among the first two: 0.6, which is right, and 0.5, which is not.
        Assert.Equal(0.5, State(new Recall { TopK = 2, Threshold = 0.4 }, ClassTrue, ClassPredicted).Result);
        // Of equals the first is the larger one.
        Assert.Equal(0.0, State(new Recall { TopK = 1 }, Tensor.From(new float[,] { { 0, 1 } }), Tensor.From(new float[,] { { 0.5f, 0.5f } })).Result);
    }

    [Fact]
    public void Only_the_asked_class_counts()
    {
        Assert.Equal(0.0, State(new Precision { ClassId = 1, Threshold = 0.4 }, ClassTrue, ClassPredicted).Result);
        Assert.Equal(1.0, State(new Precision { ClassId = 2 }, ClassTrue, ClassPredicted).Result);
        Assert.Equal(0.0, State(new Recall { ClassId = 0 }, ClassTrue, ClassPredicted).Result);
        Assert.Contains("class 3", Assert.Throws<ArgumentException>(() => State(new Recall { ClassId = 3 }, ClassTrue, ClassPredicted)).Message);
    }

    [Fact]
    public void Several_thresholds_have_one_value_each()
    {
        MetricState recall = State(new Recall { Thresholds = [0.25, 0.5] }, ClassTrue, ClassPredicted);
        Assert.Equal([1.0, 0.5], recall.Results);
        Assert.Equal(0.75, recall.Result);
        // Above 0.25: 0.3, 0.6, 0.3, 0.5, two of them right; above 0.5: 0.6 alone.
        Assert.Equal([0.5, 1.0], State(new Precision { Thresholds = [0.25, 0.5] }, ClassTrue, ClassPredicted).Results);
        Assert.Throws<ArgumentException>(() => new Precision { Thresholds = [] });
        Assert.ThrowsAny<ArgumentException>(() => new Precision { Thresholds = [1.5] });
    }

    // Thresholds -e, 0.5, 1+e: true positives 2, 1, 0; false positives 2, 0, 0.
    [Theory]
    [InlineData(AUCCurve.ROC, AUCSummation.Interpolation, 0.75)]
    [InlineData(AUCCurve.ROC, AUCSummation.Minoring, 0.5)]
    [InlineData(AUCCurve.ROC, AUCSummation.Majoring, 1.0)]
    [InlineData(AUCCurve.PR, AUCSummation.Interpolation, 0.8206993735)] // 1/2 + (1 + 2/3 ln 4) / 6
    [InlineData(AUCCurve.PR, AUCSummation.Minoring, 0.25)]
    [InlineData(AUCCurve.PR, AUCSummation.Majoring, 1.0)]
    public void The_area_under_either_curve_is_added_up_as_asked(AUCCurve curve, AUCSummation summation, double expected)
        => Assert.Equal(expected, State(new AUC(3) { Curve = curve, Summation = summation }, Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f])).Result, 1e-8);

    [Fact]
    public void Intersections_over_unions_are_averaged_over_classes()
    {
        // The examples of Keras's documentation.
        Tensor<float> yTrue = Tensor.From([0f, 0f, 1f, 1f]), yPred = Tensor.From([0f, 1f, 0f, 1f]);
        Assert.Equal(1.0 / 3, State(new MeanIoU(2), yTrue, yPred).Result, 1e-6);
        Assert.Equal(0.2380952, State(new MeanIoU(2), yTrue, yPred, Tensor.From([0.3f, 0.3f, 0.3f, 0.1f])).Result, 1e-6);
        // Class 2 never occurs and does not count; scores are read by their largest; -1 is left out.
        Assert.Equal(1.0 / 3, State(new MeanIoU(3), yTrue, yPred).Result, 1e-6);
        Tensor<float> scores = Tensor.From(new float[,] { { 0.9f, 0.1f }, { 0.8f, 0.2f }, { 0.3f, 0.7f } });
        Assert.Equal(1.0, State(new MeanIoU(2) { SparsePredictions = false, IgnoreClass = -1 }, Tensor.From([0f, -1f, 1f]), scores).Result, 1e-6);
        Assert.Contains("no class", Assert.Throws<ArgumentException>(() => State(new MeanIoU(2), yTrue, Tensor.From([0f, 1f, 2f, 1f]))).Message);
    }

    [Fact]
    public void Areas_of_labels_logits_and_own_thresholds_follow_from_plain_ones()
    {
        // Two labels; each column by itself is the metric of one label.
        Tensor<float> yTrue = Tensor.From(new float[,] { { 0, 1 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        Tensor<float> yPred = Tensor.From(new float[,] { { 0, 0.6f }, { 0.5f, 0.1f }, { 0.3f, 0.4f }, { 0.9f, 0.8f } });
        double first = State(new AUC(), Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f])).Result;
        double second = State(new AUC(), Tensor.From([1f, 1f, 0f, 1f]), Tensor.From([0.6f, 0.1f, 0.4f, 0.8f])).Result;
        Assert.Equal(0.75, first, 1e-12);
        Assert.Equal(2.0 / 3, second, 1e-12);
        MetricState labels = State(new AUC { MultiLabel = true, NumLabels = 2 }, yTrue, yPred);
        Assert.Equal((first + second) / 2, labels.Result, 1e-12);
        Close([first, second], labels.Details.ToArray());
        Assert.Equal((first + (3 * second)) / 4, State(new AUC { MultiLabel = true, LabelWeights = [1, 3] }, yTrue, yPred).Result, 1e-12);
        // Without MultiLabel the weights are those of the numbers.
        double flat = State(new AUC(), yTrue, yPred, Tensor.From(new float[,] { { 1, 3 }, { 1, 3 }, { 1, 3 }, { 1, 3 } })).Result;
        Assert.Equal(flat, State(new AUC { LabelWeights = [1, 3] }, yTrue, yPred).Result, 1e-12);
        Tensor<float> logits = Tensor.From(Array.ConvertAll(new[] { 0.01, 0.501, 0.301, 0.9 }, p => (float)Math.Log(p / (1 - p))));
        Assert.Equal(first, State(new AUC { FromLogits = true }, Tensor.From([0f, 0f, 1f, 1f]), logits).Result, 1e-12);
        Assert.Equal(4, new AUC { InnerThresholds = [0.7, 0.2] }.Thresholds);
        // Thresholds 0.2 and 0.7 make the points (FP, TP) = (2, 2), (1, 2), (0, 1), (0, 0) of 2 and 2: one whole and one three-quarter half.
        Assert.Equal(0.875, State(new AUC { InnerThresholds = [0.7, 0.2] }, Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f])).Result, 1e-12);
        // The even thresholds, given by hand, are the even thresholds.
        Assert.Equal(0.75, State(new AUC { InnerThresholds = [0.5] }, Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f])).Result, 1e-12);
        Assert.Contains("(batch, labels)", Assert.Throws<ArgumentException>(() => State(new AUC { MultiLabel = true }, Tensor.From([0f, 1f]), Tensor.From([0f, 1f]))).Message);
        Assert.Contains("3 columns", Assert.Throws<ArgumentException>(() => State(new AUC { LabelWeights = [1, 2, 3] }, yTrue, yPred)).Message);
        Assert.Throws<ArgumentException>(() => new AUC { NumLabels = 2 }.CreateState());
        Assert.Throws<ArgumentOutOfRangeException>(() => new AUC { InnerThresholds = [1.5] });
    }

    [Theory]
    [InlineData(AUCSummation.Interpolation, 0.75)]
    [InlineData(AUCSummation.Minoring, 0.5)]
    [InlineData(AUCSummation.Majoring, 1.0)]
    public void The_area_under_the_gain_curve_follows_the_written_formula(AUCSummation summation, double expected)
        // Points (TP, FP) = (2, 1), (1, 0), (0, 0) of 2 positives and 2 negatives at the thresholds 0.2, 0.6 and 1: recall gains 1, 0, 0 and
        // precision gains 1/2, 1, 1; at the threshold 0 (2, 2) with gains 1 and 0 adds nothing.
        => Assert.Equal(expected, State(
            new AUC { InnerThresholds = [0.2, 0.6], Curve = AUCCurve.PRGain, Summation = summation },
            Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f])).Result, 1e-12);

    [Fact]
    public void Intersections_of_chosen_classes_are_averaged_and_shown_one_by_one()
    {
        // Keras's example of IoU: the matrix is (1, 1; 1, 1).
        Tensor<float> yTrue = Tensor.From([0f, 0f, 1f, 1f]), yPred = Tensor.From([0f, 1f, 0f, 1f]);
        Assert.Equal(0.3333333, State(new IoU(2, 0), yTrue, yPred).Result, 1e-6);
        MetricState weighted = State(new MeanIoU(2), yTrue, yPred, Tensor.From([0.3f, 0.3f, 0.3f, 0.1f]));
        Close([0.3 / 0.9, 0.1 / 0.7], weighted.Details.ToArray());
        Assert.Equal(0.1 / 0.7, State(new IoU(2, 1), yTrue, yPred, Tensor.From([0.3f, 0.3f, 0.3f, 0.1f])).Result, 1e-6);
        Assert.Throws<ArgumentException>(() => new IoU(2, 2));
        Assert.Throws<ArgumentException>(() => new IoU(2));
    }

    [Fact]
    public void A_confusion_matrix_counts_pairs_of_true_and_predicted_classes()
    {
        var metric = new ConfusionMatrix(3);
        ConfusionMatrixState state = metric.CreateState();
        Tensor<float> scores = Tensor.From(new float[,] { { 0.1f, 0.3f, 0.6f }, { 0.3f, 0.5f, 0.2f }, { 1, 0, 0 } });
        state.Update(Tensor.From([2f, 0f, 0f]), scores);
        state.Update(ClassTrue, ClassPredicted, Tensor.From([2f, 0.5f]));
        Assert.Equal(new double[,] { { 1, 1.5, 0 }, { 0, 0, 0 }, { 0, 0, 3 } }, state.Matrix);
        Assert.Equal(4 / 5.5, state.Result, 1e-12);
        Assert.Equal([3, 3], state.Details.Shape.ToArray());
        Assert.Equal([1, 1.5, 0, 0, 0, 0, 0, 0, 3], state.Details.ToArray());
        state.Reset();
        Assert.Equal(0.0, state.Result);

        ConfusionMatrixState binary = new ConfusionMatrix(2).CreateState();
        binary.Update(Tensor.From(new float[,] { { 1 }, { 0 }, { 1 } }), Tensor.From(new float[,] { { 0.9f }, { 0.6f }, { 0.5f } }));
        Assert.Equal(new double[,] { { 0, 1 }, { 1, 1 } }, binary.Matrix);
    }

    [Theory]
    [InlineData("""{"class_name":"Precision","config":{"name":"precision","thresholds":[0.25,0.5],"top_k":2,"class_id":1}}""")]
    [InlineData("""{"class_name":"Recall","config":{"name":"recall","thresholds":null,"top_k":2,"class_id":null}}""")]
    [InlineData("""{"class_name":"AUC","config":{"name":"auc","num_thresholds":50,"curve":"PR","summation_method":"majoring"}}""")]
    [InlineData("""{"class_name":"AUC","config":{"name":"auc","num_thresholds":4,"curve":"PRGAIN","summation_method":"interpolation","thresholds":[0.25,0.75],"multi_label":true,"num_labels":2,"label_weights":[1,3],"from_logits":true}}""")]
    [InlineData("""{"class_name":"IoU","config":{"name":"io_u","num_classes":3,"target_class_ids":[0,2],"ignore_class":null,"sparse_y_true":true,"sparse_y_pred":false}}""")]
    [InlineData("""{"class_name":"F1Score","config":{"name":"f1_score","average":"weighted","threshold":0.5}}""")]
    [InlineData("""{"class_name":"FBetaScore","config":{"name":"fbeta_score","average":null,"beta":2,"threshold":null}}""")]
    [InlineData("""{"class_name":"MeanIoU","config":{"name":"mean_io_u","num_classes":3,"ignore_class":0,"sparse_y_true":true,"sparse_y_pred":false}}""")]
    [InlineData("""{"class_name":"ConfusionMatrix","config":{"name":"confusion_matrix","num_classes":3}}""")]
    public void A_metric_survives_its_own_json(string json)
        => Assert.Equal(json, TrainingRegistry.Describe(TrainingRegistry.CreateMetric(JsonNode.Parse(json)!)).ToJsonString());

    private static MetricState State(Metric metric, Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? weight = null)
    {
        MetricState state = metric.CreateState();
        state.Update(yTrue, yPred, weight);
        return state;
    }

    private static void Close(double[] want, double[] got)
    {
        Assert.Equal(want.Length, got.Length);
        for (int i = 0; i < want.Length; i++)
            Assert.Equal(want[i], got[i], 1e-6);
    }
}
