using System.Globalization;

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
    private StreamWriter? _file;
    private bool _needsHeader;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingProgress progress)
    {
        _file?.Dispose();
        _needsHeader = !append || !File.Exists(path) || new FileInfo(path).Length == 0;
        _file = new StreamWriter(path, append) { NewLine = "\n" };
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
        if (_needsHeader)
            _file!.WriteLine(string.Join(separator, _keys.Prepend("epoch")));
        _needsHeader = false;
        _file!.Write(progress.Epoch.ToString(CultureInfo.InvariantCulture));
        foreach (string key in _keys)
        {
            _file.Write(separator);
            _file.Write(progress.TryGetValue(key, out double value) ? value.ToString("R", CultureInfo.InvariantCulture) : "NA");
        }
        _file.WriteLine();
        _file.Flush();
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingProgress progress)
    {
        _file?.Dispose();
        _file = null;
    }
}
