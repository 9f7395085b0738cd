using System.Runtime.CompilerServices;

namespace FlatFuse.Tensors;

/// <summary>
/// Visits the elements of up to three layouts of one shape in row-major order, a run at a time. Axes that lie one behind
/// the other in every operand are merged first, so that a contiguous tensor is a single run and any other has the
/// longest runs its strides allow; between runs an odometer moves the positions. Nothing is allocated.
/// </summary>
/// <remarks>
/// <code>
/// var walk = new StridedWalk(y.Layout, x.Layout);
/// while (walk.MoveNext())
///     for (int i = 0; i &lt; walk.RunLength; i++)
///         y[walk.First + i · walk.FirstStride] = x[walk.Second + i · walk.SecondStride];
/// </code>
/// </remarks>
public ref struct StridedWalk
{
    private Axes _sizes;
    private Axes _counters;
    private Axes _firstStrides;
    private Axes _secondStrides;
    private Axes _thirdStrides;
    private int _axes;
    private bool _started;
    private bool _ended;

    /// <summary>Walks one layout.</summary>
    /// <param name="first">Any layout.</param>
    public StridedWalk(Layout first)
        : this(first, first, first)
    {
    }

    /// <summary>Walks two layouts of one shape in step.</summary>
    /// <param name="first">Any layout.</param>
    /// <param name="second">A layout of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public StridedWalk(Layout first, Layout second)
        : this(first, second, second)
    {
    }

    /// <summary>Walks three layouts of one shape in step.</summary>
    /// <param name="first">Any layout.</param>
    /// <param name="second">A layout of the same shape.</param>
    /// <param name="third">A layout of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public StridedWalk(Layout first, Layout second, Layout third)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        if (!first.Shape.SequenceEqual(second.Shape) || !first.Shape.SequenceEqual(third.Shape))
            throw new ArgumentException($"StridedWalk: shapes {Shapes.Format(first.Shape)}, {Shapes.Format(second.Shape)} and {Shapes.Format(third.Shape)} differ; broadcast the operands to one shape first.");
        _ended = first.Count == 0;
        (First, Second, Third) = (first.Offset, second.Offset, third.Offset);
        for (int axis = 0; axis < first.Rank; axis++)
            Append(first.Shape[axis], first.Strides[axis], second.Strides[axis], third.Strides[axis]);
        int run = _axes - 1;
        RunLength = run < 0 ? 1 : _sizes[run];
        FirstStride = run < 0 ? 1 : _firstStrides[run];
        SecondStride = run < 0 ? 1 : _secondStrides[run];
        ThirdStride = run < 0 ? 1 : _thirdStrides[run];
    }

    /// <summary>Elements in every run.</summary>
    public readonly int RunLength { get; }

    /// <summary>Where the run starts in the first operand's storage.</summary>
    public int First { readonly get; private set; }

    /// <summary>Where the run starts in the second operand's storage.</summary>
    public int Second { readonly get; private set; }

    /// <summary>Where the run starts in the third operand's storage.</summary>
    public int Third { readonly get; private set; }

    /// <summary>Elements from one place of the run to the next in the first operand.</summary>
    public readonly int FirstStride { get; }

    /// <summary>Elements from one place of the run to the next in the second operand.</summary>
    public readonly int SecondStride { get; }

    /// <summary>Elements from one place of the run to the next in the third operand.</summary>
    public readonly int ThirdStride { get; }

    /// <summary>Goes to the first, then to the next run.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveNext()
    {
        if (_ended)
            return false;
        if (!_started)
        {
            _started = true;
            return true;
        }
        for (int axis = _axes - 2; axis >= 0; axis--)
        {
            First += _firstStrides[axis];
            Second += _secondStrides[axis];
            Third += _thirdStrides[axis];
            int size = _sizes[axis];
            if (++_counters[axis] < size)
                return true;
            _counters[axis] = 0;
            First -= size * _firstStrides[axis];
            Second -= size * _secondStrides[axis];
            Third -= size * _thirdStrides[axis];
        }
        _ended = true;
        return false;
    }

    private void Append(int size, int first, int second, int third)
    {
        if (size == 1)
            return;
        int outer = _axes - 1;
        // In long: a stride-0 or far-apart pair must not merge because a product wrapped around.
        bool merges = outer >= 0
            && _firstStrides[outer] == (long)size * first
            && _secondStrides[outer] == (long)size * second
            && _thirdStrides[outer] == (long)size * third;
        int axis = merges ? outer : _axes++;
        _sizes[axis] = merges ? _sizes[axis] * size : size;
        _firstStrides[axis] = first;
        _secondStrides[axis] = second;
        _thirdStrides[axis] = third;
    }

    [InlineArray(Layout.MaximumRank)]
    private struct Axes
    {
        private int _first;
    }
}
