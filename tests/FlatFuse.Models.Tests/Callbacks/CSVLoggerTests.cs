using System.Globalization;

namespace FlatFuse.Models.Tests.Callbacks;

public sealed class CSVLoggerTests
{
    [Fact]
    public void Each_epoch_is_a_row_with_every_digit()
    {
        string path = CallbackModels.TemporaryFile("log.csv");
        History history = CallbackModels.Fit(CallbackModels.Line(), 3, new CSVLogger(path));
        string[] lines = File.ReadAllLines(path);
        Assert.Equal("epoch,loss,mae,val_loss,val_mae", lines[0]);
        Assert.Equal(4, lines.Length);
        string[] last = lines[3].Split(',');
        Assert.Equal("2", last[0]);
        Assert.Equal(history["loss"][2], double.Parse(last[1], CultureInfo.InvariantCulture));
        Assert.Equal(history["val_mae"][2], double.Parse(last[4], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Appending_writes_no_second_header()
    {
        string path = CallbackModels.TemporaryFile("log.csv");
        CallbackModels.Fit(CallbackModels.Line(), 1, new CSVLogger(path, ";", append: true));
        CallbackModels.Fit(CallbackModels.Line(), 2, new CSVLogger(path, ";", append: true));
        Assert.Equal(["epoch", "0", "0", "1"], File.ReadAllLines(path).Select(line => line.Split(';')[0]));
        CallbackModels.Fit(CallbackModels.Line(), 1, new CSVLogger(path));
        Assert.Equal(2, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void A_row_is_on_the_disk_when_its_epoch_ends()
    {
        string path = CallbackModels.TemporaryFile("log.csv");
        var rows = new List<int>();
        var reader = new LambdaCallback
        {
            EpochBegin = _ =>
            {
                using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                rows.Add(file.ReadToEnd().Count(character => character == '\n'));
            },
        };
        CallbackModels.Fit(CallbackModels.Line(), 3, new CSVLogger(path), reader);
        Assert.Equal([0, 2, 3], rows);
    }
}
