namespace FlatFuse.Autograd;

/// <summary>Stops a context from recording until disposed: <c>using (new NoGradient(context)) { … }</c>.</summary>
public readonly struct NoGradient : IDisposable
{
    private readonly CallContext _context;
    private readonly bool _previous;

    /// <summary>Stops recording.</summary>
    /// <param name="context">The context to silence.</param>
    public NoGradient(CallContext context)
    {
        _context = context;
        _previous = context.IsRecording;
        context.IsRecording = false;
    }

    /// <summary>Restores what was before.</summary>
    public void Dispose() => _context.IsRecording = _previous;
}
