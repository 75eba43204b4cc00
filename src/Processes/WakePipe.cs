using Assimilator.Posix;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>Wakes the one thread that polls it.</summary>
/// <param name="onDispose">Called before it is closed.</param>
internal sealed unsafe class WakePipe(Action<WakePipe>? onDispose = null) : IDisposable
{
    private readonly (SafeFileHandle Read, SafeFileHandle Write) _ends = LibC.CreatePipe();

    /// <summary>Readable once for each <see cref="Wake"/>.</summary>
    public int Descriptor => (int)_ends.Read.DangerousGetHandle();

    public void Wake()
    {
        byte one = 1;
        _ = LibC.Write(_ends.Write, &one, 1);
    }

    /// <summary>Takes one wake-up; only to be called when there is one.</summary>
    public void Acknowledge()
    {
        byte one;
        _ = LibC.Read(_ends.Read, &one, 1);
    }

    public void Dispose()
    {
        onDispose?.Invoke(this);
        _ends.Read.Dispose();
        _ends.Write.Dispose();
    }
}
