using System.Text;
using Assimilator.Processes;

namespace Assimilator.Files;

/// <summary>A text without a byte order mark, or null and what is wrong.</summary>
/// <param name="IsUnreachable">True if the file could not be read this time; false if what is in it is no text of ours.</param>
internal sealed record FileText(string? Text, string? Failure, bool IsUnreachable = false);

/// <summary>Small text files that others wrote: the configuration and the files with secrets. Reading is bounded, and what
/// cannot be read gives a sentence instead of an exception.</summary>
internal static class TextFile
{
    /// <summary>A configuration of 10,000 excludes has half of it.</summary>
    public const int LongestFile = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a whole text file.</summary>
    public static FileText Read(string path, int longest = LongestFile)
    {
        try
        {
            // Opening a pipe would wait for its other end.
            if (LibC.OwnershipOf(path) is { IsRegularFile: false })
                return new(null, $"is a {(Directory.Exists(path) ? "directory" : "pipe or device")}, expected a file");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (file.Length > longest)
                return new(null, $"is larger than {longest / 1024} KiB, expected a text file");
            var bytes = new byte[longest + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > longest
                ? new(null, $"is larger than {longest / 1024} KiB, expected a text file")
                : Decode(bytes.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new(null, Why(exception), IsUnreachable: true);
        }
    }

    /// <summary>True if users other than the file's own can read it.</summary>
    public static bool IsReadableByOthers(string path)
    {
        const int otherRead = 0x04;
        return LibC.OwnershipOf(path) is { } file && (file.Mode & otherRead) != 0;
    }

    private static FileText Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0))
            return new(null, "holds binary data, expected UTF-8 text");
        try
        {
            return new(StrictUtf8.GetString(bytes), null);
        }
        catch (ArgumentException)
        {
            return new(null, $"line {LineOfFirstInvalidByte(bytes)} is not UTF-8 text");
        }
    }

    private static int LineOfFirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) != System.Buffers.OperationStatus.Done)
                return line;
            if (rune.Value == '\n')
                line++;
            bytes = bytes[length..];
        }
        return line;
    }

    private static string Why(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "cannot be read: permission denied",
        PathTooLongException => "has too long a name",
        _ => $"cannot be read: {exception.Message}",
    };
}
