namespace FlatFuse.Training;

/// <summary>The binary confusion table at one threshold; a rate of nothing is 0.</summary>
internal readonly record struct ConfusionCounts(double TruePositives, double FalsePositives, double TrueNegatives, double FalseNegatives)
{
    public double Recall => Share(TruePositives, FalseNegatives);

    public double Precision => Share(TruePositives, FalsePositives);

    public double Specificity => Share(TrueNegatives, FalsePositives);

    private static double Share(double part, double rest) => part + rest == 0 ? 0 : part / (part + rest);
}
