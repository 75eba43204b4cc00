using Assimilator.Processes;

namespace Assimilator.Files;

/// <summary>Files that others read while we write them.</summary>
internal static class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Replaces a file as a whole: temporary file in the same directory, fsync, rename, fsync of the directory.
    /// </summary>
    /// <param name="mode">Who may read it, whatever the umask says.</param>
    /// <exception cref="IOException">The disk is full, or the directory is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not ours to write.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            var options = new FileStreamOptions
            {
                // A name that is taken, by a planted link for example, is an error.
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            };
            // Left behind by an earlier process of the same id.
            File.Delete(temporary);
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                File.SetUnixFileMode(file.SafeFileHandle, mode);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            LibC.FsyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
