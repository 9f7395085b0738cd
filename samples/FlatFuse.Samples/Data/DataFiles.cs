namespace FlatFuse.Samples.Data;

/// <summary>Finds the data files, which the build copies beside the program.</summary>
internal static class DataFiles
{
    public static string PathOf(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", file);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The sample data are missing: expected {path}. Build the samples project, which copies the repository's data folder there.", path);
    }
}
