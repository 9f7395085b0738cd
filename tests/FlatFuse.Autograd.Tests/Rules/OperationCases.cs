namespace FlatFuse.Autograd.Tests;

/// <summary>
/// The rows of every operation, in the folders of the rules: a row or more for each member of <see cref="VariableOps"/>, and each node
/// in one of them. To add an operation, add its row to the file of its folder; <see cref="OperationTests"/> names those that are missing.
/// </summary>
internal static class OperationCases
{
    public static readonly OperationCase[] All =
    [
        .. ElementwiseCases.All,
        .. ReductionCases.All,
        .. ShapeCases.All,
        .. LossCases.All,
        .. FusedCases.All,
        .. RecurrentCases.All,
    ];

    public static OperationCase Named(string name) => All.Single(row => row.Name == name);
}
