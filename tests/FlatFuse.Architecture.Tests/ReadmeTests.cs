using FlatFuse.Models;
using FlatFuse.Tensors;

namespace FlatFuse.Architecture.Tests;

/// <summary>README.md: its first screen trains a model. <see cref="PageExampleTests"/> sees to it that this is the text of <c>ReadmeExamples.cs</c>.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_first_screen_ends_with_the_two_commands()
    {
        string readme = Repository.Read("README.md");
        Assert.Contains("dotnet run -c Release --project samples/FlatFuse.Samples", readme);
        Assert.Contains("dotnet test -c Release", readme);
    }

    [Fact]
    public void The_first_example_learns_and_its_saved_model_predicts_the_same_bits()
    {
        string folder = Directory.CreateTempSubdirectory("flatfuse-readme").FullName;
        string before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(folder);
            (Model served, History history, Tensor<float> probabilities) = ReadmeExamples.FirstScreen();
            Assert.Equal(5, history.Epochs);
            Assert.True(history["accuracy"][^1] > 0.9, $"accuracy {history["accuracy"][^1]}");
            Assert.Equal([512, 1], probabilities.Shape.ToArray());
            Assert.Equal(2, served.Inputs.Count);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }
}
