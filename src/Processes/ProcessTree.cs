using System.Globalization;

namespace Assimilator.Processes;

/// <summary>What a child has started, and what that has started. A process group does not hold those who left it; but as
/// this process adopts orphans (<see cref="LibC.AdoptOrphans"/>), <c>/proc</c> shows every one of them below it.</summary>
internal static class ProcessTree
{
    private readonly record struct Entry(int ProcessId, int Parent, char State);

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

    /// <summary>Kills all that a child has started, itself included. What an earlier child has left running on purpose is
    /// spared. Without <c>/proc</c> only the child's group is killed.</summary>
    /// <param name="childId">The child, not yet reaped: then its id is still its own.</param>
    /// <param name="elders">Our children before this one was started.</param>
    public static void Kill(int childId, IReadOnlySet<int> elders)
    {
        _ = LibC.Kill(-childId, LibC.SigKill);
        // Somebody may fork while we look.
        for (var round = 0; round < 10; round++)
        {
            var all = ReadAll();
            var found = all
                .Where(entry => entry.Parent == Environment.ProcessId && !elders.Contains(entry.ProcessId))
                .SelectMany(entry => WithDescendants(entry, all))
                .Where(entry => entry.State is not ('Z' or 'X'))
                .ToList();
            if (found.Count == 0)
                return;
            foreach (var entry in found)
                _ = LibC.Kill(entry.ProcessId, LibC.SigKill);
        }
    }

    private static IEnumerable<Entry> WithDescendants(Entry entry, List<Entry> all) =>
        all.Where(other => other.Parent == entry.ProcessId && other.ProcessId != entry.ProcessId)
            .SelectMany(child => WithDescendants(child, all))
            .Prepend(entry);

    private static List<Entry> ReadAll()
    {
        try
        {
            return [.. Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>()];
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
            return new Entry(processId, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime.
            return null;
        }
    }
}
