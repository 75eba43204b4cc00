using System.Runtime.InteropServices;

namespace Assimilator.Tests.Support;

/// <summary>Exchanges two names as fast as possible, to be between a look at one and its use, until it is disposed of.</summary>
internal sealed partial class Swapper : IDisposable
{
    private const int CurrentDirectory = -100;
    private const uint ExchangeNames = 2;

    private readonly Thread _thread;
    private bool _isOver;

    public Swapper(string one, string other)
    {
        _thread = new Thread(() =>
        {
            while (!Volatile.Read(ref _isOver) && Exchange(CurrentDirectory, one, CurrentDirectory, other, ExchangeNames) == 0)
                Count++;
        });
        _thread.Start();
    }

    /// <summary>How often it was done by now.</summary>
    public int Count { get; private set; }

    public void Dispose()
    {
        Volatile.Write(ref _isOver, true);
        _thread.Join();
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exchange(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);
}
