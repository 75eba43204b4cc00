using Assimilator.Report;

namespace Assimilator.State;

/// <summary>The states of all backups that share a directory.</summary>
internal static class StateDirectory
{
    private const int MostFiles = 300;

    /// <summary>What cannot be read, or is no state, is left out.</summary>
    public static IEnumerable<NamedState> Read(string directory)
    {
        foreach (var name in Names(directory))
        {
            if (new StateFile(directory, name).Read(out _).State is { } state)
                yield return new(name, state);
        }
    }

    /// <summary>What other backups know of repositories that are damaged, or whose pruning they hold.</summary>
    /// <param name="withVerified">Of those that they have verified, too.</param>
    public static IReadOnlyList<Neighbour> Others(string directory, string except, bool withVerified) =>
    [
        .. from name in Names(directory)
           where name != except
           from known in new StateFile(directory, name).ReadNotable(withVerified)
           select new Neighbour(name, known.Location, known.Memory),
    ];

    /// <summary>The names of the backups whose states list a group.</summary>
    public static IReadOnlyList<string> Listing(ReportedGroup group, string? directory) => directory is null ? []
        : [.. Read(directory).Where(other => other.State.ReportedGroups.Contains(group)).Select(other => other.Name)];

    /// <summary>Takes a group out of the state of a backup.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Strike(ReportedGroup group, string? directory, string name)
    {
        if (directory is null)
            return null;
        var file = new StateFile(directory, name);
        return file.Read(out _).State is not { } state || !state.ReportedGroups.Contains(group) ? null
            : file.Write(state with { ReportedGroups = [.. state.ReportedGroups.Where(other => other != group)] });
    }

    private static IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(directory, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
                    .Order(StringComparer.Ordinal).Take(MostFiles),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <param name="Name">Of the backup.</param>
internal sealed record NamedState(string Name, BackupState State);
