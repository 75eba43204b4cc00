using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What the arguments ask for.</summary>
internal sealed record CommandLine(CommandDefinition Definition)
{
    private Dictionary<OptionDefinition, List<string>> Options { get; init; } = [];

    public Command Command => Definition.Command;

    /// <summary>What <see cref="Command.Print"/> prints.</summary>
    public EmbeddedFile? Printed { get; init; }

    /// <summary>What <see cref="Command.Help"/> prints.</summary>
    public string HelpText { get; init; } = "";

    /// <summary>As the user named them; none for the default ones.</summary>
    public IReadOnlyList<string> ConfigurationFiles => Values(OptionTable.Config);

    /// <summary>The names of backups; none for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The name of the one repository that is meant; null for all.</summary>
    public string? Repository => Values(OptionTable.Repository).FirstOrDefault();

    /// <summary>The file of the one stream that is meant; null for all.</summary>
    public string? Stream => Values(OptionTable.Stream).FirstOrDefault();

    /// <summary>Only show what would happen.</summary>
    public bool DryRun => Has(OptionTable.DryRun);

    /// <summary>What to show instead of what the configuration says; null for that.</summary>
    public LogLevel? Level => Has(OptionTable.Verbose) ? LogLevel.Debug
        : Has(OptionTable.Quiet) ? LogLevel.Warning
        : null;

    /// <summary>How messages look that are about no backup.</summary>
    public MessageStyle MessageStyle => new()
    {
        Format = Values(OptionTable.LogFormat) is ["json"] ? LogFormat.Json : LogFormat.Text,
        // What is often started by cron, and may take long.
        HasTimes = Definition.Takes(OptionTable.Quiet) && !DryRun,
        LeavesOutput = Json,
    };

    /// <summary>Contact the repositories and the gateway, too.</summary>
    public bool Online => Has(OptionTable.Online);

    /// <summary>Agree to what would be deleted.</summary>
    public bool Yes => Has(OptionTable.Yes);

    /// <summary>Print JSON.</summary>
    public bool Json => Has(OptionTable.Json);

    /// <summary>Check although it is not due.</summary>
    public bool Now => Has(OptionTable.Now);

    /// <summary>Read files back although it is not due.</summary>
    public bool Drill => Has(OptionTable.Drill);

    /// <summary>Chooses the files to read back; null for chance.</summary>
    public int? Seed { get; init; }

    /// <summary>How to encrypt a new repository; null for the default.</summary>
    public string? Encryption => Values(OptionTable.Encryption).FirstOrDefault();

    /// <summary>Archives and paths.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Of <see cref="Command.Forget"/>: not what the configuration names.</summary>
    public NamedGroup? Group { get; init; }

    /// <summary>The gateway no longer exists.</summary>
    public bool Gone => Has(OptionTable.Gone);

    /// <summary>A gateway that is named with its group can be asked without a configuration that nobody
    /// named.</summary>
    public bool NeedsConfiguration => Group?.Url is null || ConfigurationFiles.Count > 0;

    /// <summary>The arguments of borg.</summary>
    public IReadOnlyList<string> BorgArguments { get; init; } = [];

    /// <summary>Reads the arguments.</summary>
    /// <param name="problem">What is wrong with them, if null is returned.</param>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out Problem? problem)
    {
        var own = arguments.TakeWhile(argument => argument != "--").ToList();
        var (words, options, unknown) = Sort(own);
        var named = CommandTable.Find(words.FirstOrDefault() ?? CommandTable.Of(Command.Run).Name);
        problem = null;
        if (options.ContainsKey(OptionTable.Help) && named?.Command != Command.Help)
            return new(CommandTable.Of(Command.Help))
            {
                HelpText = words.Count == 0 || named is null ? Usage.General : Usage.Of(named),
            };
        if (options.ContainsKey(OptionTable.Version))
            return new(CommandTable.Of(Command.Version));
        var definition = named ?? CommandTable.Of(Command.Run);
        // A word may be the value of an option that is not known.
        problem = unknown is not null ? UnknownOption(unknown, definition)
            : named is null ? WhyNoCommand(words[0])
            : WhyNot(options, definition);
        var commandLine = problem is null ? Of(definition, [.. words.Skip(1)], out problem) : null;
        var group = problem is null ? NamedGroup.Read(option => Values(options, option), out problem) : null;
        int? seed = Values(options, OptionTable.Seed) is [var text]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (options.ContainsKey(OptionTable.Seed) && (seed is null || !options.ContainsKey(OptionTable.Drill)))
            problem ??= new($"--seed needs {OptionTable.Seed.Needs}", "an earlier drill has printed it");
        if (options.ContainsKey(OptionTable.Json) && options.ContainsKey(OptionTable.DryRun))
            problem ??= new("--json prints how a run ended, and --dry-run does not run", "use one of them");
        if (options.ContainsKey(OptionTable.Gone) && group is null)
            problem ??= new("--gone needs a group: --instance and --backup");
        var borgArguments = arguments.Skip(own.Count + 1).ToList();
        if (definition.Command == Command.Borg ? borgArguments.Count == 0
            : own.Count < arguments.Count && !definition.TakesBorgArguments)
            problem ??= new("borg's arguments come after '--'", "for example: assimilator borg -- list");
        return problem is not null ? null : commandLine! with
        {
            Options = options,
            Seed = seed,
            Group = group,
            BorgArguments = borgArguments,
        };
    }

