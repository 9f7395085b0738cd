using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// y = a · sigmoid(b), a and b the halves of the last axis: the gated linear unit. Gradient, with s = sigmoid(b):
    /// <c>da = dy · s</c>, <c>db = dy · a · s(1 − s)</c>. Source: Dauphin et al., 2017.
    /// </summary>
    /// <param name="x">(…, 2n), rank 1 or more.</param>
    /// <returns>(…, n).</returns>
    /// <exception cref="ArgumentException">A scalar, or a last axis of odd size.</exception>
    public static Variable GLU(Variable x)
    {
        if (x.Rank == 0 || x.Shape[^1] % 2 != 0)
            Throw.Shape(nameof(GLU), x.Shape, "(…, 2n)", "Give the last axis an even size: one half gates the other.");
        int half = x.Shape[^1] / 2;
        return Slice(x, -1, 0, half) * Activate(Slice(x, -1, half, half), ActivationKind.Sigmoid);
    }
}
