using System.Globalization;
using System.Text;

namespace FlatFuse.Models;

/// <summary>Prints an epoch the way Keras does: batches, a bar, time left, loss and metrics.</summary>
internal sealed class ProgressBar : Callback
{
    private const int Width = 20;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly bool _redraws;
    private readonly StringBuilder _line = new();
    private long _epochBegan;
    private long _lastDrawn;
    private int _drawnLength;

    public ProgressBar(TextWriter output, bool redraws, TimeProvider time)
    {
        _output = output;
        _redraws = redraws;
        _time = time;
    }

    /// <summary>The callback that prints what <paramref name="verbosity"/> asks for; null for silence.</summary>
    public static ProgressBar? For(Verbosity verbosity, TextWriter? output)
    {
        bool interactive = output is null && !Console.IsOutputRedirected;
        return verbosity switch
        {
            Verbosity.Silent => null,
            Verbosity.ProgressBar => new ProgressBar(output ?? Console.Out, redraws: true, TimeProvider.System),
            Verbosity.OneLinePerEpoch => new ProgressBar(output ?? Console.Out, redraws: false, TimeProvider.System),
            _ => new ProgressBar(output ?? Console.Out, interactive, TimeProvider.System),
        };
    }

    public override void OnEpochBegin(TrainingProgress progress)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {progress.Epoch + 1}/{progress.Epochs}"));
        _epochBegan = _time.GetTimestamp();
        _lastDrawn = 0;
        _drawnLength = 0;
    }

    public override void OnBatchEnd(TrainingProgress progress)
    {
        if (!_redraws || (_lastDrawn != 0 && _time.GetElapsedTime(_lastDrawn) < RedrawInterval))
            return;
        _lastDrawn = _time.GetTimestamp();
        Draw(progress, done: progress.Batch + 1, finished: false);
    }

    public override void OnEpochEnd(TrainingProgress progress)
    {
        Draw(progress, done: progress.Batch + 1, finished: true);
        _output.WriteLine();
    }

    private void Draw(TrainingProgress progress, int done, bool finished)
    {
        TimeSpan elapsed = _time.GetElapsedTime(_epochBegan);
        TimeSpan step = elapsed / Math.Max(done, 1);
        _line.Clear();
        if (_redraws)
            _line.Append('\r');
        int filled = progress.Batches == 0 ? Width : Width * Math.Min(done, progress.Batches) / progress.Batches;
        if (progress.Batches == 0)
            _line.Append(CultureInfo.InvariantCulture, $"{done}/Unknown");
        else
            _line.Append(CultureInfo.InvariantCulture, $"{done}/{progress.Batches} ").Append('━', filled).Append(' ', Width - filled);
        if (finished || progress.Batches == 0)
            _line.Append(CultureInfo.InvariantCulture, $" {Seconds(elapsed)} {Step(step)}/step");
        else
            _line.Append(CultureInfo.InvariantCulture, $" {Seconds(step * (progress.Batches - done))} left {Step(step)}/step");
        for (int i = 0; i < progress.Keys.Length; i++)
            _line.Append(CultureInfo.InvariantCulture, $" - {progress.Keys[i]}: {progress.Values[i]:0.0000}");
        // A shorter line must wipe the tail of the one before.
        int length = _line.Length;
        if (_redraws && length < _drawnLength)
            _line.Append(' ', _drawnLength - length);
        _drawnLength = length;
        _output.Write(_line);
        _output.Flush();
    }

    private static string Seconds(TimeSpan time)
        => time.TotalSeconds >= 60
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s");

    private static string Step(TimeSpan step)
        => step.TotalMilliseconds >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{step.TotalMilliseconds:0.0}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{step.TotalMicroseconds:0}us");
}
