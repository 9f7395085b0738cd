using System.Runtime.InteropServices;

namespace FlatFuse.Kernels;

/// <summary>What a tile does besides its sums, as a type and told by its size (<see cref="ITileSize"/> says why). The multiply-adds leave half of the
/// processor's loads and stores unused: what is done beside them is nearly free, what is done between two tiles is not.</summary>
internal interface ITileDuty;

/// <summary>Nothing, in one loop over the terms: it compiles in half the time of the others' three, and small products run it too briefly to win that back.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct SumsOnly : ITileDuty;

/// <summary>Nothing; as those below it takes two terms a round.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct InPairs : ITileDuty;

/// <summary>Lays the panel of B that it reads down at <see cref="GemmTileCall.Packed"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Packs : ITileDuty;

/// <summary>Asks for the memory at <see cref="GemmTileCall.Fetch"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Fetches : ITileDuty;

/// <summary>As <see cref="SumsOnly"/>, for sums that are stored or added to C as they are: without the endings of a layer.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct SumsWithoutEndings : ITileDuty;
