using System.Numerics;

namespace FlatFuse.Layers;

/// <summary>Householder's QR decomposition in double (Golub and Van Loan, Matrix Computations, section 5.2).</summary>
internal static class HouseholderQR
{
    /// <summary>
    /// Q of A = QR, its columns signed by R's diagonal. A is tall and stored column by column; it is overwritten.
    /// </summary>
    public static double[] OrthonormalColumns(double[] a, int rows, int columns)
    {
        var signs = new double[columns];
        for (int k = 0; k < columns; k++)
            signs[k] = Reflect(a, rows, columns, k);

        // Q = H₀ H₁ … applied to the first columns of the identity, from the last reflection to the first.
        var q = new double[a.Length];
        for (int k = columns - 1; k >= 0; k--)
        {
            ReadOnlySpan<double> v = a.AsSpan(k * rows + k, rows - k);
            q[k * rows + k] = 1;
            for (int j = k; j < columns; j++)
                Apply(v, q.AsSpan(j * rows + k, rows - k));
        }
        for (int j = 0; j < columns; j++)
        {
            foreach (ref double entry in q.AsSpan(j * rows, rows))
                entry *= signs[j];
        }
        return q;
    }

    // Leaves the unit vector v of the reflection I − 2vvᵀ in column k, from the diagonal on; gives the sign of R's diagonal entry.
    private static double Reflect(double[] a, int rows, int columns, int k)
    {
        Span<double> v = a.AsSpan(k * rows + k, rows - k);
        double norm = Math.Sqrt(Dot(v, v));
        // The diagonal entry becomes ∓norm, of the sign that adds to v[0] instead of cancelling it.
        double sign = v[0] > 0 ? -1 : 1;
        v[0] -= sign * norm;
        double length = Math.Sqrt(Dot(v, v));
        if (length > 0)
        {
            foreach (ref double entry in v)
                entry /= length;
        }
        for (int j = k + 1; j < columns; j++)
            Apply(v, a.AsSpan(j * rows + k, rows - k));
        return sign;
    }

    // x −= 2 v (v · x).
    private static void Apply(ReadOnlySpan<double> v, Span<double> x)
    {
        double factor = 2 * Dot(v, x);
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) - factor * new Vector<double>(v[i..])).CopyTo(x[i..]);
        for (; i < x.Length; i++)
            x[i] -= factor * v[i];
    }

    // Four fixed partial sums whatever the machine's width: initial weights have the same bits everywhere.
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = 0;
        for (; i <= left.Length - 4; i += 4)
        {
            s0 += left[i] * right[i];
            s1 += left[i + 1] * right[i + 1];
            s2 += left[i + 2] * right[i + 2];
            s3 += left[i + 3] * right[i + 3];
        }
        for (; i < left.Length; i++)
            s0 += left[i] * right[i];
        return (s0 + s1) + (s2 + s3);
    }
}
