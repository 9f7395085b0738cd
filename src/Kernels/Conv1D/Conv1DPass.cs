namespace FlatFuse.Kernels;

/// <summary>The operands of a backward pass, as the bodies see them; null for what nobody wants.</summary>
internal unsafe struct Conv1DPass
{
    public ActivationKind Activation;
    public float* X;
    public float* Kernel;
    public float* Z;
    public float* Y;
    public float* DY;
    public float* DX;
    public float* DKernel;
    public float* DBias;
    public bool AddDX, AddDKernel, AddDBias;
}
