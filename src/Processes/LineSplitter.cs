using System.Buffers;
using System.Text;

namespace Assimilator.Processes;

/// <summary>Cuts a stream of bytes into lines. A line longer than the limit is cut off there and its rest dropped, so
/// that endless output without a line feed takes bounded memory.</summary>
/// <param name="line">Gets each of them that is not empty, without its end.</param>
internal sealed class LineSplitter(Action<ReadOnlySpan<byte>> line)
{
    /// <summary>In bytes; far above any line that borg writes (a path is at most 4 KiB).</summary>
    public const int LongestLine = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _pending = new();

    /// <summary>For lines of text: what is not UTF-8 becomes U+FFFD.</summary>
    public static LineSplitter OfText(Action<string> line) => new(bytes => line(Encoding.UTF8.GetString(bytes)));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (var feed = bytes.IndexOf((byte)'\n'); feed >= 0; feed = bytes.IndexOf((byte)'\n'))
        {
            if (_pending.WrittenCount == 0 && feed <= LongestLine)
            {
                HandOn(bytes[..feed]);
            }
            else
            {
                Append(bytes[..feed]);
                Complete();
            }
            bytes = bytes[(feed + 1)..];
        }
        Append(bytes);
    }

    /// <summary>Hands on what came after the last line feed. To be called once, when the stream has ended.</summary>
    public void Complete()
    {
        if (_pending.WrittenCount == 0)
            return;
        HandOn(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    private void HandOn(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd((byte)'\r');
        if (!bytes.IsEmpty)
            line(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes) =>
        _pending.Write(bytes[..Math.Min(bytes.Length, LongestLine - _pending.WrittenCount)]);
}
