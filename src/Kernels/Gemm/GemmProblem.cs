using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A product as the bodies see it: pointers and general strides in elements, no transpose flags. Whoever builds one has checked
/// every length; rows of A and B may overlap.
/// </summary>
internal unsafe struct GemmProblem
{
    public int M, N, K;

    public float* A;
    public nint RowStrideA, ColumnStrideA;

    public float* B;
    public nint RowStrideB, ColumnStrideB;

    public float* C;
    public nint RowStrideC;

    /// <summary>One value a column, or null.</summary>
    public float* Bias;

    public ActivationKind Activation;

    public bool Accumulate;

    /// <summary>False where <see cref="Alpha"/> and <see cref="Beta"/> are 1, whatever they hold.</summary>
    public bool HasFactors;

    /// <summary>The factor of the product.</summary>
    public float Alpha;

    /// <summary>The factor of what C holds, when that is added (<see cref="Accumulate"/>).</summary>
    public float Beta;

    /// <summary>As in <see cref="GemmShape"/>.</summary>
    public bool UpdatesB;

    /// <summary>Columns of B and C behind N that chunks compute as dot products (<see cref="GemmColumnsBehind{TSimd, TVector}"/>).</summary>
    public int Behind;

    /// <summary>Makes this α A·B + β C. With a factor of 0 what it belongs to is not looked at, as in BLAS.</summary>
    public void TakeFactors(float alpha, float beta)
    {
        if (alpha == 0f)
            K = 0;
        Accumulate = beta != 0f;
        HasFactors = alpha != 1f || beta is not (0f or 1f);
        Alpha = alpha;
        Beta = beta;
    }

    /// <summary>True when C is multiplied before the product is added.</summary>
    public readonly bool ScalesC => Accumulate && HasFactors && Beta != 1f;

    /// <summary>How a tile ends that holds the first or last part of the sums.</summary>
    public readonly GemmStore Ending(bool first, bool last)
        => (first && !Accumulate ? GemmStore.Plain : GemmStore.Add)
        | (last && Bias != null ? GemmStore.Bias : GemmStore.Plain)
        | (last && Activation == ActivationKind.ReLU ? GemmStore.ReLU : GemmStore.Plain)
        | (HasFactors ? GemmStore.Scale : GemmStore.Plain);

    /// <summary>The factor of the product, 1 where there is none.</summary>
    public readonly float FactorOfProduct => HasFactors ? Alpha : 1f;

    /// <summary>The factor of what C holds where the first or a later part of the sums ends: it is applied once.</summary>
    public readonly float FactorOfC(bool first) => first && HasFactors ? Beta : 1f;

    /// <summary>True when a finished sum is what C becomes (<see cref="Finished"/>): asked once for many elements.</summary>
    public readonly bool EndsPlain => !Accumulate && !HasFactors && Bias == null && Activation != ActivationKind.ReLU;

    /// <summary>What becomes of a finished sum of one element: factors, what C holds, bias, ReLU.</summary>
    /// <param name="sum">The sum of products.</param>
    /// <param name="c">What C holds there, read when it is added.</param>
    /// <param name="bias">Its bias, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Finished(float sum, float* c, float* bias)
    {
        sum *= FactorOfProduct;
        if (Accumulate)
            sum = float.MultiplyAddEstimate(FactorOfC(first: true), *c, sum);
        if (bias != null)
            sum += *bias;
        return Activation == ActivationKind.ReLU && sum < 0f ? 0f : sum;
    }

    /// <summary>True when the activation is none that a tile applies: it then runs over the finished rows.</summary>
    public readonly bool NeedsActivationPass => Activation is not (ActivationKind.Linear or ActivationKind.ReLU);
}
