using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>Which of the configured backups and repositories a command is about.</summary>
internal static class Selection
{
    /// <param name="problem">What is wrong with the choice, if null is returned.</param>
    public static IReadOnlyList<LoadedConfiguration>? Choose(
        IReadOnlyList<LoadedConfiguration> loaded, CommandLine commandLine, out Problem? problem)
    {
        var known = loaded.Select(one => one.Name).Distinct().ToList();
        List<LoadedConfiguration> chosen =
            [.. loaded.Where(one => commandLine.Names.Count == 0 || commandLine.Names.Contains(one.Name))];
        problem = ArchiveCommand.WhyNot(commandLine.Definition, commandLine.Words) is { } wrong ? wrong
            : commandLine.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
                ? Unknown("backup", unknown, known)
            : chosen.Count > 1 && commandLine.Words is [var word, ..] && known.Contains(word)
                ? new($"{commandLine.Definition.Name} {word} names a backup, but too few archives",
                    $"the newest archive is called {ArchiveCommand.Latest}: assimilator {commandLine.Definition.Name} "
                        + $"{CommandWords.Quote(word)} {ArchiveCommand.Latest}")
            : null;
        // What is named by its labels is in any of them, if there is only one gateway.
        var gateway = chosen.Count > 0 ? chosen[0].Configuration.Pushgateway?.Url : null;
        if (problem is null && commandLine.Group is { } group && chosen.Count > 1 && (group.Url is not null
            || chosen.TrueForAll(one => one.Configuration.Pushgateway?.Url == gateway)))
            chosen = [chosen[0]];
        else if (problem is null && commandLine.Definition.IsForOneBackup && chosen.Count > 1)
            problem = new("there are several backups: choose one", $"known: {string.Join(", ", known)}");
        var repositories = chosen.SelectMany(RepositoriesOf).Distinct().ToList();
        if (problem is null && commandLine.Repository is { } repository)
        {
            chosen.RemoveAll(one => !RepositoriesOf(one).Contains(repository));
            problem = chosen.Count > 0 ? null : Unknown("repository", repository, repositories);
        }
        else if (commandLine.Definition.BecomesBorg && repositories.Count > 1)
        {
            problem ??= new("there are several repositories: choose one with --repository",
                $"known: {string.Join(", ", repositories)}");
        }
        var streams = chosen.SelectMany(one => one.Configuration.Repositories)
            .Select(one => one.Stream?.Label).OfType<string>().Distinct().ToList();
        if (problem is null && commandLine.Stream is { } stream && !streams.Contains(stream))
            problem = Unknown("stream", stream, streams);
        return problem is null ? chosen : null;
    }

    /// <summary>True for the series of archives that a command is about.</summary>
    public static bool IsMeant(RepositorySettings one, CommandLine commandLine) =>
        (commandLine.Repository is null || one.Name == commandLine.Repository)
        && (commandLine.Stream is null || one.Stream?.Label == commandLine.Stream);

    /// <summary>Where words name archives, a first word that is the name of a backup chooses that one, if enough words
    /// are left.</summary>
    public static CommandLine WithBackup(CommandLine commandLine, IReadOnlyList<LoadedConfiguration> loaded) =>
        commandLine.Definition.ArchiveWords is var (least, _) && commandLine.Words is [var first, ..]
            && commandLine.Words.Count > least && loaded.Any(one => one.Name == first)
            ? commandLine with { Names = [first], Words = [.. commandLine.Words.Skip(1)] }
            : commandLine;

    /// <summary>What a command needs to mean the same backup.</summary>
    public static string Of(
        LoadedConfiguration one, IReadOnlyList<LoadedConfiguration> loaded, CommandLine commandLine) =>
        commandLine.ConfigurationFiles.Count > 0 ? $" -c {CommandWords.Quote(one.File)}"
        : loaded.Count > 1 ? $" {CommandWords.Quote(one.Name)}"
        : "";

    private static IEnumerable<string> RepositoriesOf(LoadedConfiguration one) =>
        one.Configuration.Repositories.Select(repository => repository.Name).OfType<string>();

    private static Problem Unknown(string what, string found, List<string> known) => new(
        $"there is no {what} '{PlainText.Excerpt(found)}'",
        NearestName.Of(found, known) is { } near ? $"did you mean '{near}'?"
            : known.Count > 0 ? $"known: {string.Join(", ", known)}"
            : null);
}
