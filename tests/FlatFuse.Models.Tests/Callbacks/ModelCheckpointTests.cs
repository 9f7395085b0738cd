using FlatFuse.Models.Tests.Fitting;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class ModelCheckpointTests
{
    [Fact]
    public void Every_epoch_has_its_file_under_its_own_name()
    {
        string folder = Path.GetDirectoryName(CallbackModels.TemporaryFile("x"))!;
        History history = CallbackModels.Fit(CallbackModels.Line(), 2, new ModelCheckpoint(Path.Combine(folder, "m-{epoch:02d}-{val_loss:.3f}.flatfuse")));
        string[] expected = [.. history["val_loss"].Select((loss, i) => FormattableString.Invariant($"m-{i + 1:00}-{loss:F3}.flatfuse")).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_saved_epoch_predicts_what_the_model_did_then()
    {
        string path = CallbackModels.TemporaryFile("best.flatfuse");
        Sequential model = CallbackModels.Line();
        int[] best = [];
        var taken = new LambdaCallback { EpochEnd = progress => best = progress.Epoch == 1 ? FitModels.Bits(progress.Model) : best };
        var checkpoint = new ModelCheckpoint(path) { SaveBestOnly = true };
        CallbackModels.FitAs(model, "val_loss", [5, 4, 6, double.NaN], taken, checkpoint);
        Assert.Equal(4, checkpoint.Best);
        Model loaded = Model.Load(path);
        Assert.Equal(best, FitModels.Bits(loaded));
        Assert.True(loaded.IsCompiled);
        Assert.NotEqual(best, FitModels.Bits(model));
    }

    [Fact]
    public void Weights_alone_can_be_saved()
    {
        string path = CallbackModels.TemporaryFile(Path.Combine("made", "on", "the way", "weights.safetensors"));
        Sequential model = CallbackModels.Line();
        CallbackModels.Fit(model, 2, new ModelCheckpoint(path) { SaveWeightsOnly = true });
        Sequential other = FitModels.Line();
        other.LoadWeights(path);
        Assert.Equal(FitModels.Bits(model), FitModels.Bits(other));
    }

    [Fact]
    public void A_threshold_must_be_beaten_first()
    {
        string path = CallbackModels.TemporaryFile("best.flatfuse");
        var checkpoint = new ModelCheckpoint(path) { SaveBestOnly = true, InitialValueThreshold = 3 };
        CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [5, 4], checkpoint);
        Assert.False(File.Exists(path));
        CallbackModels.FitAs(CallbackModels.Line(), "val_loss", [2.5, 4], checkpoint);
        Assert.Equal(path, checkpoint.LastPath);
    }

    [Fact]
    public void Batches_can_be_counted_instead_of_epochs()
    {
        string folder = Path.GetDirectoryName(CallbackModels.TemporaryFile("x"))!;
        // 18 samples in batches of 8 are three batches an epoch.
        CallbackModels.Fit(CallbackModels.Line(), 2, new ModelCheckpoint(Path.Combine(folder, "{epoch}-{batch}.w")) { SaveFrequency = 2, SaveWeightsOnly = true });
        Assert.Equal(["1-2.w", "2-1.w", "2-3.w"], Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file()
    {
        string path = CallbackModels.TemporaryFile("model.flatfuse");
        File.WriteAllText(path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("disk full");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void An_unknown_placeholder_is_refused_before_the_first_step()
    {
        var error = Assert.Throws<ArgumentException>(() => CallbackModels.Fit(CallbackModels.Line(), 1, new ModelCheckpoint("m-{val_auc}.flatfuse")));
        Assert.Contains("'val_auc'", error.Message);
        Assert.Contains("val_loss", error.Message);
    }
}
