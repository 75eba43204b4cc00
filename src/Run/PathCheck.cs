using System.Diagnostics;
using Assimilator.Posix;
using Assimilator.Processes;

namespace Assimilator.Run;

/// <summary>Looks whether the source paths exist, without waiting forever for a file server that does not
/// answer.</summary>
internal static class PathCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>What is wrong with each path that does not exist; stops early when a signal arrives.</summary>
    public static IEnumerable<(string Path, string Problem)> FindMissing(IEnumerable<string> paths,
        Interruption interruption)
    {
        foreach (var path in paths)
        {
            // A thread that hangs in the kernel cannot be stopped, so it is one of its own.
            var check = Task.Factory.StartNew(
                () => Path.Exists(path) ? null : LibC.WhyNothingIsAt(path), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var startedAt = Stopwatch.GetTimestamp();
            while (!check.Wait(Tick) && !interruption.IsRequested && Stopwatch.GetElapsedTime(startedAt) < Timeout)
            {
            }
            if (interruption.IsRequested)
                yield break;
            var problem = check.IsCompleted ? check.Result : "does not answer: is its file server gone?";
            if (problem is not null)
                yield return (path, problem);
        }
    }
}
