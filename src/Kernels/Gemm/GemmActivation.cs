namespace FlatFuse.Kernels;

/// <summary>The activations that tiles do not apply themselves: a second pass over rows that have just been finished.</summary>
internal static unsafe class GemmActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Rows(ActivationKind kind, float* c, nint stride, int rows, int columns)
    {
        for (int m = 0; m < rows; m++)
        {
            float* row = c + (m * stride);
            for (int n = 0; n < columns; n++)
                row[n] = (float)ScalarActivation.Apply(kind, row[n]);
        }
    }
}
