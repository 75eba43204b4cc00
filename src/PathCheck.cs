using Assimilator.Native;
using Assimilator.Processes;

namespace Assimilator;

/// <summary>Looks whether paths are there, and does not wait for ever for a file server that does not answer.</summary>
internal static class PathCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong with each path that is not there; stops early when a signal comes.</summary>
    public static IEnumerable<(string Path, string Problem)> FindMissing(IEnumerable<string> paths, Interruption interruption)
    {
        foreach (var path in paths)
        {
            var isAnswered = OwnThread.TryRun(
                () => Path.Exists(path) ? null : LibC.WhyNothingIsAt(path),
                () => interruption.IsRequested ? TimeSpan.Zero : Patience, out var problem);
            if (interruption.IsRequested)
                yield break;
            if (!isAnswered)
                problem = "does not answer: is its file server gone?";
            if (problem is not null)
                yield return (path, problem);
        }
    }
}
