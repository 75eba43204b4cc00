using System.Diagnostics;

namespace Assimilator.Processes;

/// <summary>Looks at files that may be on a file server that does not respond.</summary>
internal static class BoundedLook
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits half a minute for an answer, and not beyond a signal.</summary>
    /// <returns>False if there was none.</returns>
    public static bool TryLook<T>(Func<T> look, Interruption interruption, out T? answer)
    {
        // A thread that hangs in the kernel cannot be stopped, so it is one of its own.
        var task = Task.Factory.StartNew(
            look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var startedAt = Stopwatch.GetTimestamp();
        // Not by Wait, which spins before it sleeps, and so keeps the other thread waiting on a busy host.
        while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(Tick) && !interruption.IsRequested
            && Stopwatch.GetElapsedTime(startedAt) < Timeout)
        {
        }
        answer = task.IsCompleted ? task.Result : default;
        return task.IsCompleted;
    }
}
