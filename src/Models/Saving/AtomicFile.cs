namespace FlatFuse.Models;

/// <summary>
/// Replaces a file as a whole: a crash at any moment leaves the old one or the new one, and of several writers at once the last to finish wins.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside <paramref name="path"/>, flushes it to the disk and puts it in place.</summary>
    /// <param name="path">The target; replaced if it is there.</param>
    /// <param name="content">Writes the whole content.</param>
    public static void Write(string path, Action<FileStream> content)
    {
        string target = Path.GetFullPath(path);
        // A name of its own, so that two writers of one target never share a file; only who made it deletes it.
        string temporary = $"{target}.{Path.GetRandomFileName()}.saving";
        FileStream created = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            using (FileStream file = created)
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
