using System.Buffers;

namespace Assimilator.Processes;

/// <summary>Keeps the first bytes of a stream, up to a limit, and knows whether there were more.</summary>
internal sealed class BoundedBuffer(int limit)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public bool IsTruncated { get; private set; }

    public ReadOnlyMemory<byte> Content => _bytes.WrittenMemory;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var room = limit - _bytes.WrittenCount;
        IsTruncated |= bytes.Length > room;
        _bytes.Write(bytes[..Math.Min(bytes.Length, room)]);
    }
}
