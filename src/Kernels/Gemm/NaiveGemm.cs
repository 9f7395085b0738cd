namespace FlatFuse.Kernels;

/// <summary>The definition of the matrix product in three loops: oracle of the tests, baseline of the benches, first page of the textbook.</summary>
public static class NaiveGemm
{
    /// <summary>As <see cref="Gemm.Multiply"/>, each sum in double and rounded once.</summary>
    /// <param name="s">Sizes, transposes, leading dimensions.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="epilogue">Bias, activation, accumulation.</param>
    public static void Multiply(in GemmShape s, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, in GemmEpilogue epilogue = default)
    {
        double alpha = epilogue.Alpha ?? 1, beta = epilogue.Beta ?? (epilogue.Accumulate ? 1 : 0);
        for (int m = 0; m < s.M; m++)
        {
            for (int n = 0; n < s.N; n++)
            {
                double sum = 0;
                for (int k = 0; k < s.K && alpha != 0; k++)
                    sum += (double)a[(m * s.RowStrideA) + (k * s.ColumnStrideA)] * b[(k * s.RowStrideB) + (n * s.ColumnStrideB)];
                sum *= alpha;
                if (beta != 0)
                    sum += beta * c[(m * s.LeadingC) + n];
                if (!epilogue.Bias.IsEmpty)
                    sum += epilogue.Bias[n];
                c[(m * s.LeadingC) + n] = (float)NaiveActivation<double>.Value(epilogue.Activation, sum);
            }
        }
    }
}
