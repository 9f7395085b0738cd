namespace FlatFuse.Models;

/// <summary>
/// Lets any number of predictions in, or one exclusive use (training, evaluation, prediction that moves recurrent state): weights
/// and state must not change under a running prediction. A callback of the training itself may predict.
/// </summary>
internal sealed class UsageGate
{
    private const int Exclusive = -1;

    private int _state;
    private int _owner;
    private string _use = "";

    /// <param name="model">The model's name, for the error.</param>
    /// <param name="use">What the model is being: "trained", for example.</param>
    /// <param name="nests">True when the training's own callback may do it.</param>
    /// <returns>False when the caller has the model already and must not call <see cref="EndExclusive"/>.</returns>
    public bool BeginExclusive(string model, string use, bool nests)
    {
        int found = Interlocked.CompareExchange(ref _state, Exclusive, 0);
        if (found == 0)
        {
            _owner = Environment.CurrentManagedThreadId;
            _use = use;
            return true;
        }
        bool own = found == Exclusive && _owner == Environment.CurrentManagedThreadId;
        if (own && nests)
            return false;
        throw new InvalidOperationException(found == Exclusive
            ? $"Model '{model}' cannot be {use}: it is being {_use} {(own ? "by the caller of this callback" : "on another thread")}. One at a time."
            : $"Model '{model}' cannot be {use}: {found} predictions are running. Wait until they are done.");
    }

    /// <summary>For an exclusive use that has waited and goes on, perhaps on another thread.</summary>
    public void ContinueOnThisThread() => _owner = Environment.CurrentManagedThreadId;

    public void EndExclusive()
    {
        _owner = 0;
        Volatile.Write(ref _state, 0);
    }

    /// <returns>False when the caller has the model for itself already and must not call <see cref="EndPrediction"/>.</returns>
    public bool BeginPrediction(string model)
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state == Exclusive)
            {
                return _owner == Environment.CurrentManagedThreadId
                    ? false
                    : throw new InvalidOperationException($"Model '{model}' is being {_use} on another thread: what a prediction reads changes under it. Predict before or after, or with another copy of the model.");
            }
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
                return true;
        }
    }

    public void EndPrediction() => Interlocked.Decrement(ref _state);
}
