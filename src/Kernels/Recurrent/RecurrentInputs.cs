using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Fills rows of [x | h]: forward before a step's products, backward before those for the weight gradients.</summary>
internal static unsafe class RecurrentInputs<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>x of one step. A masked row gets zeros: whatever lies in masked steps, NaN included, has no influence.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="x">The first row's x of this step.</param>
    /// <param name="xStride">Distance of the rows' x: steps · features.</param>
    /// <param name="features">Floats of each.</param>
    /// <param name="mask">The first row's mask of this step, or null.</param>
    /// <param name="maskStride">Distance of the rows' masks: steps.</param>
    /// <param name="toNext">Where a row's x of the next step lies, from this one's on, to be asked for; or 0.</param>
    /// <param name="inputs">The first row to fill.</param>
    /// <param name="inputStride">Distance of those rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LoadX(int rows, float* x, nint xStride, int features, float* mask, nint maskStride, nint toNext, float* inputs, nint inputStride)
    {
        for (int row = 0; row < rows; row++)
        {
            bool masked = mask != null && mask[row * maskStride] == 0f;
            LSTMRows<TSimd, TVector>.CopyRow(masked ? null : x, inputs, features);
            if (toNext != 0)
                CacheHint.RowToL2(x + toNext, features);
            x += xStride;
            inputs += inputStride;
        }
    }

    /// <summary>The state on its way into the products; its padding is never multiplied.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="units">Floats of a state.</param>
    /// <param name="state">The first row's padded state.</param>
    /// <param name="padded">Distance of the states.</param>
    /// <param name="factors">The first row's recurrent mask, (rows, units), or null.</param>
    /// <param name="inputs">The first row's place for it.</param>
    /// <param name="inputStride">Distance of those places.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EnterState(int rows, int units, float* state, int padded, float* factors, float* inputs, nint inputStride)
    {
        for (int row = 0; row < rows; row++)
        {
            if (factors == null)
            {
                LSTMRows<TSimd, TVector>.CopyRow(state, inputs, padded);
            }
            else
            {
                for (int i = 0; i < padded; i += TSimd.Count)
                    *(TVector*)(inputs + i) = TSimd.Multiply(*(TVector*)(state + i), TSimd.LoadPartial(factors + i, Math.Min(TSimd.Count, units - i)));
                factors += units;
            }
            state += padded;
            inputs += inputStride;
        }
    }
}
