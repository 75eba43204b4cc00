using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

internal enum Command
{
    Run,
    Validate,
    Prune,
    Borg,
    Print,
    Forget,
    Help,
    Version,
}

/// <summary>What the arguments ask for.</summary>
/// <param name="ConfigurationFile">As the user named it, or the default.</param>
/// <param name="Printed">What <see cref="Command.Print"/> prints.</param>
internal sealed record CommandLine(Command Command, string ConfigurationFile, EmbeddedFile? Printed = null)
{
    /// <summary>Of <see cref="Command.Prune"/>: only list.</summary>
    public bool DryRun { get; init; }

    /// <summary>Of <see cref="Command.Prune"/>: agree to the list.</summary>
    public bool Yes { get; init; }

    /// <summary>Of <see cref="Command.Borg"/>: the arguments of borg.</summary>
    public IReadOnlyList<string> BorgArguments { get; init; } = [];

    public const string Usage =
        """
        Usage:
          assimilator [run] [-c FILE]
          assimilator validate [-c FILE]
          assimilator prune [-c FILE] [--dry-run] [--yes]
          assimilator borg [-c FILE] -- ARGUMENTS
          assimilator forget [-c FILE]
          assimilator print (config | alerts | dashboard | systemd | service | timer)

        Backs up with borg, runs the scripts around it, prunes old archives, and
        reports every run to a Prometheus Pushgateway, failures included.

        Commands:
          run        back up, prune and report (the default)
          validate   check the configuration without running anything
          prune      show which archives would be deleted, ask, and delete them;
                     later runs then prune by themselves
          borg       run any command of borg with the configured repository,
                     passphrase and ssh, for example: assimilator borg -- list
          forget     delete this backup's report from the Pushgateway and the
                     textfile, for a host that no longer exists
          print      print an example configuration, Prometheus alert rules, a
                     Grafana dashboard, or systemd units

        Options:
          -c, --config FILE   configuration (default: /etc/assimilator.ini)
          --dry-run           prune: only show
          --yes               prune: delete without asking
          -h, --help          show this help
          -V, --version       show the version

        Exit codes:
          0      success
          1      backup created, with problems
          2      no archive was created
          64     usage error
          69     forget: no report found, or it could not be deleted
          74     output could not be written
          75     skipped: locked, or a preexec script asked to skip
          78     configuration error
          128+N  ended by signal N

        """;

    private static readonly string[] Commands =
        ["run", "validate", "prune", "borg", "forget", "print", "help", "version"];
    private static readonly string[] Options = ["--config", "--dry-run", "--yes", "--help", "--version"];

    /// <summary>Reads the arguments.</summary>
    /// <param name="problem">What is wrong with them, if null is returned.</param>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out Problem? problem)
    {
        problem = null;
        var words = new List<string>();
        IReadOnlyList<string>? borgArguments = null;
        string? file = null;
        bool dryRun = false, yes = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                borgArguments = [.. arguments.Skip(i + 1)];
                break;
            }
            if (argument is "-h" or "--help")
                return new CommandLine(Command.Help, "");
            if (argument is "-V" or "--version")
                return new CommandLine(Command.Version, "");

            string? named = null;
            if (argument is "-c" or "--config")
                named = ++i < arguments.Count ? arguments[i] : "";
            else if (argument.StartsWith("--config=", StringComparison.Ordinal))
                named = argument["--config=".Length..];
            else if (argument.StartsWith("-c", StringComparison.Ordinal))
                named = argument[2..];
            else if (argument == "--dry-run")
                dryRun = true;
            else if (argument == "--yes")
                yes = true;
            else if (argument.StartsWith('-'))
                problem = Unknown("option", argument, Options);
            else
                words.Add(argument);

            if (named is { Length: 0 })
                problem = new("-c needs the path of a configuration");
            else if (named is not null && file is not null)
                problem = new("-c can be given only once");
            file ??= named;
            if (problem is not null)
                return null;
        }
        var commandLine = Of(words, file ?? ConfigurationReader.DefaultFile);
        problem = commandLine is null ? WhyNot(words)
            : (dryRun || yes) && commandLine.Command != Command.Prune ? new("--dry-run and --yes belong to prune")
            : borgArguments is null != (commandLine.Command != Command.Borg) || borgArguments is []
                ? new("arguments of borg come after '--'", "for example: assimilator borg -- list")
            : null;
        return problem is not null ? null
            : commandLine! with { DryRun = dryRun, Yes = yes, BorgArguments = borgArguments ?? [] };
    }

    private static CommandLine? Of(List<string> words, string file) => words switch
    {
        [] or ["run"] => new(Command.Run, file),
        ["validate"] => new(Command.Validate, file),
        ["prune"] => new(Command.Prune, file),
        ["borg"] => new(Command.Borg, file),
        ["forget"] => new(Command.Forget, file),
        ["help"] => new(Command.Help, file),
        ["version"] => new(Command.Version, file),
        ["print", var name] when EmbeddedFile.All.FirstOrDefault(known => known.Name == name) is { } printed =>
            new(Command.Print, file, printed),
        _ => null,
    };

    private static Problem WhyNot(List<string> words)
    {
        var printed = EmbeddedFile.All.Select(known => known.Name).ToList();
        return words switch
        {
            ["print", var wrong] => Unknown("argument of print", wrong, printed),
            ["print", ..] => new("print needs one argument", $"one of {string.Join(", ", printed)}"),
            [var file] when File.Exists(file) =>
                Unknown("command", file, Commands) with { Hint = $"to use a configuration: -c {file}" },
            ["borg", ..] => new("arguments of borg come after '--'", "for example: assimilator borg -- list"),
            [var command, var extra, ..] when Commands.Contains(command) =>
                new($"{command} takes no argument, found '{PlainText.Excerpt(extra)}'"),
            _ => Unknown("command", words[0], Commands),
        };
    }

    private static Problem Unknown(string what, string found, IReadOnlyList<string> known) => new(
        $"unknown {what} '{PlainText.Excerpt(found)}'",
        NearestName.Of(found, known) is { } near ? $"did you mean '{near}'?" : $"known: {string.Join(", ", known)}");
}
