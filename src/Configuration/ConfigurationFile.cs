using System.Text;
using Assimilator.Processes;

namespace Assimilator.Configuration;

/// <summary>Small text files that others wrote: the configuration and the files with secrets. Reading is bounded, and what
/// cannot be read gives a sentence instead of an exception.</summary>
internal static class ConfigurationFile
{
    /// <summary>A configuration of 10,000 excludes has half of it.</summary>
    public const int LongestFile = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a whole text file.</summary>
    /// <returns>The text without a byte order mark, or null and what is wrong.</returns>
    public static (string? Text, string? Failure) Read(string path, int longest = LongestFile)
    {
        try
        {
            if (Directory.Exists(path))
                return (null, "is a directory, expected a file");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (!file.CanSeek)
                return (null, "is a pipe or device, expected a file");
            if (file.Length > longest)
                return (null, $"is larger than {longest / 1024} KiB, expected a text file");
            var bytes = new byte[longest + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > longest
                ? (null, $"is larger than {longest / 1024} KiB, expected a text file")
                : Decode(bytes.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, Why(exception));
        }
    }

    /// <summary>True if users other than the file's own can read it.</summary>
    public static bool IsReadableByOthers(string path)
    {
        const int otherRead = 0x04;
        return LibC.OwnershipOf(path) is { } file && (file.Mode & otherRead) != 0;
    }

    private static (string? Text, string? Failure) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0))
            return (null, "holds binary data, expected UTF-8 text");
        try
        {
            return (StrictUtf8.GetString(bytes), null);
        }
        catch (ArgumentException)
        {
            return (null, $"line {LineOfFirstInvalidByte(bytes)} is not UTF-8 text");
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
