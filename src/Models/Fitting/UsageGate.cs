namespace FlatFuse.Models;

/// <summary>
/// Lets any number of predictions in, or one exclusive use (training, evaluation, prediction that moves recurrent state): weights
/// and state must not change under a running prediction. A callback of the training itself may predict and evaluate.
/// </summary>
internal sealed class UsageGate
{
    private const int Exclusive = -1;

    private int _state;
    private int _owner;
    private int _depth;
    private string _use = "";

    /// <param name="model">The model, for the error: it is asked for its name only then.</param>
    /// <param name="use">What the model is being: "trained", for example.</param>
    /// <param name="nests">True when the training's own callback may do it.</param>
    /// <exception cref="InvalidOperationException">Somebody else is in.</exception>
    public void BeginExclusive(Model model, string use, bool nests)
    {
        int found = Interlocked.CompareExchange(ref _state, Exclusive, 0);
        bool own = found == Exclusive && IsOwner;
        if (found != 0 && !(own && nests))
        {
            throw new InvalidOperationException(found == Exclusive
                ? $"Model '{model.Name}' cannot be {use}: it is being {_use} {(own ? "by the caller of this callback" : "on another thread")}. One at a time."
                : $"Model '{model.Name}' cannot be {use}: {found} predictions are running. Wait until they are done.");
        }
        if (!own)
        {
            _owner = Environment.CurrentManagedThreadId;
            _use = use;
        }
        _depth++;
    }

    /// <summary>For an exclusive use that begins to wait: its thread may serve others now.</summary>
    public void LeaveThread() => _owner = 0;

    /// <summary>For an exclusive use that has waited and goes on, perhaps on another thread.</summary>
    public void ContinueOnThisThread() => _owner = Environment.CurrentManagedThreadId;

    public void EndExclusive()
    {
        if (--_depth > 0)
            return;
        _owner = 0;
        Volatile.Write(ref _state, 0);
    }

    /// <exception cref="InvalidOperationException">Somebody else has the model for himself.</exception>
    public void BeginPrediction(Model model)
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state == Exclusive)
            {
                if (!IsOwner)
                    throw new InvalidOperationException($"Model '{model.Name}' is being {_use} on another thread: what a prediction reads changes under it. Predict before or after, or with another copy of the model.");
                _depth++;
                return;
            }
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
                return;
        }
    }

    public void EndPrediction()
    {
        // While anybody has the model for himself, only his own predictions are inside.
        if (Volatile.Read(ref _state) == Exclusive)
            EndExclusive();
        else
            Interlocked.Decrement(ref _state);
    }

    private bool IsOwner => _owner == Environment.CurrentManagedThreadId;
}
