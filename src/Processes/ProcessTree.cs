using System.Diagnostics;
using System.Globalization;
using Assimilator.Native;

namespace Assimilator.Processes;

/// <summary>What a child has started, and what that has started. A process group does not hold those who left it; but as
/// this process adopts orphans (<see cref="LibC.AdoptOrphans"/>), <c>/proc</c> shows every one of them below it.</summary>
/// <param name="childId">The child, not to be reaped as long as this is used: then its id is still its own.</param>
/// <param name="elders">Our children before this one was started: what an earlier child has left running on purpose is
/// spared.</param>
internal sealed class ProcessTree(int childId, IReadOnlySet<int> elders)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HashSet<int> _known = [childId];
    private bool _mayKillAll = true;

    private readonly record struct Entry(int ProcessId, int Parent, bool IsDead);

    /// <summary>The children that this process has or has adopted. Empty without <c>/proc</c>. Not every kernel lists them, and
    /// a thread may end while we look: then all processes are asked for their parent.</summary>
    public static IReadOnlySet<int> OwnChildren()
    {
        try
        {
            return Directory.EnumerateDirectories("/proc/self/task")
                .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))
                .ToHashSet();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ReadAll().Where(entry => entry.Parent == Environment.ProcessId).Select(entry => entry.ProcessId).ToHashSet();
        }
    }

    /// <summary>Kills all of them. Without <c>/proc</c> only the child's group is killed.</summary>
    /// <returns>False if some go on: they are another user's, or start others faster than those can be found.</returns>
    public bool Kill()
    {
        _ = LibC.Kill(-childId, LibC.SigKill);
        var startedAt = Stopwatch.GetTimestamp();
        // Somebody may fork while we look.
        while (KillOrphans() | KillDescendants())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > Patience)
                return false;
        }
        return _mayKillAll;
    }

    /// <summary>Kills those whose parent has ended. They are soon found, and have to be: whoever forks and exits, again and
    /// again, is another one at each look.</summary>
    /// <returns>False if there is none that was not known.</returns>
    private bool KillOrphans()
    {
        var found = false;
        foreach (var processId in OwnChildren().Where(processId => processId != childId && !elders.Contains(processId)))
        {
            // The dead would be in the way of each further look.
            found |= LibC.Reap(processId) ? !_known.Remove(processId) : KillOnce(processId);
        }
        return found;
    }

    /// <inheritdoc cref="KillOrphans"/>
    private bool KillDescendants()
    {
        var found = false;
        foreach (var entry in Descendants())
            found |= entry.IsDead ? _known.Add(entry.ProcessId) : KillOnce(entry.ProcessId);
        return found;
    }

    private bool KillOnce(int processId)
    {
        if (!_known.Add(processId))
            return false;
        _mayKillAll &= LibC.KillIfPermitted(processId);
        return true;
    }

    /// <summary>As they are found, which is parents before their children unless the numbers of processes began anew.</summary>
    private IEnumerable<Entry> Descendants() => ReadAll().Where(entry => entry.Parent == Environment.ProcessId
        ? !elders.Contains(entry.ProcessId)
        : _known.Contains(entry.Parent));

    private static IEnumerable<Entry> ReadAll()
    {
        try
        {
            return Directory.GetDirectories("/proc").Select(Read).OfType<Entry>();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Entry? Read(string directory)
    {
        if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
            return null;
        try
        {
            // The name in parentheses may hold anything; state and parent are the fields behind it.
            var text = File.ReadAllText($"{directory}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(processId, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime.
            return null;
        }
    }
}
