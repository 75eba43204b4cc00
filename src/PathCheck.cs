using Assimilator.Native;
using Assimilator.Processes;

namespace Assimilator;

/// <summary>Looks whether paths are there, and does not wait for ever for a file server that does not answer.</summary>
internal static class PathCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>What is wrong with each path that is not there; stops early when a signal comes.</summary>
    public static IEnumerable<(string Path, string Problem)> FindMissing(IEnumerable<string> paths, Interruption interruption)
    {
        foreach (var path in paths)
        {
            // A thread of its own: one that hangs in the kernel cannot be taken back.
            var look = Task.Factory.StartNew(
                () => Path.Exists(path) ? null : LibC.WhyNothingIsAt(path), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            for (var waited = TimeSpan.Zero; waited < Patience && !interruption.IsRequested; waited += Tick)
            {
                if (look.Wait(Tick))
                    break;
            }
            if (interruption.IsRequested)
                yield break;
            if ((look.IsCompleted ? look.Result : "does not answer: is its file server gone?") is { } problem)
                yield return (path, problem);
        }
    }
}
