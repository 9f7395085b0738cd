using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>An activation and its derivative as pointers to compiled code for one width.</summary>
internal readonly unsafe struct LSTMActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly delegate*<TVector, TVector> _value;
    private readonly delegate*<TVector, TVector, TVector> _derivative;

    private LSTMActivation(delegate*<TVector, TVector> value, delegate*<TVector, TVector, TVector> derivative)
    {
        _value = value;
        _derivative = derivative;
    }

    public static LSTMActivation<TSimd, TVector> Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Linear => Of<LinearActivation<TSimd, TVector>>(),
        ActivationKind.ReLU => Of<ReLUActivation<TSimd, TVector>>(),
        ActivationKind.Sigmoid => Of<SigmoidActivation<TSimd, TVector>>(),
        ActivationKind.Tanh => Of<TanhActivation<TSimd, TVector>>(),
        ActivationKind.HardSigmoid => Of<HardSigmoidActivation<TSimd, TVector>>(),
        ActivationKind.ReLU6 => Of<ReLU6Activation<TSimd, TVector>>(),
        ActivationKind.Exponential => Of<ExponentialActivation<TSimd, TVector>>(),
        ActivationKind.ELU => Of<ELUActivation<TSimd, TVector>>(),
        ActivationKind.SELU => Of<SELUActivation<TSimd, TVector>>(),
        ActivationKind.Softplus => Of<SoftplusActivation<TSimd, TVector>>(),
        ActivationKind.Softsign => Of<SoftsignActivation<TSimd, TVector>>(),
        ActivationKind.SiLU => Of<SiLUActivation<TSimd, TVector>>(),
        ActivationKind.GELU => Of<GELUActivation<TSimd, TVector>>(),
        ActivationKind.LeakyReLU => Of<LeakyReLUActivation<TSimd, TVector>>(),
        ActivationKind.Mish => Of<MishActivation<TSimd, TVector>>(),
        ActivationKind.HardSiLU => Of<HardSiLUActivation<TSimd, TVector>>(),
        ActivationKind.TanhShrink => Of<TanhShrinkActivation<TSimd, TVector>>(),
        ActivationKind.CELU => Of<CELUActivation<TSimd, TVector>>(),
        ActivationKind.LogSigmoid => Of<LogSigmoidActivation<TSimd, TVector>>(),
        ActivationKind.HardTanh => Of<HardTanhActivation<TSimd, TVector>>(),
        ActivationKind.HardShrink => Of<HardShrinkActivation<TSimd, TVector>>(),
        ActivationKind.SoftShrink => Of<SoftShrinkActivation<TSimd, TVector>>(),
        ActivationKind.Squareplus => Of<SquareplusActivation<TSimd, TVector>>(),
        ActivationKind.SparsePlus => Of<SparsePlusActivation<TSimd, TVector>>(),
        ActivationKind.SparseSigmoid => Of<SparseSigmoidActivation<TSimd, TVector>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "LSTM: no such activation; expected a member of ActivationKind."),
    };

    /// <summary>The activation of x.</summary>
    public TVector Value(TVector x) => _value(x);

    /// <summary>The derivative at x, where the activation is y.</summary>
    public TVector Derivative(TVector x, TVector y) => _derivative(x, y);

    private static LSTMActivation<TSimd, TVector> Of<TActivation>()
        where TActivation : struct, IActivation<TSimd, TVector>
        => new(&Value<TActivation>, &Derivative<TActivation>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Value<TActivation>(TVector x)
        where TActivation : struct, IActivation<TSimd, TVector>
        => TActivation.Invoke(x, default(TVector));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Derivative<TActivation>(TVector x, TVector y)
        where TActivation : struct, IActivation<TSimd, TVector>
        => TActivation.Derivative(x, y);
}
