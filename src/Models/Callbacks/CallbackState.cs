using System.Globalization;
using FlatFuse.Interop;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

/// <summary>What one callback remembers, inside the file of <see cref="BackupAndRestore"/>.</summary>
internal sealed class CallbackState(NamedTensors tensors, string prefix)
{
    public void Write(string key, double? value)
    {
        if (value is { } number)
            tensors.Metadata[prefix + key] = number.ToString("R", CultureInfo.InvariantCulture);
    }

    public void Write(string key, IReadOnlyList<Tensor<float>> values)
    {
        for (int i = 0; i < values.Count; i++)
            tensors.Add(string.Create(CultureInfo.InvariantCulture, $"{prefix}{key}/{i}"), values[i].Clone());
    }

    public double? Read(string key)
        => tensors.Metadata.TryGetValue(prefix + key, out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <returns>False when nothing was written under the key.</returns>
    public bool Read(string key, IReadOnlyList<Tensor<float>> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!tensors.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{prefix}{key}/{i}"), out Tensor? value))
                return false;
            ((Tensor<float>)value).CopyTo(values[i].AsSpan());
        }
        return true;
    }
}
