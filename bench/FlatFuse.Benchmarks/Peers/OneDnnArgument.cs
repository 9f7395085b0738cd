using System.Runtime.InteropServices;

namespace FlatFuse.Benchmarks;

/// <summary>An operand of a primitive of oneDNN.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Memory">Where it lies.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct OneDnnArgument(int Index, nint Memory);
