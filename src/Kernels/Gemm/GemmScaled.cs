namespace FlatFuse.Kernels;

/// <summary>Products with factors, <c>α A·B + β C</c>: the smaller operand is copied times α, C is multiplied by β where it lies, and the rest is a product without factors.</summary>
/// <remarks>
/// No layer asks for a factor, and one in the tiles would be paid by every product. Here it costs a pass over the smaller operand and one over C.
/// </remarks>
internal static unsafe class GemmScaled
{
    /// <summary>Runs a product; <paramref name="beta"/> null leaves to <see cref="GemmProblem.Accumulate"/> whether C is added.</summary>
    public static void Multiply(Workers w, GemmProblem p, float alpha, float? beta)
    {
        if (beta is { } factor)
        {
            p.Accumulate = factor != 0f;
            if (factor is not (0f or 1f))
                Scale(w, p.C, p.RowStrideC, p.M, p.N, factor, p.C, p.RowStrideC);
        }
        if (alpha != 1f && p.K > 0)
        {
            if ((long)p.M * p.K <= (long)p.K * p.N)
                Copy(w, alpha, p.M, p.K, ref p.A, ref p.RowStrideA, ref p.ColumnStrideA);
            else
                Copy(w, alpha, p.K, p.N, ref p.B, ref p.RowStrideB, ref p.ColumnStrideB);
        }
        w.Kernels.Gemm(w, p);
    }

    // Stored rows stay rows: their distance becomes a whole number of cache lines. Rows that overlap come apart.
    private static void Copy(Workers w, float factor, int rows, int columns, ref float* operand, ref nint rowStride, ref nint columnStride)
    {
        bool transposed = columnStride != 1;
        (int count, int length) = transposed ? (columns, rows) : (rows, columns);
        int pitch = AlignedBuffer.RoundUp(length);
        float* copy = w.Held.Rent(checked(count * pitch));
        Scale(w, operand, transposed ? columnStride : rowStride, count, length, factor, copy, pitch);
        operand = copy;
        (transposed ? ref columnStride : ref rowStride) = pitch;
    }

    private static void Scale(Workers w, float* source, nint stride, int rows, int length, float factor, float* destination, nint pitch)
    {
        if (stride == length && pitch == length)
        {
            w.Kernels.Unary(w, UnaryOperation.Scale, source, destination, (nint)rows * length, factor, 0f);
            return;
        }
        for (int row = 0; row < rows; row++)
            w.Kernels.Unary(w, UnaryOperation.Scale, source + (row * stride), destination + (row * pitch), length, factor, 0f);
    }
}
