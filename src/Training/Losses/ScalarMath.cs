namespace FlatFuse.Training;

/// <summary>Functions of one float that losses share; computed in double where float would lose digits.</summary>
internal static class ScalarMath
{
    /// <summary><c>1 / (1 + e⁻ˣ)</c>.</summary>
    public static float Sigmoid(float x) => (float)(1 / (1 + Math.Exp(-(double)x)));

    /// <summary><c>log(1 + y)</c> for y ≥ 0; double holds 1 + y to the last digit of a float y above 1e-9, and below that log(1 + y) is y.</summary>
    public static float Log1P(float y) => y < 1e-9f ? y : (float)Math.Log(1 + (double)y);
}
