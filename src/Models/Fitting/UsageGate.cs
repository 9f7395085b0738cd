namespace FlatFuse.Models;

/// <summary>
/// Lets any number of predictions in, or one training: weights must not change under a running prediction. A callback of the
/// training itself may predict.
/// </summary>
internal sealed class UsageGate
{
    private const int Training = -1;

    private int _state;
    private int _trainer;

    public void BeginTraining(string model)
    {
        int found = Interlocked.CompareExchange(ref _state, Training, 0);
        if (found != 0)
        {
            throw new InvalidOperationException(found == Training
                ? $"Model '{model}' is being trained already; one training at a time."
                : $"Model '{model}' is in use by {found} predictions; train when they are done.");
        }
        _trainer = Environment.CurrentManagedThreadId;
    }

    public void EndTraining()
    {
        _trainer = 0;
        Volatile.Write(ref _state, 0);
    }

    /// <returns>False when the caller is the trainer itself and must not call <see cref="EndPrediction"/>.</returns>
    public bool BeginPrediction(string model)
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state == Training)
            {
                return _trainer == Environment.CurrentManagedThreadId
                    ? false
                    : throw new InvalidOperationException($"Model '{model}' is being trained: its weights change under a prediction. Predict before or after, or with another copy of the model.");
            }
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
                return true;
        }
    }

    public void EndPrediction() => Interlocked.Decrement(ref _state);
}
