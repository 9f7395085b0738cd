namespace FlatFuse.Models;

/// <summary>One use of a model and of every model inside it, whose weights it shares; over when disposed.</summary>
internal readonly struct ModelUse : IDisposable
{
    private readonly Model[] _models;
    private readonly bool _exclusive;

    private ModelUse(Model[] models, bool exclusive)
    {
        _models = models;
        _exclusive = exclusive;
    }

    /// <summary>Waits for nothing: throws when one of the models is in another use.</summary>
    /// <param name="model">The outermost model.</param>
    /// <param name="use">What it is being: "trained", for example.</param>
    /// <param name="nests">True when the training's own callback may do it.</param>
    public static ModelUse Exclusive(Model model, string use, bool nests = false) => Enter(model, exclusive: true, use, nests);

    /// <summary>Enters beside other predictions.</summary>
    public static ModelUse Prediction(Model model) => Enter(model, exclusive: false, use: "", nests: true);

    /// <summary>Waits for a batch. Meanwhile the thread may serve others; the one that goes on, perhaps another, is the one whose callbacks may predict.</summary>
    public async ValueTask<Batch?> WaitFor(ValueTask<Batch?> pending)
    {
        if (pending.IsCompleted)
            return await pending.ConfigureAwait(false);
        foreach (Model model in _models)
            model.Gate.LeaveThread();
        Batch? batch = await pending.ConfigureAwait(false);
        foreach (Model model in _models)
            model.Gate.ContinueOnThisThread();
        return batch;
    }

    /// <summary>Ends the use.</summary>
    public void Dispose() => Leave(_models, _models.Length, _exclusive);

    private static ModelUse Enter(Model model, bool exclusive, string use, bool nests)
    {
        Model[] models = model.ModelsInside;
        for (int i = 0; i < models.Length; i++)
        {
            try
            {
                if (exclusive)
                    models[i].Gate.BeginExclusive(models[i], use, nests);
                else
                    models[i].Gate.BeginPrediction(models[i]);
            }
            catch (InvalidOperationException)
            {
                Leave(models, i, exclusive);
                throw;
            }
        }
        return new ModelUse(models, exclusive);
    }

    private static void Leave(Model[] models, int entered, bool exclusive)
    {
        for (int i = 0; i < entered; i++)
        {
            if (exclusive)
                models[i].Gate.EndExclusive();
            else
                models[i].Gate.EndPrediction();
        }
    }
}
