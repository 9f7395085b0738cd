namespace FlatFuse.Kernels;

/// <summary>Which of the three state arrays a rule reads and writes.</summary>
[Flags]
internal enum OptimizerStates
{
    None = 0,
    First = 1,
    Second = 2,
    Third = 4,
}
