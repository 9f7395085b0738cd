namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>Visits the elements in row-major order, by reference: <c>foreach (float x in tensor)</c>. Nothing is allocated.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>A place in the row-major order of a tensor of any layout.</summary>
    public ref struct Enumerator
    {
        private readonly T[] _storage;
        private StridedWalk _walk;
        private int _position;
        private int _left;

        internal Enumerator(Tensor<T> tensor)
        {
            _storage = tensor._storage;
            _walk = new StridedWalk(tensor.Layout);
        }

        /// <summary>The element.</summary>
        public readonly ref T Current => ref _storage[_position];

        /// <summary>Goes to the first, then to the next element.</summary>
        /// <returns>False when there is none.</returns>
        public bool MoveNext()
        {
            if (_left > 1)
            {
                _left--;
                _position += _walk.FirstStride;
                return true;
            }
            if (!_walk.MoveNext())
                return false;
            _position = _walk.First;
            _left = _walk.RunLength;
            return true;
        }
    }
}
