using Assimilator.Native;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Files;

/// <summary>Files that others read while we write them.</summary>
internal static class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <inheritdoc cref="Write(SafeFileHandle, string, ReadOnlySpan{byte}, UnixFileMode)"/>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var directory = FileTrust.OpenDirectory(Path.GetDirectoryName(path)!);
        Write(directory, Path.GetFileName(path), content, mode);
    }

    /// <summary>Replaces a file as a whole: temporary file in the same directory, fsync, rename, fsync of the directory. The
    /// directory may be somebody else's: whatever that user puts there meanwhile, nothing is written elsewhere.</summary>
    /// <param name="mode">Who may read it, whatever the umask says.</param>
    /// <exception cref="IOException">The disk is full, or the directory is gone or not ours to write.</exception>
    public static void Write(SafeFileHandle directory, string name, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var temporary = $"{name}.{Environment.ProcessId}.tmp";
        // Left behind by an earlier process of the same id.
        LibC.Remove(directory, temporary);
        try
        {
            // A name that is taken, by a planted link for example, is an error.
            using (var file = LibC.CreateFile(directory, temporary))
            {
                RandomAccess.Write(file, content, 0);
                File.SetUnixFileMode(file, mode);
                RandomAccess.FlushToDisk(file);
            }
            LibC.Replace(directory, name, by: temporary);
        }
        catch (Exception exception)
        {
            LibC.Remove(directory, temporary);
            // What .NET makes of EFBIG.
            if (exception is ArgumentOutOfRangeException)
                throw new IOException("the limit on the size of files is too low (ulimit -f, LimitFSIZE)", exception);
            throw;
        }
    }

    /// <summary>Leaves nothing in a file. A link in its place is an error.</summary>
    /// <exception cref="IOException">It is not there, or not ours to write.</exception>
    public static void Empty(string path)
    {
        using var file = LibC.OpenEmptied(path);
        if (file.IsInvalid)
            throw new IOException(LibC.LastErrorText());
    }
}
