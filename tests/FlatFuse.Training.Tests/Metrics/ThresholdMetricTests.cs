using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

/// <summary>Metrics of the binary confusion table, of regression and of intersections; expected values counted by hand or by the written formula in double.</summary>
public class ThresholdMetricTests
{
    private static readonly Tensor<float> Labels = Tensor.From([0f, 0f, 0f, 1f, 1f]);
    private static readonly Tensor<float> Scores = Tensor.From([0f, 0.3f, 0.8f, 0.3f, 0.8f]);

    [Fact]
    public void The_four_cells_are_counted_at_each_threshold()
    {
        // Above 0.5: 0.8 twice, one right; above 0.2 also 0.3 twice, one right.
        Assert.Equal(1, Of(new TruePositives(), Labels, Scores).Result);
        Assert.Equal(1, Of(new FalsePositives(), Labels, Scores).Result);
        Assert.Equal(2, Of(new TrueNegatives(), Labels, Scores).Result);
        Assert.Equal(1, Of(new FalseNegatives(), Labels, Scores).Result);
        Assert.Equal([2, 1], Of(new TruePositives { Thresholds = [0.2, 0.5] }, Labels, Scores).Results);
        Assert.Equal([2, 1], Of(new FalsePositives { Thresholds = [0.2, 0.5] }, Labels, Scores).Results);
        Assert.Equal([1, 2], Of(new TrueNegatives { Thresholds = [0.2, 0.5] }, Labels, Scores).Results);
        MetricState state = Of(new FalseNegatives { Thresholds = [0.2, 0.5] }, Labels, Scores);
        Assert.Equal([0, 1], state.Results);
        Assert.Equal(0.5, state.Result);
        // Updates add up, weights count instead of ones; a threshold itself is not above it.
        state.Update(Labels, Scores, Tensor.From([1f, 2f, 4f, 8f, 16f]));
        Assert.Equal([0, 9], state.Results);
        state.Reset();
        Assert.Equal([0, 0], state.Results);
        Assert.Equal(0, Of(new TruePositives(), Tensor.From([1f]), Tensor.From([0.5f])).Result);
        Assert.True(new TrueNegatives().GreaterIsBetter);
        Assert.False(new FalseNegatives().GreaterIsBetter);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TruePositives { Thresholds = [2] });
    }

    [Fact]
    public void One_rate_is_the_greatest_where_the_other_reaches_its_value()
    {
        // Thresholds below 0.3: TP 2, FP 2, TN 1, FN 0; from 0.3 below 0.8: 1, 1, 2, 1; from 0.8: 0, 0, 3, 2; at 0 all are positive.
        Assert.Equal(0.5, Of(new SensitivityAtSpecificity(0.5), Labels, Scores).Result, 1e-12);
        Assert.Equal(1.0, Of(new SensitivityAtSpecificity(0.3), Labels, Scores).Result, 1e-12);
        Assert.Equal(2.0 / 3, Of(new SpecificityAtSensitivity(0.5), Labels, Scores).Result, 1e-12);
        Assert.Equal(1.0 / 3, Of(new SpecificityAtSensitivity(0.6), Labels, Scores).Result, 1e-12);
        Assert.Equal(0.5, Of(new PrecisionAtRecall(0.5), Labels, Scores).Result, 1e-12);
        Assert.Equal(0, Of(new RecallAtPrecision(0.8), Labels, Scores).Result);
        Assert.Equal(1.0, Of(new RecallAtPrecision(0.5), Labels, Scores).Result, 1e-12);
        // Weighted: below 0.3 TP 3, FP 3, TN 1, FN 0; then 1, 2, 2, 2.
        Tensor<float> weights = Tensor.From([1f, 1f, 2f, 2f, 1f]);
        Assert.Equal(1.0 / 3, Of(new SensitivityAtSpecificity(0.5), Labels, Scores, weights).Result, 1e-12);
        Assert.Equal(0.25, Of(new SpecificityAtSensitivity(0.5), Labels, Scores, weights).Result, 1e-12);
        Assert.Equal(0.5, Of(new PrecisionAtRecall(0.2), Labels, Scores, weights).Result, 1e-12);
        Assert.Equal(1.0, Of(new RecallAtPrecision(0.8), Tensor.From([0f, 0f, 1f, 1f]), Tensor.From([0f, 0.5f, 0.3f, 0.9f]), Tensor.From([1f, 0f, 0f, 1f])).Result, 1e-12);
        // One threshold, 0.5, alone; a class alone.
        Assert.Equal(0.5, Of(new SensitivityAtSpecificity(0.3, thresholds: 1), Labels, Scores).Result, 1e-12);
        Tensor<float> columns = Tensor.From(new float[,] { { 1, 0 }, { 0, 0 }, { 1, 1 } }), columnScores = Tensor.From(new float[,] { { 0.1f, 0.2f }, { 0.9f, 0.6f }, { 0.2f, 0.9f } });
        Assert.Equal(1.0, Of(new PrecisionAtRecall(1) { ClassId = 1 }, columns, columnScores).Result, 1e-12);
        Assert.Equal(2.0 / 3, Of(new PrecisionAtRecall(1) { ClassId = 0 }, columns, columnScores).Result, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrecisionAtRecall(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrecisionAtRecall(0.5, thresholds: 0));
    }

    [Fact]
    public void R2_is_one_minus_residuals_over_variance()
    {
        Tensor<float> t = Tensor.From(new float[,] { { 1, 0 }, { 4, 2 }, { 3, 7 } }), p = Tensor.From(new float[,] { { 2, 1 }, { 4, 2 }, { 4, 5 } });
        // Column 0: 1 − 2 / (14/3); column 1: mean 3, 1 − 5/26.
        double first = 1 - (2 * 3 / 14.0), second = 1 - (5 / 26.0);
        Assert.Equal((first + second) / 2, Of(new R2Score(), t, p).Result, 1e-12);
        Assert.Equal(((14 / 3.0 * first) + (26 * second)) / ((14 / 3.0) + 26), Of(new R2Score { ClassAggregation = R2Aggregation.VarianceWeightedAverage }, t, p).Result, 1e-12);
        double[] columns = Of(new R2Score { ClassAggregation = R2Aggregation.None }, t, p).Results;
        Assert.Equal(2, columns.Length);
        Assert.Equal(first, columns[0], 1e-12);
        Assert.Equal(second, columns[1], 1e-12);
        // Adjusted for one regressor: Keras counts all six targets.
        Assert.Equal(1 - ((1 - ((first + second) / 2)) * 5 / 4), Of(new R2Score { NumRegressors = 1 }, t, p).Result, 1e-12);
        Assert.Equal((first + second) / 2, Of(new R2Score { NumRegressors = 5 }, t, p).Result, 1e-12);
        // A weight of 2 is the row twice; in two updates.
        MetricState twice = new R2Score().CreateState();
        twice.Update(t, p);
        twice.Update(Tensor.From(new float[,] { { 1, 0 } }), Tensor.From(new float[,] { { 2, 1 } }));
        Assert.Equal(twice.Result, Of(new R2Score(), t, p, Tensor.From([2f, 1f, 1f])).Result, 1e-12);
        Assert.Equal(0, new R2Score().CreateState().Result);
        Assert.Equal(0, Of(new R2Score(), Tensor.From(new float[,] { { 1 }, { 1 } }), Tensor.From(new float[,] { { 1 }, { 2 } })).Result);
        Assert.Contains("(batch, columns)", Assert.Throws<ArgumentException>(() => Of(new R2Score(), Tensor.From([1f]), Tensor.From([1f]))).Message);
    }

    [Fact]
    public void Correlations_follow_their_formulas_row_by_row()
    {
        Tensor<float> t = Tensor.From(new float[,] { { 0, 1, 0.5f }, { 1, 1, 0.25f } }), p = Tensor.From(new float[,] { { 0.125f, 0.875f, 0.5f }, { 1, 0.75f, 0.25f } });
        // Row 0: p is 3/4 of t about 1/2. Row 1: deviations (1, 1, −2)/4 and (4, 1, −5)/12: covariance 15/144, variances 1/8 and 7/72.
        double variance = 1 / 6.0, concordance0 = 2 * 0.75 * variance / (variance * (1 + 0.5625));
        double concordance1 = 2 * (15 / 144.0) / ((1 / 8.0) + (7 / 72.0) + (1 / 144.0)), pearson1 = 15 / 144.0 / Math.Sqrt(7 / 576.0);
        // Keras's 1e-7 in the denominators and the rows' float results move the seventh digit.
        Assert.Equal((1 + pearson1) / 2, Of(new PearsonCorrelation(), t, p).Result, 2e-6);
        Assert.Equal((concordance0 + concordance1) / 2, Of(new ConcordanceCorrelation(), t, p).Result, 2e-6);
        Assert.Equal((concordance0 + (3 * concordance1)) / 4, Of(new ConcordanceCorrelation(), t, p, Tensor.From([1f, 3f])).Result, 2e-6);
        Assert.Equal(0, Of(new PearsonCorrelation(), Tensor.From(new float[,] { { 1, 1 } }), Tensor.From(new float[,] { { 1, 2 } })).Result);
    }

    [Fact]
    public void Intersections_of_thresholded_and_of_one_hot_classes()
    {
        // At 0.3: predicted 0, 0, 1, 1 for 0, 1, 0, 1. The threshold itself is class 1.
        Tensor<float> yTrue = Tensor.From([0f, 1f, 0f, 1f]), yPred = Tensor.From([0.1f, 0.2f, 0.4f, 0.7f]);
        Assert.Equal(1.0 / 3, Of(new BinaryIoU { Threshold = 0.3 }, yTrue, yPred).Result, 1e-6);
        MetricState weighted = Of(new BinaryIoU { Threshold = 0.3 }, yTrue, yPred, Tensor.From([0.2f, 0.3f, 0.4f, 0.1f]));
        Assert.Equal(((0.2 / 0.9) + (0.1 / 0.8)) / 2, weighted.Result, 1e-6);
        Assert.Equal(1.0, Of(new BinaryIoU(1), Tensor.From([1f]), Tensor.From([0.5f])).Result, 1e-6);
        Assert.Throws<ArgumentException>(() => new BinaryIoU(2));
        Tensor<float> oneHot = Tensor.From(new float[,] { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 1, 0, 0 } });
        Tensor<float> scores = Tensor.From(new float[,] { { 0.2f, 0.3f, 0.5f }, { 0.1f, 0.2f, 0.7f }, { 0.5f, 0.3f, 0.1f }, { 0.1f, 0.4f, 0.5f } });
        Tensor<float> weights = Tensor.From([0.1f, 0.2f, 0.3f, 0.4f]);
        Assert.Equal(0.1 / 0.7 / 2, Of(new OneHotIoU(3, 0, 2), oneHot, scores, weights).Result, 1e-6);
        Assert.Equal(0.1 / 0.7 / 3, Of(new OneHotMeanIoU(3), oneHot, scores, weights).Result, 1e-6);
        Assert.Equal(0.1 / 0.7 / 3, Of(new OneHotMeanIoU(3) { SparsePredictions = true }, oneHot, Tensor.From([2f, 2f, 0f, 2f]), weights).Result, 1e-6);
        Assert.Equal(0.1 / 0.5 / 2, Of(new OneHotMeanIoU(3) { IgnoreClass = 0, SparsePredictions = true }, oneHot, Tensor.From([2f, 2f, 2f, 2f]), Tensor.From([0.1f, 0.2f, 0.4f, 0.4f])).Result, 1e-6);
    }

    public static TheoryData<string> Descriptions =>
    [
        """{"class_name":"TruePositives","config":{"name":"true_positives","thresholds":0.5}}""",
        """{"class_name":"TrueNegatives","config":{"name":"true_negatives","thresholds":[0.25,0.5]}}""",
        """{"class_name":"FalsePositives","config":{"name":"fp","thresholds":0.25}}""",
        """{"class_name":"FalseNegatives","config":{"name":"false_negatives","thresholds":0.5}}""",
        """{"class_name":"SensitivityAtSpecificity","config":{"name":"sensitivity_at_specificity","specificity":0.5,"num_thresholds":100,"class_id":null}}""",
        """{"class_name":"SpecificityAtSensitivity","config":{"name":"specificity_at_sensitivity","sensitivity":0.5,"num_thresholds":200,"class_id":2}}""",
        """{"class_name":"PrecisionAtRecall","config":{"name":"precision_at_recall","recall":0.75,"num_thresholds":1,"class_id":null}}""",
        """{"class_name":"RecallAtPrecision","config":{"name":"recall_at_precision","precision":0.75,"num_thresholds":200,"class_id":0}}""",
        """{"class_name":"R2Score","config":{"name":"r2_score","class_aggregation":null,"num_regressors":3}}""",
        """{"class_name":"R2Score","config":{"name":"r2_score","class_aggregation":"variance_weighted_average","num_regressors":0}}""",
        """{"class_name":"BinaryIoU","config":{"name":"binary_io_u","target_class_ids":[1],"threshold":0.25}}""",
        """{"class_name":"OneHotIoU","config":{"name":"one_hot_io_u","num_classes":3,"target_class_ids":[0,2],"ignore_class":1,"sparse_y_pred":true}}""",
        """{"class_name":"OneHotMeanIoU","config":{"name":"one_hot_mean_io_u","num_classes":3,"ignore_class":null,"sparse_y_pred":false}}""",
        """{"class_name":"PearsonCorrelation","config":{"name":"pearson_correlation"}}""",
        """{"class_name":"ConcordanceCorrelation","config":{"name":"concordance_correlation"}}""",
    ];

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void Every_option_is_read_and_written(string description)
        => Assert.Equal(description, TrainingRegistry.Describe(TrainingRegistry.CreateMetric(JsonNode.Parse(description)!)).ToJsonString());

    [Fact]
    public void What_a_file_leaves_out_is_Keras_default()
    {
        Assert.Equal([0.5], ((TruePositives)TrainingRegistry.CreateMetric("true_positives")).Thresholds);
        Assert.Equal(R2Aggregation.UniformAverage, ((R2Score)TrainingRegistry.CreateMetric("r2_score")).ClassAggregation);
        Assert.Equal([0, 1], ((BinaryIoU)TrainingRegistry.CreateMetric("BinaryIoU")).TargetClassIds);
        Assert.Equal(200, ((PrecisionAtRecall)TrainingRegistry.CreateMetric("PrecisionAtRecall", new JsonObject { ["recall"] = 0.5 })).ThresholdCount);
        Assert.Contains("recall", Assert.Throws<ArgumentException>(() => TrainingRegistry.CreateMetric("PrecisionAtRecall")).Message);
        Assert.IsType<MeanSquaredError>(TrainingRegistry.CreateLoss("MSE"));
        Assert.IsType<KLDivergence>(TrainingRegistry.CreateLoss("KLD"));
    }

    private static MetricState Of(Metric metric, Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? weights = null)
    {
        MetricState state = metric.CreateState();
        state.Update(yTrue, yPred, weights);
        return state;
    }
}
