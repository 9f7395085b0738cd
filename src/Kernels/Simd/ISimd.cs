namespace FlatFuse.Kernels;

/// <summary>
/// A vector width as a type: the small vocabulary that every kernel body is written in, once, for all instruction sets.
/// The JIT specialises a generic kernel for each implementing struct, so the calls cost nothing.
/// </summary>
/// <remarks>
/// <para>A comparison returns a mask: all bits of a lane set or clear, held in a <typeparamref name="TVector"/>.</para>
/// <para><c>MultiplyAdd</c> may round once (hardware FMA) or twice (none): the last bit may differ between instruction sets,
/// never between lanes, positions or threads of one. It is never emulated.</para>
/// <para>Loads, stores and zero are no members. Bodies write them as the language does: <c>*(TVector*)p</c>, <c>((TVector*)p)[2]</c> two vectors on, <c>default</c>. A load costs 2 µs to compile so instead of 9 and a
/// zero nothing instead of 11, at the same size of machine code.</para>
/// <para>The members stand from the rarest to the most used, because a called one costs less to compile the later it stands, each time that a body names it (16 µs the first, 9 the last: it seems to be looked
/// for from the end; a call of a body's own helper costs 2). An implementation keeps out of these bodies what another machine needs.</para>
/// </remarks>
/// <typeparam name="TVector">The vector: <c>Vector512&lt;float&gt;</c>, …, or <c>float</c> itself for the scalar set.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Vector registers of this width: tiles are cut to fit them.</summary>
    static abstract int Registers { get; }

    /// <summary>Writes the transpose of a block of Count rows of Count floats: <c>destination[i, j] = source[j, i]</c>, strides in floats.</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride);

    /// <summary>The largest lane (NaN wins).</summary>
    static abstract float MaxAcross(TVector value);

    /// <summary>IEEE 754-2019 minimum: NaN wins.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>IEEE 754-2019 maximum: NaN wins.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>
    /// Splits positive normal numbers into <c>mantissa · 2^exponent</c> with the mantissa in [√½, √2); other lanes are undefined.
    /// </summary>
    static abstract TVector SplitMantissa(TVector value, out TVector exponent);

    /// <summary>
    /// <c>value · 2^exponent</c> for whole <paramref name="exponent"/> in [−252, 254], where value · 2^⌊exponent/2⌋ is normal: rounds once
    /// into the subnormal range and overflows to infinity.
    /// </summary>
    static abstract TVector ScaleByAnyPowerOfTwo(TVector value, TVector exponent);

    /// <summary><c>value · 2^exponent</c> for whole <paramref name="exponent"/> in [−126, 127].</summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector exponent);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>The largest lane, fast; where a lane is NaN the result is any of them.</summary>
    static abstract float MaxNativeAcross(TVector value);

    /// <summary>The upper 24 of 32 random bits as a float in [0, 1): (bits &gt;&gt; 8) · 2⁻²⁴.</summary>
    static abstract TVector UnitInterval(TVector bits);

    /// <summary>first, first + 1, first + 2, … as bits of unsigned integers.</summary>
    static abstract TVector CountUpUInt32(uint first);

    /// <summary>Stores the sums of the lanes of eight vectors, each added in one order, which need not be that of <see cref="Sum"/>.</summary>
    static abstract void SumEight(TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5, TVector v6, TVector v7, float* sums);

    /// <summary>Every lane the bits of an unsigned integer.</summary>
    static abstract TVector SplatUInt32(uint value);

    /// <summary>Lane by lane the 64-bit product of 32-bit unsigned integers that are held as bits: low half returned, high half in <paramref name="high"/>.</summary>
    static abstract TVector MultiplyUInt32(TVector value, uint factor, out TVector high);

    static abstract TVector Sqrt(TVector value);

    /// <summary>The sum of all lanes, added pairwise in an order fixed by the width.</summary>
    static abstract float Sum(TVector value);

    static abstract TVector Abs(TVector value);

    /// <summary>A mask whose first <paramref name="count"/> lanes (0 … Count) are set.</summary>
    static abstract TVector FirstLanes(int count);

    static abstract TVector Equal(TVector left, TVector right);

    static abstract TVector LessThan(TVector left, TVector right);

    static abstract TVector GreaterThan(TVector left, TVector right);

    static abstract TVector BitOr(TVector left, TVector right);

    static abstract TVector BitXor(TVector left, TVector right);

    static abstract TVector BitAnd(TVector left, TVector right);

    /// <summary>0 where |value| is below <paramref name="limit"/>, else the value. One member in place of five, each of which would have to be compiled wherever a cell or optimizer asks.</summary>
    static abstract TVector ZeroBelow(TVector value, float limit);

    /// <summary>
    /// The fast minimum. A NaN in <paramref name="right"/> wins; with a NaN in <paramref name="left"/> the result is any of the two.
    /// </summary>
    static abstract TVector MinNative(TVector left, TVector right);

    /// <summary>
    /// The number at <paramref name="source"/> in every lane, as an operand of the one operation it is written in. Where instructions broadcast operands in memory (EVEX)
    /// it is read again for each, which spares an instruction; elsewhere it is <see cref="Splat"/>.
    /// </summary>
    static abstract TVector SplatOperand(float* source);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>Stores the first <paramref name="count"/> lanes (0 … Count); touches no further memory.</summary>
    static abstract void StorePartial(float* destination, TVector value, int count);

    /// <summary>Lane by lane <c>mask ? whenSet : whenClear</c>.</summary>
    static abstract TVector Select(TVector mask, TVector whenSet, TVector whenClear);

    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary>
    /// The fast maximum. A NaN in <paramref name="right"/> wins; with a NaN in <paramref name="left"/> the result is any of the two.
    /// </summary>
    static abstract TVector MaxNative(TVector left, TVector right);

    /// <summary>Loads the first <paramref name="count"/> lanes (0 … Count) and clears the others; touches no further memory.</summary>
    static abstract TVector LoadPartial(float* source, int count);

    static abstract TVector Splat(float value);

    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left · right + addend</c>.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
}
