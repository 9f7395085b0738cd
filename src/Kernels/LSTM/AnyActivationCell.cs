using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Any pair of activations, called through pointers: four hundred pairs would be as many kernels. Backward keeps the pre-activations,
/// because some derivatives need them.
/// </summary>
internal readonly unsafe struct AnyActivationCell<TSimd, TVector>(ActivationKind activation, ActivationKind gate) : ILSTMCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly LSTMActivation<TSimd, TVector> _activation = LSTMActivation<TSimd, TVector>.Of(activation);
    private readonly LSTMActivation<TSimd, TVector> _gate = LSTMActivation<TSimd, TVector>.Of(gate);

    public TVector Forward(ref TVector i, ref TVector f, ref TVector g, ref TVector o, ref TVector c)
    {
        TVector update = TSimd.Multiply(_gate.Value(i), _activation.Value(g));
        c = TSimd.MultiplyAdd(_gate.Value(f), c, update);
        return TSimd.Multiply(_gate.Value(o), _activation.Value(c));
    }

    public void Backward(
        ref TVector i, ref TVector f, ref TVector g, ref TVector o, TVector c, TVector cPrevious, TVector dh, ref TVector dc)
    {
        TVector iValue = _gate.Value(i);
        TVector fValue = _gate.Value(f);
        TVector gValue = _activation.Value(g);
        TVector oValue = _gate.Value(o);
        TVector cValue = _activation.Value(c);
        dc = TSimd.MultiplyAdd(TSimd.Multiply(dh, oValue), _activation.Derivative(c, cValue), dc);
        o = TSimd.Multiply(TSimd.Multiply(dh, cValue), _gate.Derivative(o, oValue));
        i = TSimd.Multiply(TSimd.Multiply(dc, gValue), _gate.Derivative(i, iValue));
        f = TSimd.Multiply(TSimd.Multiply(dc, cPrevious), _gate.Derivative(f, fValue));
        g = TSimd.Multiply(TSimd.Multiply(dc, iValue), _activation.Derivative(g, gValue));
        dc = TSimd.Multiply(dc, fValue);
    }
}

/// <summary>An activation and its derivative as pointers to compiled code for one width.</summary>
internal readonly unsafe struct LSTMActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
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
        => TActivation.Invoke(x, TSimd.Zero);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Derivative<TActivation>(TVector x, TVector y)
        where TActivation : struct, IActivation<TSimd, TVector>
        => TActivation.Derivative(x, y);
}
