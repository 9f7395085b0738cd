using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FlatFuse.Autograd;
using FlatFuse.Interop;
using FlatFuse.Layers;
using FlatFuse.Tensors;

namespace FlatFuse.Models;

public partial class Model
{
    private const string ArchitectureEntry = "architecture.json";
    private const string WeightsEntry = "weights.safetensors";
    private const string CompileEntry = "compile.json";

    /// <summary>The architecture as Keras 2 and tfjs write it; see <see cref="ArchitectureWriter"/>. No weights.</summary>
    /// <exception cref="NotSupportedException">A layer is of a class of your own, or its work is code: no file can name it.</exception>
    public string ToJson() => ToJson(ArchitectureDialect.Keras2);

    /// <summary>The architecture in a dialect of Keras. No weights; <see cref="FromJson"/> reads them all.</summary>
    /// <param name="dialect">How it is spelled.</param>
    /// <exception cref="NotSupportedException">A layer is of a class of your own, or its work is code: no file can name it.</exception>
    public string ToJson(ArchitectureDialect dialect) => JsonText.Write(ArchitectureWriter.Write(this, dialect));

    /// <summary>Makes a model from an architecture in the JSON of Keras 2, tfjs or Keras 3; see <see cref="ArchitectureReader"/>.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">It is no architecture.</exception>
    /// <exception cref="ArgumentException">The layers do not fit together.</exception>
    public static Model FromJson(string json) => ArchitectureReader.Read(JsonText.Read(Encoding.UTF8.GetBytes(json), "The architecture"));

    /// <summary>
    /// Saves architecture, weights and what Compile was given as one file. The optimizer's moments and step count are not in it: training
    /// goes on after loading with a fresh optimizer. The same model gives the same bytes.
    /// </summary>
    /// <remarks>
    /// The file is a zip: <c>architecture.json</c>, <c>weights.safetensors</c>, <c>compile.json</c> when compiled, <c>manifest.json</c> with
    /// SHA-256 sums. It is written beside the target, flushed to the disk and then renamed: a crash leaves the old file or the new one.
    /// </remarks>
    /// <param name="path">The target; replaced if it is there.</param>
    /// <param name="withCompile">False to leave out what Compile was given, for example a loss of your own that has no form in JSON.</param>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    /// <exception cref="NotSupportedException">A layer, loss, metric or optimizer of your own has no form in JSON; <see cref="SaveWeights"/> needs none.</exception>
    public void Save(string path, bool withCompile = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NamedTensors weights = CollectWeights();
        JsonObject architecture = ArchitectureWriter.Write(this);
        var entries = new List<(string Name, Action<Stream> Content)>
        {
            (ArchitectureEntry, stream => JsonText.Write(stream, architecture)),
            (WeightsEntry, stream => Safetensors.Write(stream, weights)),
        };
        if (withCompile && CompileSettings is { } settings)
        {
            JsonObject compile = CompileJson.Write(settings);
            entries.Add((CompileEntry, stream => JsonText.Write(stream, compile)));
        }
        ModelArchive.Write(path, entries);
    }

    /// <summary>Loads a model that <see cref="Save"/> wrote; it predicts the same bits. A compiled one is compiled again, with a fresh optimizer.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file was cut or changed, or is of another kind; nothing is loaded.</exception>
    public static Model Load(string path)
    {
        using ZipArchive archive = ModelArchive.Open(path);
        Model model = ArchitectureReader.Read(JsonText.Read(ModelArchive.Read(archive, ArchitectureEntry), ArchitectureEntry), draw: false);
        using (Stream stream = archive.GetEntry(WeightsEntry)?.Open() ?? throw new InvalidDataException($"{path} has no {WeightsEntry}."))
            model.AssignWeights(Safetensors.Read(stream), path);
        if (archive.GetEntry(CompileEntry) is not null)
        {
            CompileSettings settings = CompileJson.Read(JsonText.Read(ModelArchive.Read(archive, CompileEntry), CompileEntry));
            model.Compile(settings.Optimizer, settings.Losses, settings.Metrics, settings.LossWeights, settings.WeightedMetrics);
        }
        return model;
    }

    /// <summary>Saves the weights alone, as a safetensors file under their paths. A crash leaves the old file or the new one.</summary>
    /// <param name="path">The target; replaced if it is there.</param>
    /// <exception cref="InvalidOperationException">A <see cref="Sequential"/> without <see cref="Input"/> that was not used yet.</exception>
    public void SaveWeights(string path)
    {
        NamedTensors weights = CollectWeights();
        AtomicFile.Write(path, stream => Safetensors.Write(stream, weights));
    }

    /// <summary>Loads weights that <see cref="SaveWeights"/> wrote, or any safetensors file with the same names and shapes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or a name or shape differs; no weight is changed.</exception>
    public void LoadWeights(string path) => AssignWeights(Safetensors.Read(path), path);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => ArchitectureWriter.Fill(config.Json, this);

    private NamedTensors CollectWeights()
    {
        var weights = new NamedTensors();
        foreach (NamedWeight weight in Weights)
            weights.Add(weight.Path, weight.Parameter.Value);
        return weights;
    }

    // All names and shapes are checked before the first number is changed.
    private void AssignWeights(NamedTensors given, string path)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (NamedWeight weight in Weights)
        {
            known.Add(weight.Path);
            if (!given.TryGetValue(weight.Path, out Tensor? value))
                throw new InvalidDataException($"{path} has no weight '{weight.Path}', which model '{Name}' needs; it has {string.Join(", ", given.Keys)}.");
            if (value is not Tensor<float> || !value.Shape.SequenceEqual(weight.Parameter.Shape))
                throw new InvalidDataException($"{path}: weight '{weight.Path}' is {value.ElementType.Name} {Shapes.Format(value.Shape)}; model '{Name}' needs Single {Shapes.Format(weight.Parameter.Shape)}.");
        }
        if (given.Keys.FirstOrDefault(name => !known.Contains(name)) is { } stranger)
            throw new InvalidDataException($"{path} holds a weight '{stranger}', which model '{Name}' does not have; it has {string.Join(", ", known)}.");
        foreach (NamedWeight weight in Weights)
            weight.Parameter.Assign(given.Get<float>(weight.Path));
    }
}
