using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>dx[i] (+)= f′ · dy[i]; dx may be dy.</summary>
internal static unsafe class ActivationGradientLoop<TSimd, TVector, TActivation>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TActivation : struct, IActivation<TSimd, TVector>
{
    /// <summary>Runs on the calling thread. <paramref name="x"/> is only read when the activation needs its input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, float* y, float* dy, float* dx, nint length, bool accumulate)
    {
        int width = TSimd.Count;
        nint i = 0;
        for (; i <= length - width; i += width)
        {
            TVector output = *(TVector*)(y + i);
            TVector input = TActivation.NeedsInput ? *(TVector*)(x + i) : output;
            TVector value = TSimd.Multiply(TActivation.Derivative(input, output), *(TVector*)(dy + i));
            if (accumulate)
                value = TSimd.Add(*(TVector*)(dx + i), value);
            *(TVector*)(dx + i) = value;
        }
        if (i < length)
        {
            int lanes = (int)(length - i);
            TVector output = TSimd.LoadPartial(y + i, lanes);
            TVector input = TActivation.NeedsInput ? TSimd.LoadPartial(x + i, lanes) : output;
            TVector value = TSimd.Multiply(TActivation.Derivative(input, output), TSimd.LoadPartial(dy + i, lanes));
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(dx + i, lanes), value);
            TSimd.StorePartial(dx + i, value, lanes);
        }
    }
}
