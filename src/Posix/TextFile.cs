using System.Runtime.InteropServices;
using System.Text;

namespace Assimilator.Posix;

/// <summary>A text without a byte order mark, or null and what is wrong.</summary>
/// <param name="Status">Whose file it is, as it was opened; null if it could not be opened.</param>
/// <param name="IsUnreachable">True if it could not be read this time; false if its content is the problem.</param>
internal sealed record FileText(
    string? Text, string? Failure, LibC.FileStatus? Status = null, bool IsUnreachable = false);

/// <summary>Small text files that others wrote: the configuration, certificates and the files with secrets. Reading is
/// bounded, and what cannot be read gives a sentence instead of an exception.</summary>
internal static class TextFile
{
    /// <summary>A configuration of 10,000 excludes has half of it.</summary>
    public const int LongestFile = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true);

    /// <summary>Reads a whole text file, at most <paramref name="longest"/> bytes.</summary>
    /// <param name="encoding">UTF-8 unless given.</param>
    public static FileText Read(string path, int longest = LongestFile, Encoding? encoding = null)
    {
        using var file = LibC.OpenToRead(path);
        if (file.IsInvalid)
            return new(null, WhyNotOpened(Marshal.GetLastPInvokeError()), IsUnreachable: true);
        var status = LibC.StatusOf(file);
        if (status is not { IsRegularFile: true })
            return new(null,
                $"is a {(status is { IsDirectory: true } ? "directory" : "pipe or device")}, expected a file", status);
        try
        {
            var bytes = new byte[Math.Clamp(RandomAccess.GetLength(file), 0, longest) + 1];
            var count = 0;
            // The length of what the kernel makes up, as in /proc, is not known before.
            while (count <= longest && RandomAccess.Read(file, bytes.AsSpan(count), count) is > 0 and var read)
            {
                count += read;
                if (count == bytes.Length)
                    Array.Resize(ref bytes, Math.Min(Math.Max(2 * count, 4096), longest + 1));
            }
            return count > longest
                ? new(null, $"is larger than {longest / 1024} KiB, expected a text file", status)
                : Decode(bytes.AsSpan(0, count), encoding) with { Status = status };
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new(null, $"cannot be read: {exception.Message}", status, IsUnreachable: true);
        }
    }

    /// <summary>The text that these bytes are.</summary>
    /// <param name="encoding">UTF-8 unless given.</param>
    public static FileText Decode(ReadOnlySpan<byte> bytes, Encoding? encoding = null)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0))
            return new(null, "contains binary data, expected UTF-8 text");
        try
        {
            return new((encoding ?? StrictUtf8).GetString(bytes), null);
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

    private static string WhyNotOpened(int error) => error switch
    {
        LibC.NoEntry or LibC.NotADirectory => "does not exist",
        LibC.AccessDenied or LibC.NotPermitted => "cannot be read: permission denied",
        LibC.NameTooLong => "has a name that is too long",
        _ => $"cannot be read: {LibC.ErrorText(error)}",
    };
}