    private bool Has(OptionDefinition option) => Options.ContainsKey(option);

    private List<string> Values(OptionDefinition option) => Values(Options, option);

    private static List<string> Values(
        Dictionary<OptionDefinition, List<string>> options, OptionDefinition option) =>
        options.GetValueOrDefault(option) ?? [];

    /// <summary>Parts words from options with their values. A value that is missing is empty.</summary>
    public static (List<string> Words, Dictionary<OptionDefinition, List<string>> Options, string? Unknown) Sort(
        List<string> arguments)
    {
        var words = new List<string>();
        var options = new Dictionary<OptionDefinition, List<string>>();
        string? unknown = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            string? value = null;
            if (OptionTable.All.FirstOrDefault(known => known.Is(argument, out value)) is { } option)
            {
                if (!options.TryGetValue(option, out var values))
                    options[option] = values = [];
                if (option.Value is not null)
                    values.Add(value ?? (++i < arguments.Count ? arguments[i] : ""));
            }
            else if (argument.StartsWith('-'))
            {
                unknown ??= argument;
            }
            else
            {
                words.Add(argument);
            }
        }
        return (words, options, unknown);
    }

    /// <summary>What is wrong with the options of a command, or null.</summary>
    private static Problem? WhyNot(Dictionary<OptionDefinition, List<string>> options, CommandDefinition definition)
    {
        foreach (var option in OptionTable.All.Where(options.ContainsKey))
        {
            if (!definition.Takes(option))
                return new($"{option.Name} works only with {And(CommandTable.With(option).Select(row => row.Name))}");
            var values = options[option];
            if (option.Choices.Count > 0 && values is [var chosen, ..] && !option.Choices.Contains(chosen))
                return Unknown($"value of {option.Name}", chosen, option.Choices);
            if (option == OptionTable.Quiet && options.ContainsKey(OptionTable.Verbose))
                return new("--verbose and --quiet cannot be used together");
            if (values.Contains("") || (values.Count > 1 && !option.IsRepeatable))
                return new($"{option.ShortName} needs {option.Needs}");
        }
        return null;
    }

    private static CommandLine? Of(CommandDefinition definition, List<string> words, out Problem? problem)
    {
        problem = null;
        var printed = EmbeddedFile.All.Select(file => file.Name).ToList();
        switch (definition.Command, words)
        {
            case (Command.Help, _):
                return Reference.Find(words, out problem) is { } help ? new(definition) { HelpText = help } : null;
            case (Command.Version, [var extra, ..]):
                problem = new($"version takes no argument, found '{PlainText.Excerpt(extra)}'");
                return null;
            case (Command.Print, [var name]) when printed.Contains(name):
                return new(definition) { Printed = EmbeddedFile.All[printed.IndexOf(name)] };
            case (Command.Print, [var name]):
                problem = Unknown("argument of print", name, printed);
                return null;
            case (Command.Print, _):
                problem = new("print needs one argument", $"one of {string.Join(", ", printed)}");
                return null;
            default:
                problem = ArchiveCommand.WhyNot(definition, words, mayNameBackup: true);
                return definition.ArchiveWords is null ? new(definition) { Names = words }
                    : new(definition) { Words = words };
        }
    }

    /// <summary>What borg and other programs call it.</summary>
    private static readonly (string Word, string? Here)[] Elsewhere =
    [
        ("restore", "extract"), ("backup", "run"), ("create", "run"), ("delete", "borg -- delete"),
        ("umount", "borg -- umount"), ("test", "validate"), ("verify", "check"),
    ];

    private static Problem WhyNoCommand(string word)
    {
        if (Elsewhere.FirstOrDefault(other => other.Word == word).Here is { } here)
            return new($"unknown command '{word}'", $"use: assimilator {here}");
        var problem = Unknown("command", word, [.. CommandTable.Names],
            $"commands: assimilator --help; to run a backup of that name: assimilator run {PlainText.Excerpt(word)}");
        return File.Exists(word) ? problem with { Hint = $"to use a configuration: -c {word}" } : problem;
    }

    private static Problem UnknownOption(string option, CommandDefinition definition)
    {
        var problem = Unknown(
            "option", option, [.. OptionTable.All.Where(definition.Takes).Select(known => known.Name)]);
        if (definition.TakesBorgArguments)
            return problem with { Hint = "borg's own options come after '--'" };
        return NearestName.Of(option.Split('=')[0], OptionTable.All.Select(known => known.Name)) is { } near
            ? problem with { Hint = $"did you mean '{near}'?" } : problem;
    }

    /// <param name="otherwise">The hint where nothing is near; null to name all that are known.</param>
    public static Problem Unknown(
        string what, string found, IReadOnlyList<string> known, string? otherwise = null) => new(
        $"unknown {what} '{PlainText.Excerpt(found)}'",
        NearestName.Of(found, known) is { } near ? $"did you mean '{near}'?"
            : otherwise ?? $"known: {string.Join(", ", known)}");

    private static string And(IEnumerable<string> names) =>
        names.ToList() is [.. var first, var last] && first.Count > 0
            ? $"{string.Join(", ", first)} and {last}" : string.Concat(names);
}
