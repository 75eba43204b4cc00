using System.Globalization;
using Assimilator.Borg;
using Assimilator.Posix;
using Assimilator.Processes;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Run;

/// <summary>What comparing a file with its source has shown.</summary>
internal enum Comparison
{
    Same,

    /// <summary>The source has changed since, is gone, or does not respond.</summary>
    Unknown,

    Different,
}

/// <summary>The source of a file in an archive, if it is still as it was then.</summary>
internal sealed class SourceFile : IDisposable
{
    private const int BlockSize = 1024 * 1024;

    // Borg rounds times to microseconds, by way of a floating-point number.
    private const long Tolerance = 2 * TimeSpan.TicksPerMicrosecond;

    private readonly ListedFile _file;
    private readonly string _path;
    private readonly Interruption _interruption;
    private readonly byte[] _block;
    private SafeFileHandle? _source;
    private long _offset;
    private int _used, _filled;
    private bool _isDifferent;

    public SourceFile(ListedFile file, Interruption interruption)
    {
        (_file, _path, _interruption) = (file, $"/{file.Path}", interruption);
        _block = new byte[Math.Min(file.Size!.Value, BlockSize)];
        if (BoundedLook.TryLook(Open, interruption, out var source))
            _source = source;
    }

    /// <summary>Compares the next bytes.</summary>
    public void Compare(ReadOnlySpan<byte> bytes)
    {
        while (_source is { } source && !_isDifferent && !bytes.IsEmpty)
        {
            if (_used == _filled && !Refill(source))
                return;
            var length = Math.Min(bytes.Length, _filled - _used);
            _isDifferent = length == 0 || !bytes[..length].SequenceEqual(_block.AsSpan(_used, length));
            _used += length;
            bytes = bytes[length..];
        }
    }

    public Comparison End() => _source is null ? Comparison.Unknown
        : !_isDifferent ? Comparison.Same
        // It may have been written to meanwhile.
        : BoundedLook.TryLook(IsUnchanged, _interruption, out var isUnchanged) && isUnchanged ? Comparison.Different
        : Comparison.Unknown;

    public void Dispose() => _source?.Dispose();

    private SafeFileHandle? Open()
    {
        try
        {
            return IsUnchanged() ? File.OpenHandle(_path, options: FileOptions.SequentialScan) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>False if the source cannot be read any more.</returns>
    private bool Refill(SafeFileHandle source)
    {
        if (!BoundedLook.TryLook(() => Read(source), _interruption, out var count) || count < 0)
        {
            _source = null;
            return false;
        }
        (_used, _filled) = (0, count);
        _offset += count;
        return true;
    }

    private int Read(SafeFileHandle source)
    {
        try
        {
            return RandomAccess.Read(source, _block, _offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private bool IsUnchanged() => LibC.ChangeOf(_path) is { } now && now.Size == _file.Size
        && IsSame(_file.Mtime, now.Mtime) && IsSame(_file.Ctime, now.Ctime);

    private static bool IsSame(string? listed, long ticks) =>
        DateTimeOffset.TryParse(
            listed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && Math.Abs((time - DateTimeOffset.UnixEpoch).Ticks - ticks) <= Tolerance;
}
