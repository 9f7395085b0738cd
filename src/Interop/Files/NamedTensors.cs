using System.Collections;
using System.Diagnostics.CodeAnalysis;
using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// Tensors by name, in the order in which they were added: what an npz or safetensors file holds. Collects and reads alike:
/// <c>new NamedTensors { ["words"] = words }</c>, <c>file.Get&lt;float&gt;("stats")</c>.
/// </summary>
public sealed class NamedTensors : IReadOnlyDictionary<string, Tensor>
{
    private readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Texts that a safetensors file carries beside its tensors (<c>__metadata__</c>); npz files have none.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The names.</summary>
    public IEnumerable<string> Keys => _tensors.Keys;

    /// <summary>The tensors.</summary>
    public IEnumerable<Tensor> Values => _tensors.Values;

    /// <summary>A tensor of any element type; setting replaces or adds.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names.</exception>
    public Tensor this[string name]
    {
        get => _tensors.TryGetValue(name, out Tensor? tensor)
            ? tensor
            : throw new KeyNotFoundException($"There is no tensor '{name}'; the names are: {string.Join(", ", _tensors.Keys)}.");
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _tensors[name] = value;
        }
    }

    /// <summary>A tensor whose element type is known.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names.</exception>
    /// <exception cref="InvalidOperationException">It has another element type.</exception>
    public Tensor<T> Get<T>(string name)
        where T : unmanaged
        => this[name] as Tensor<T>
            ?? throw new InvalidOperationException($"Tensor '{name}' holds {this[name].ElementType.Name}, not {typeof(T).Name}; ask for that type, or use ToFloat().");

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">A new name.</param>
    /// <param name="tensor">The tensor; it is not copied.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_tensors.TryAdd(name, tensor))
            throw new ArgumentException($"There is already a tensor '{name}'.", nameof(name));
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
