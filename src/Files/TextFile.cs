using System.Runtime.InteropServices;
using System.Text;
using Assimilator.Native;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Files;

/// <summary>A text without a byte order mark, or null and what is wrong.</summary>
/// <param name="IsUnreachable">True if the file could not be read this time; false if what is in it is no text of ours.</param>
internal sealed record FileText(string? Text, string? Failure, bool IsUnreachable = false);

/// <summary>Small text files that others wrote: the configuration, certificates and the files with secrets. Reading is bounded, and what
/// cannot be read gives a sentence instead of an exception.</summary>
internal static class TextFile
{
    /// <summary>A configuration of 10,000 excludes has half of it.</summary>
    public const int LongestFile = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a whole text file.</summary>
    /// <param name="encoding">UTF-8 unless given.</param>
    public static FileText Read(string path, int longest = LongestFile, Encoding? encoding = null) =>
        Read(LibC.OwnershipOf(path), () => LibC.OpenToRead(path), longest, encoding);

    /// <summary>Reads a whole text file in a directory in which somebody else could have put anything.</summary>
    public static FileText Read(SafeFileHandle directory, string name, int longest) =>
        Read(LibC.OwnershipOf(directory, name), () => LibC.OpenToRead(directory, name), longest, encoding: null);

    private static FileText Read(LibC.Ownership? seen, Func<SafeFileHandle> open, int longest, Encoding? encoding)
    {
        // Opening a device may do something.
        if (seen is { IsRegularFile: false } other)
            return new(null, Kind(other));
        using var file = open();
        if (file.IsInvalid)
            return new(null, WhyNotOpened(Marshal.GetLastPInvokeError()), IsUnreachable: true);
        // Something else may have come in its place.
        if (LibC.OwnershipOf(file) is { IsRegularFile: false } exchanged)
            return new(null, Kind(exchanged));
        try
        {
            var bytes = new byte[Math.Min(longest, 64 * 1024) + 1];
            var count = 0;
            // The length of what the kernel makes up, as in /proc, is not known before.
            while (count <= longest && RandomAccess.Read(file, bytes.AsSpan(count), count) is > 0 and var read)
            {
                count += read;
                if (count == bytes.Length)
                    Array.Resize(ref bytes, Math.Min(2 * count, longest + 1));
            }
            return count > longest
                ? new(null, $"is larger than {longest / 1024} KiB, expected a text file")
                : Decode(bytes.AsSpan(0, count), encoding);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new(null, $"cannot be read: {exception.Message}", IsUnreachable: true);
        }
    }

    /// <summary>The text that these bytes are.</summary>
    /// <param name="encoding">UTF-8 unless given.</param>
    public static FileText Decode(ReadOnlySpan<byte> bytes, Encoding? encoding = null)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0))
            return new(null, "holds binary data, expected UTF-8 text");
        try
        {
            return new((encoding ?? StrictUtf8).GetString(bytes), null);
        }
        catch (ArgumentException)
        {
            return new(null, $"line {LineOfFirstInvalidByte(bytes)} is not UTF-8 text");
        }
    }

    /// <summary>None where the file is not there; null if it cannot be read, so that nobody knows what it says.</summary>
    public static string[]? ReadLines(string path)
    {
        const int longest = 64 * 1024 * 1024;
        // The names of people may be in any encoding.
        return LibC.OwnershipOf(path) is null ? [] : Read(path, longest, encoding: Encoding.Latin1).Text?.Split('\n');
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

    private static string Kind(LibC.Ownership file) =>
        $"is a {(file.IsDirectory ? "directory" : file.IsLink ? "link" : "pipe or device")}, expected a file";

    private static string WhyNotOpened(int error) => error switch
    {
        LibC.NoEntry or LibC.NotADirectory => "does not exist",
        LibC.AccessDenied or LibC.NotPermitted => "cannot be read: permission denied",
        LibC.NameTooLong => "has too long a name",
        _ => $"cannot be read: {LibC.ErrorText(error)}",
    };
}
