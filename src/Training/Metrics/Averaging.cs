namespace FlatFuse.Training;

/// <summary>How the scores of classes become one number.</summary>
public enum Averaging
{
    /// <summary>Not at all: one score a class; the single result is their plain mean.</summary>
    None,

    /// <summary>One score from the counts of all classes together.</summary>
    Micro,

    /// <summary>The plain mean of the classes' scores.</summary>
    Macro,

    /// <summary>The mean weighted by how often each class is true.</summary>
    Weighted,
}
