namespace FlatFuse.Kernels;

/// <summary>A product with K = 0 or a factor of 0: every sum is empty, so only the epilogue is left.</summary>
internal static unsafe class GemmWithoutTerms
{
    public static void Run(in GemmProblem p)
    {
        for (int m = 0; m < p.M; m++)
        {
            float* row = p.C + (m * p.RowStrideC);
            for (int n = 0; n < p.N; n++)
            {
                float sum = p.Accumulate ? p.FactorOfC(first: true) * row[n] : 0f;
                if (p.Bias != null)
                    sum += p.Bias[n];
                row[n] = (float)NaiveActivation<double>.Value(p.Activation, sum);
            }
        }
    }
}
