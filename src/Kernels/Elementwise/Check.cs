using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>The checks of the element-wise, reduction, table and optimizer doors, and their messages.</summary>
internal static class Check
{
    /// <summary>Refuses an operand that has not the expected number of floats.</summary>
    public static void Length(string operation, string operand, long received, long expected)
    {
        if (received != expected)
            WrongLength(operation, operand, received, expected);
    }

    /// <summary>Refuses an operand that is neither empty nor of the expected length.</summary>
    public static void LengthOrEmpty(string operation, string operand, long received, long expected)
    {
        if (received != expected && received != 0)
            WrongLength(operation, operand, received, expected);
    }

    /// <summary>Refuses a negative size.</summary>
    public static void Size(string operation, string name, int value)
    {
        if (value < 0)
            Refuse(operation, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected 0 or more."));
    }

    /// <summary>Refuses a destination that overlaps an operand without being exactly the same memory.</summary>
    public static void SameOrDisjoint<T>(string operation, string operand, ReadOnlySpan<T> source, ReadOnlySpan<T> destination)
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
            Refuse(operation, $"the destination overlaps {operand} at another element; expected the same memory or none of it. Write to a buffer of its own.");
    }

    /// <summary>Throws an <see cref="ArgumentException"/> that begins with the operation's name.</summary>
    [DoesNotReturn]
    public static void Refuse(string operation, string message) => throw new ArgumentException($"{operation}: {message}");

    [DoesNotReturn]
    private static void WrongLength(string operation, string operand, long received, long expected)
        => Refuse(operation, string.Create(
            CultureInfo.InvariantCulture,
            $"{operand} has {received} elements; expected {expected}. Pass spans that agree with the sizes given."));
}
