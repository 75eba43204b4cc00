using System.Globalization;
using Assimilator.Posix;

namespace Assimilator.Processes;

/// <summary>What a child has started. Most of it is in the child's process group; a process that left the group becomes
/// our own child when its parent dies (<see cref="LibC.AdoptOrphans"/>).</summary>
internal static class ProcessTree
{
    /// <summary>Our own children and the orphans that we have adopted. Empty without <c>/proc</c>.</summary>
    public static IReadOnlySet<int> OwnChildren()
    {
        try
        {
            return Directory.EnumerateDirectories("/proc/self/task")
                .SelectMany(task =>
                    File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
                .ToHashSet();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new HashSet<int>();
        }
    }

    /// <summary>Kills the orphans of a child that has just ended.</summary>
    /// <param name="elders">Our children from before it was started: an earlier script left them running on
    /// purpose.</param>
    public static void KillOrphans(IReadOnlySet<int> elders)
    {
        foreach (var orphan in OwnChildren().Except(elders))
        {
            // Its group, if it leads one.
            _ = LibC.Kill(-orphan, LibC.SigKill);
            _ = LibC.Kill(orphan, LibC.SigKill);
        }
        LibC.ReapOrphans();
    }
}
