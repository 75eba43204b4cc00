using System.Globalization;

namespace Assimilator.Processes;

/// <summary>What a child has started, and what that has started. A process group does not hold those who left it; but as
/// this process adopts orphans (<see cref="LibC.AdoptOrphans"/>), <c>/proc</c> shows every one of them below it.</summary>
internal static class ProcessTree
{
    private readonly record struct Entry(int ProcessId, int Parent, char State, long StartedAt);

    /// <summary>Kills all that a child has started, itself included. What an earlier child left running on purpose has
    /// started before this one, and is spared. Without <c>/proc</c> only the child's group is killed.</summary>
    /// <param name="childId">The child, not yet reaped: then its id is still its own.</param>
    public static void Kill(int childId)
    {
        _ = LibC.Kill(-childId, LibC.SigKill);
        // Somebody may fork while we look.
        for (var round = 0; round < 10; round++)
        {
            var all = ReadAll();
            if (all.FirstOrDefault(entry => entry.ProcessId == childId) is not { ProcessId: > 0 } child)
                return;
            var found = all
                .Where(entry => entry.Parent == Environment.ProcessId && entry.StartedAt >= child.StartedAt)
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
            // The name in parentheses may hold anything; state, parent and start time are fields 3, 4 and 22.
            var text = File.ReadAllText($"{directory}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(
                processId, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0],
                long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime.
            return null;
        }
    }
}
