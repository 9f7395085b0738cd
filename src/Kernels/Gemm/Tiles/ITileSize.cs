using System.Runtime.InteropServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A tile's height or width as a type: the JIT drops the rows and vectors beyond it. The number is the type's size, because the JIT
/// knows <c>sizeof</c> while it reads the code and never looks at what is beyond; a property it would first have to inline at every mention,
/// which made most of the time that compiling a tile took.
/// </summary>
internal interface ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct One : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Two : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Three : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Four : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Five : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Six : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct Seven : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Eight : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct Nine : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct Ten : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct Eleven : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct Twelve : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 13)]
internal readonly struct Thirteen : ITileSize;

[StructLayout(LayoutKind.Sequential, Size = 14)]
internal readonly struct Fourteen : ITileSize;
