using System.Collections;
using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What can come next on a command line. The scripts that <c>assimilator print completion-…</c> prints ask the
/// executable, so that they complete what the installed one takes.</summary>
internal static class Completion
{
    private const string Argument = "--complete";

    /// <summary>The shell completes these itself.</summary>
    public const string Files = ":files", IniFiles = ":ini-files", Directories = ":directories";

    /// <summary>True for the arguments of a completion script: the words up to the one under the cursor
    /// follow.</summary>
    public static bool IsMeant(IReadOnlyList<string> arguments) => arguments is [Argument, _, ..];

    /// <summary>Prints one candidate a line, with a tab before what there is to say about it. Whatever goes wrong, a
    /// prompt is no place for messages.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            Messages.Print(string.Concat(Of([.. arguments.Skip(1)], Load).Select(candidate => candidate.Help.Length == 0
                ? $"{candidate.Word}\n" : $"{candidate.Word}\t{candidate.Help}\n")));
        }
        catch (Exception)
        {
            // Nothing can be completed.
        }
        return 0;
    }

    /// <param name="words">The last one is under the cursor.</param>
    /// <param name="load">Reads configurations; none are the default ones.</param>
    public static IEnumerable<(string Word, string Help)> Of(
        IReadOnlyList<string> words, Func<IReadOnlyList<string>, IReadOnlyList<LoadedConfiguration>> load)
    {
        var before = words.SkipLast(1).ToList();
        var current = words[^1];
        if (before.Contains("--"))
            return [(Files, "")];
        var (plain, options, _) = CommandLine.Sort(before);
        var command = CommandTable.Find(plain.FirstOrDefault() ?? "");
        IReadOnlyList<LoadedConfiguration> Loaded() => load(options.GetValueOrDefault(OptionTable.Config) ?? []);
        // Its value is the word under the cursor.
        if (options.FirstOrDefault(option => option.Value is [.., ""]).Key is { } open)
            return Values(open, Loaded);
        if (OptionTable.All.FirstOrDefault(option => option.Value is not null
            && current.StartsWith($"{option.Name}=", StringComparison.Ordinal)) is { } assigned)
            return Values(assigned, Loaded).Select(value =>
                (value.Word[0] == ':' ? value.Word : $"{assigned.Name}={value.Word}", value.Help));
        if (current.StartsWith('-'))
            return OptionTable.All.Where((command ?? CommandTable.Of(Command.Run)).Takes)
                .Where(option => option.IsRepeatable || !options.ContainsKey(option))
                .Select(option => (option.Name, Usage.Plain(option.Help)));
        return command is null
            ? plain.Count > 0 ? [] : CommandTable.All.Select(row => (row.Name, row.Summary))
            : Words(command, [.. plain.Skip(1)], Loaded);
    }

    /// <summary>What an option can have as its value.</summary>
    private static IEnumerable<(string Word, string Help)> Values(
        OptionDefinition option, Func<IReadOnlyList<LoadedConfiguration>> loaded) =>
        option.Choices.Count > 0 ? Bare(option.Choices)
        : option == OptionTable.Config ? [(IniFiles, "")]
        : option == OptionTable.Repository ? Bare(Repositories(loaded()).Select(one => one.Name))
        : option == OptionTable.Stream ? Bare(Repositories(loaded()).Select(one => one.Stream?.Label))
        : [];

    /// <summary>What can come as a word.</summary>
    /// <param name="words">Those behind the command.</param>
    private static IEnumerable<(string Word, string Help)> Words(
        CommandDefinition command, IReadOnlyList<string> words, Func<IReadOnlyList<LoadedConfiguration>> loaded)
    {
        switch (command.Command)
        {
            case Command.Version:
                return [];
            case Command.Print:
                return words.Count > 0 ? [] : Bare(EmbeddedFile.All.Select(file => file.Name));
            case Command.Help when words.Count == 0:
                return CommandTable.All.Select(row => (row.Name, row.Summary))
                    .Concat(Reference.Topics.Select(topic => (topic.Topic.Split(' ')[0], topic.Help)));
            case Command.Help:
                return words is not [Reference.Config] ? []
                    : Schema.Sections.Select(section => (section, ""))
                        .Concat(Schema.All.DistinctBy(key => key.Name).Select(key => (key.Name, Usage.Plain(key.Help))))
                        .DistinctBy(name => name.Item1);
            default:
                var names = Bare(loaded().Select(one => one.Name).Except(words));
                if (command.ArchiveWords is null)
                    return command.IsForOneBackup && words.Count > 0 ? [] : names;
                return
                [
                    (ArchiveCommand.Latest, "the newest archive of this backup"),
                    .. words.Count == 0 ? names : [],
                    .. command.Command == Command.Mount ? [(Directories, "")] : Array.Empty<(string, string)>(),
                ];
        }
    }

    private static IEnumerable<RepositorySettings> Repositories(IReadOnlyList<LoadedConfiguration> loaded) =>
        loaded.SelectMany(one => one.Configuration.Repositories);

    /// <summary>A line of its own could not hold any other.</summary>
    private static IEnumerable<(string Word, string Help)> Bare(IEnumerable<string?> words) =>
        words.OfType<string>().Where(word => word.Length > 0 && !word.Any(char.IsControl)).Distinct()
            .Select(word => (word, ""));

    private static IReadOnlyList<LoadedConfiguration> Load(IReadOnlyList<string> files)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        return [.. LoadedConfigurations.Read(files, environment).Where(one => File.Exists(one.File))];
    }
}
