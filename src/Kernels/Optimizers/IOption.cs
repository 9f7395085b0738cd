namespace FlatFuse.Kernels;

/// <summary>Yes or no as a type, so that a rule's variants are compiled apart and carry no branch in the loop.</summary>
internal interface IOption
{
    /// <summary>The answer.</summary>
    static abstract bool Value { get; }
}

/// <summary>Yes.</summary>
internal readonly struct Yes : IOption
{
    public static bool Value => true;
}

/// <summary>No.</summary>
internal readonly struct No : IOption
{
    public static bool Value => false;
}
