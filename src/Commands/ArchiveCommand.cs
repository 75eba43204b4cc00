using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator list</c> and the others that are short for a command of borg about archives.</summary>
internal static class ArchiveCommand
{
    private const string Latest = "latest";

    /// <summary>What chooses other archives than those of this backup: borg takes only one of them.</summary>
    private static readonly string[] Choosing = ["-a", "-P", "--glob", "--prefix"];

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
                ? new($"{definition.Name} takes fewer arguments: {synopsis}", "arguments of borg come after '--'")
            : null;
    }

    /// <summary>The arguments of borg. A repository as <c>::</c> is the one in its environment.</summary>
    /// <returns>Null if there is no latest archive.</returns>
    public static IReadOnlyList<string>? Arguments(
        BackupConfiguration configuration, RepositorySettings repository, CommandLine commandLine, RunContext context)
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
                if (new BorgRunner(configuration, repository, context).FindArchive(DateTimeOffset.UnixEpoch, [])
                    is not { Name: { } name })
                {
                    context.Messages.Error("no archive of this backup was found", context.Command("list"));
                    return null;
                }
                words[i] = name;
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
            commandLine.Definition.Name,
            .. choosesOwn && PatternOf(repository) is { } pattern
                ? [$"--glob-archives={pattern}"] : Array.Empty<string>(),
            .. commandLine.BorgArguments,
            hasArchive ? $"::{words[0]}" : "::",
            .. words.Skip(hasArchive ? 1 : 0),
        ];
    }

    /// <summary>The archives of this backup; null if its template does not tell.</summary>
    private static string? PatternOf(RepositorySettings repository) =>
        repository.Retention?.GlobArchives
            ?? (ArchiveTemplate.Parse(repository.Archive, out _) is { HasFixedPrefix: true, Vague: null } template
                ? template.GlobArchives : null);
}
