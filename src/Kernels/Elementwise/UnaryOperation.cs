namespace FlatFuse.Kernels;

/// <summary>The functions of one operand that <see cref="Elementwise"/> offers.</summary>
internal enum UnaryOperation
{
    Exp,
    Log,
    Sqrt,
    Square,
    Abs,
    Negate,
    Scale,
    Reciprocal,
    Affine,
    Clip,
}
