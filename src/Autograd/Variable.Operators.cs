namespace FlatFuse.Autograd;

public partial class Variable
{
    /// <summary>Element-wise sum; <see cref="VariableOps.Add"/>.</summary>
    public static Variable operator +(Variable left, Variable right) => VariableOps.Add(left, right);

    /// <summary>Element-wise difference; <see cref="VariableOps.Subtract"/>.</summary>
    public static Variable operator -(Variable left, Variable right) => VariableOps.Subtract(left, right);

    /// <summary>Element-wise product; <see cref="VariableOps.Multiply"/>.</summary>
    public static Variable operator *(Variable left, Variable right) => VariableOps.Multiply(left, right);

    /// <summary>Element-wise quotient; <see cref="VariableOps.Divide"/>.</summary>
    public static Variable operator /(Variable left, Variable right) => VariableOps.Divide(left, right);

    /// <summary>−x.</summary>
    public static Variable operator -(Variable x) => VariableOps.Negate(x);

    /// <summary>Adds a number to every element.</summary>
    public static Variable operator +(Variable left, float right) => VariableOps.Affine(left, 1f, right);

    /// <summary>Adds a number to every element.</summary>
    public static Variable operator +(float left, Variable right) => VariableOps.Affine(right, 1f, left);

    /// <summary>Subtracts a number from every element.</summary>
    public static Variable operator -(Variable left, float right) => VariableOps.Affine(left, 1f, -right);

    /// <summary>Subtracts every element from a number.</summary>
    public static Variable operator -(float left, Variable right) => VariableOps.Affine(right, -1f, left);

    /// <summary>Multiplies every element by a number.</summary>
    public static Variable operator *(Variable left, float right) => VariableOps.Affine(left, right);

    /// <summary>Multiplies every element by a number.</summary>
    public static Variable operator *(float left, Variable right) => VariableOps.Affine(right, left);

    /// <summary>Divides every element by a number.</summary>
    public static Variable operator /(Variable left, float right) => VariableOps.Affine(left, 1f / right);

    /// <summary>Divides a number by every element.</summary>
    public static Variable operator /(float left, Variable right) => VariableOps.Reciprocal(right, left);
}
