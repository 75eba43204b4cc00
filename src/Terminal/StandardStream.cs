using Assimilator.Native;

namespace Assimilator.Terminal;

/// <summary>Standard output or standard error. What cannot be written, because nobody reads or the disk is full, is lost:
/// this is for messages, and they must not end a backup.</summary>
internal sealed class StandardStream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly int _descriptor;
    private readonly Lock _turn = new();
    private readonly object _handOver = new();
    private readonly bool _hasWriter;
    private byte[]? _given;

    private StandardStream(int descriptor)
    {
        _descriptor = descriptor;
        try
        {
            // A terminal says that it has room, and then holds who writes until it has taken the whole line.
            new Thread(WriteWhatIsGiven, LibC.SmallStack) { IsBackground = true }.Start();
            _hasWriter = true;
        }
        catch (OutOfMemoryException)
        {
            // No further thread is to be had (TasksMax, ulimit -u): better held by a terminal than without a word.
        }
    }

    public static StandardStream Output { get; } = new(1);

    public static StandardStream Error { get; } = new(2);

    /// <summary>Writes, and waits a while for a reader that is slow. One that has stopped (<c>less</c>, Ctrl-S) is waited for
    /// only once: when it goes on, it gets the rest of the line at which it stopped, and then what is written from then on.</summary>
    public void WriteOrLose(byte[] bytes)
    {
        lock (_turn)
        {
            if (_hasWriter)
                Give(bytes);
            else
                _ = LibC.WriteAll(_descriptor, bytes);
        }
    }

    private void Give(byte[] bytes)
    {
        lock (_handOver)
        {
            if (_given is not null)
                return;
            _given = bytes;
            Monitor.Pulse(_handOver);
            _ = Monitor.Wait(_handOver, Patience);
        }
    }

    private void WriteWhatIsGiven()
    {
        for (; ; )
        {
            _ = LibC.WriteAll(_descriptor, Take());
            lock (_handOver)
            {
                _given = null;
                Monitor.Pulse(_handOver);
            }
        }
    }

    private byte[] Take()
    {
        lock (_handOver)
        {
            while (_given is null)
                Monitor.Wait(_handOver);
            return _given;
        }
    }
}
