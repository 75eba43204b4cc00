using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Assimilator.Processes;

/// <summary>Work on files that may hang in the kernel, as on a file server that does not answer.</summary>
internal static class OwnThread
{
    /// <summary>In bytes. The usual 8 MiB would count against <c>ulimit -d</c> and <c>-v</c>.</summary>
    private const int Stack = 1024 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Does the work there, because a thread that hangs cannot be taken back.</summary>
    /// <param name="patience">How long to wait from the beginning; asked again and again, as a signal may change it.</param>
    /// <returns>False if it has not come to an end. It may still do so one day, and then nobody looks.</returns>
    public static bool TryRun<T>(Func<T> work, Func<TimeSpan> patience, [MaybeNullWhen(false)] out T result)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var task = new Task<T>(work);
        try
        {
            new Thread(task.RunSynchronously, Stack) { IsBackground = true }.Start();
        }
        catch (OutOfMemoryException)
        {
            // No further thread is to be had (TasksMax, ulimit -u): better without a bound than not at all.
            task.RunSynchronously();
        }
        while (Task.WaitAny([task], Tick) != 0 && Stopwatch.GetElapsedTime(startedAt) < patience())
        {
        }
        result = task.IsCompleted ? task.GetAwaiter().GetResult() : default;
        return task.IsCompleted;
    }
}
