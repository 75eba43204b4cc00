using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator list</c> and the others that are short for a command of borg about archives.</summary>
internal static class ArchiveCommand
{
    public const string Latest = "latest";

    /// <summary>What chooses other archives than those of this backup: borg takes only one of them.</summary>
    private static readonly string[] Choosing = ["-a", "-P", "--glob", "--match", "--prefix"];

    /// <summary>Why a command cannot do with so many words, or null.</summary>
    /// <param name="mayNameBackup">One more may stand in front.</param>
    public static Problem? WhyNot(
        CommandDefinition definition, IReadOnlyList<string> words, bool mayNameBackup = false)
    {
        if (definition.ArchiveWords is not var (least, most))
            return null;
        var synopsis = $"{definition.Name} {definition.Arguments}";
        return words.Count < least ? new($"{definition.Name} needs more arguments: {synopsis}")
            : words.Count - (mayNameBackup ? 1 : 0) > most
                ? new($"{definition.Name} takes fewer arguments: {synopsis}", "borg's arguments come after '--'")
            : null;
    }

    /// <summary>The arguments of borg. A repository as <c>::</c> is the one in its environment.</summary>
    /// <returns>Null if there is no latest archive.</returns>
    public static IReadOnlyList<string>? Arguments(
        BackupConfiguration configuration, RepositorySettings repository, CommandLine commandLine, RunContext context,
        BorgRunner borg)
    {
        var words = commandLine.Words.ToList();
        var archives = commandLine.Command switch
        {
            Command.Diff => 2,
            Command.Mount => words.Count - 1,
            _ => 1,
        };
        for (var i = 0; i < Math.Min(archives, words.Count); i++)
        {
            if (words[i] == Latest)
            {
                var found = borg.FindArchives(DateTimeOffset.UnixEpoch, [], onlyNewest: true);
                if (found is not [{ Name: { } name } latest])
                {
                    // Why it cannot be told has been said.
                    if (found is not null)
                        context.Messages.Error("no archive of this backup was found",
                            $"to list all archives: {context.Command("list")} -- "
                                + CommandWords.Quote(borg.Dialect.Matching("*")));
                    return null;
                }
                words[i] = borg.Dialect.NameOf(new(name, latest.Id));
            }
            // As borg writes it.
            else if (words[i].StartsWith("::", StringComparison.Ordinal))
            {
                words[i] = words[i][2..];
            }
        }
        var hasArchive = words.Count > 0 && archives > 0;
        var choosesOwn = !hasArchive && commandLine.Command != Command.Info
            && !commandLine.BorgArguments.Any(argument => Choosing.Any(option =>
                argument.StartsWith(option, StringComparison.Ordinal)));
        return
        [
            hasArchive ? commandLine.Definition.Name : borg.Dialect.OfRepository(commandLine.Definition.Name),
            BorgCommandLine.LockWait(repository),
            .. choosesOwn && PatternOf(configuration, repository, commandLine) is { } pattern
                ? [borg.Dialect.Matching(pattern)] : Array.Empty<string>(),
            .. commandLine.BorgArguments,
            .. !hasArchive ? borg.Dialect.Repository
                : commandLine.Command == Command.Mount ? borg.Dialect.MountedArchive(words[0])
                : borg.Dialect.Archive(words[0]),
            .. words.Skip(hasArchive ? 1 : 0),
        ];
    }

    /// <summary>The archives of this backup, or of one of its streams; null if its template does not tell.</summary>
    private static string? PatternOf(
        BackupConfiguration configuration, RepositorySettings repository, CommandLine commandLine)
    {
        // The names of streams are longer.
        if (commandLine.Stream is null && configuration.Repositories.Any(one => one.Stream is not null))
            return GlobOf(configuration.Backup.Archive) is { } glob ? $"{glob}*" : null;
        return repository.Retention?.GlobArchives ?? GlobOf(repository.Archive);
    }

    private static string? GlobOf(string archive) =>
        ArchiveTemplate.Parse(archive, out _) is { HasFixedPrefix: true, Vague: null } template
            ? template.GlobArchives : null;
}
