using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlatFuse.Kernels.Tests;

/// <summary>The block transpose that packing is made of, at every width, accelerated or not.</summary>
public sealed unsafe class TransposeTests
{
    [Fact]
    public void Rows_become_columns_at_every_width()
    {
        Check<SimdScalar, float>();
        Check<SimdPortable, Vector<float>>();
        Check<Simd128, Vector128<float>>();
        Check<Simd256, Vector256<float>>();
        Check<Simd512, Vector512<float>>();
    }

    private static void Check<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int n = TSimd.Count;
        float* source = stackalloc float[n * 19];
        float* destination = stackalloc float[n * 17];
        for (int i = 0; i < n * 19; i++)
            source[i] = i;
        TSimd.Transpose(source, 19, destination, 17);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                Assert.Equal(source[(j * 19) + i], destination[(i * 17) + j]);
        }
    }
}
