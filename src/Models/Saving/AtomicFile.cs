namespace FlatFuse.Models;

/// <summary>Replaces a file as a whole: a crash at any moment leaves the old one or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside <paramref name="path"/>, flushes it to the disk and puts it in place.</summary>
    /// <param name="path">The target; replaced if it is there.</param>
    /// <param name="content">Writes the whole content.</param>
    public static void Write(string path, Action<FileStream> content)
    {
        string target = Path.GetFullPath(path);
        string temporary = target + ".saving";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                content(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
