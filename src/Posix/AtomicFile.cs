namespace Assimilator.Posix;

/// <summary>Files that others read while we write them.</summary>
internal static class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Replaces a file as a whole: temporary file in the same directory, fsync, rename, fsync of the
    /// directory. A link in its place is replaced, not followed.</summary>
    /// <param name="mode">Who may read it, whatever the umask says.</param>
    /// <exception cref="IOException">The disk is full, or the directory does not exist or is not ours to
    /// write.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            // Left behind by an earlier process of the same id.
            File.Delete(temporary);
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                File.SetUnixFileMode(file, mode);
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }
            File.Move(temporary, path, overwrite: true);
            LibC.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new IOException(Reason(exception), exception);
        }
    }

    /// <summary>Without the name of the temporary file, which means nothing to people.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        DirectoryNotFoundException => LibC.ErrorText(LibC.NoEntry),
        // What .NET makes of EFBIG.
        ArgumentException => "the file size limit is too low (ulimit -f, LimitFSIZE=)",
        _ when exception.GetBaseException() is { HResult: > 0 and < 4096 } cause => LibC.ErrorText(cause.HResult),
        _ => exception.Message,
    };
}
