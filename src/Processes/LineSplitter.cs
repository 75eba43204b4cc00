using System.Buffers;
using System.Text;

namespace Assimilator.Processes;

/// <summary>Cuts a stream of bytes into lines of text. A line longer than the limit is cut off there and its rest
/// dropped, so that endless output without a line feed takes bounded memory. What is not UTF-8 becomes
/// U+FFFD.</summary>
internal sealed class LineSplitter(Action<string> line)
{
    /// <summary>In bytes; far above any line that borg writes (a path is at most 4 KiB).</summary>
    public const int LongestLine = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _pending = new();

    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (var feed = bytes.IndexOf((byte)'\n'); feed >= 0; feed = bytes.IndexOf((byte)'\n'))
        {
            Append(bytes[..feed]);
            Complete();
            bytes = bytes[(feed + 1)..];
        }
        Append(bytes);
    }

    /// <summary>Hands on what came after the last line feed. To be called once, when the stream has ended.</summary>
    public void Complete()
    {
        if (_pending.WrittenCount == 0)
            return;
        var text = Encoding.UTF8.GetString(_pending.WrittenSpan).TrimEnd('\r');
        _pending.ResetWrittenCount();
        if (text.Length > 0)
            line(text);
    }

    private void Append(ReadOnlySpan<byte> bytes) =>
        _pending.Write(bytes[..Math.Min(bytes.Length, LongestLine - _pending.WrittenCount)]);
}
