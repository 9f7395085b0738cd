namespace FlatFuse.Kernels;

/// <summary>The functions of two operands that <see cref="Elementwise"/> offers.</summary>
internal enum BinaryOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Maximum,
    Minimum,
    AddScaled,
    AddSign,
}
