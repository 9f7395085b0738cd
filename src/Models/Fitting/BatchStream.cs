namespace FlatFuse.Models;

/// <summary>A stream of batches that can be begun again: one face for plain and asynchronous enumerables.</summary>
internal abstract class BatchStream : IAsyncDisposable
{
    private Batch? _returned;

    public static BatchStream Of(IEnumerable<Batch> batches) => new Plain(batches ?? throw new ArgumentNullException(nameof(batches)));

    public static BatchStream Of(IAsyncEnumerable<Batch> batches, CancellationToken cancellation)
        => new Asynchronous(batches ?? throw new ArgumentNullException(nameof(batches)), cancellation);

    /// <summary>The next batch; null at the end.</summary>
    public ValueTask<Batch?> Next()
    {
        if (_returned is not { } batch)
            return Advance();
        _returned = null;
        return new ValueTask<Batch?>(batch);
    }

    /// <summary>Looks at the next batch without taking it.</summary>
    public async ValueTask<Batch?> Peek() => _returned ??= await Next().ConfigureAwait(false);

    /// <summary>Begins anew, unless nothing was taken yet.</summary>
    public abstract ValueTask Restart();

    public abstract ValueTask DisposeAsync();

    protected bool HasReturned => _returned is not null;

    protected abstract ValueTask<Batch?> Advance();

    private sealed class Plain(IEnumerable<Batch> batches) : BatchStream
    {
        private IEnumerator<Batch>? _position;

        public override ValueTask Restart()
        {
            if (HasReturned)
                return ValueTask.CompletedTask;
            _position?.Dispose();
            _position = null;
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _position?.Dispose();
            return ValueTask.CompletedTask;
        }

        protected override ValueTask<Batch?> Advance()
        {
            _position ??= batches.GetEnumerator();
            return new ValueTask<Batch?>(_position.MoveNext() ? _position.Current : null);
        }
    }

    private sealed class Asynchronous(IAsyncEnumerable<Batch> batches, CancellationToken cancellation) : BatchStream
    {
        private IAsyncEnumerator<Batch>? _position;

        public override async ValueTask Restart()
        {
            if (HasReturned)
                return;
            await DisposeAsync().ConfigureAwait(false);
            _position = null;
        }

        public override ValueTask DisposeAsync() => _position?.DisposeAsync() ?? ValueTask.CompletedTask;

        protected override async ValueTask<Batch?> Advance()
        {
            cancellation.ThrowIfCancellationRequested();
            _position ??= batches.GetAsyncEnumerator(cancellation);
            return await _position.MoveNextAsync().ConfigureAwait(false) ? _position.Current : null;
        }
    }
}
