using System.Globalization;
using System.Text;

namespace FlatFuse.Models;

/// <summary>
/// Writes a row an epoch into a file: <c>epoch</c> (from 0) and the logs in the order of their names, round-trip digits, always with a
/// point. Each row is on the disk when the epoch ends. Source: Keras 3, <c>keras.callbacks.CSVLogger</c>.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="separator">Between the columns.</param>
/// <param name="append">True to write below what is there; a header only into an empty file.</param>
public sealed class CSVLogger(string path, string separator = ",", bool append = false) : Callback
{
    private string[]? _keys;
    private bool _needsHeader;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress)
    {
        _needsHeader = !append || !File.Exists(path) || new FileInfo(path).Length == 0;
        if (!append)
            File.WriteAllText(path, "");
        _keys = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingProgress progress)
    {
        // The first epoch decides the columns; a key that is missing later shows as NA.
        if (_keys is null)
        {
            _keys = progress.Keys.ToArray();
            Array.Sort(_keys, StringComparer.Ordinal);
        }
        var text = new StringBuilder();
        if (_needsHeader)
            text.AppendJoin(separator, _keys.Prepend("epoch")).Append('\n');
        _needsHeader = false;
        text.Append(CultureInfo.InvariantCulture, $"{progress.Epoch}");
        foreach (string key in _keys)
            text.Append(separator).Append(progress.TryGetValue(key, out double value) ? value.ToString("R", CultureInfo.InvariantCulture) : "NA");
        // Opened for each row: a training that throws leaves no open file behind.
        File.AppendAllText(path, text.Append('\n').ToString());
    }
}
