using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Commands;

internal enum Command
{
    Run,
    Status,
    Validate,
    Prune,
    Check,
    Borg,
    Print,
    Forget,
    Help,
    Version,
}

/// <summary>What the arguments ask for.</summary>
/// <param name="Printed">What <see cref="Command.Print"/> prints.</param>
internal sealed record CommandLine(Command Command, EmbeddedFile? Printed = null)
{
    /// <summary>As the user named them; none for the default ones.</summary>
    public IReadOnlyList<string> ConfigurationFiles { get; init; } = [];

    /// <summary>The names of backups; none for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The name of the one repository that is meant; null for all.</summary>
    public string? Repository { get; init; }

    /// <summary>Of <see cref="Command.Prune"/>: only list.</summary>
    public bool DryRun { get; init; }

    /// <summary>Of <see cref="Command.Prune"/>: agree to the list.</summary>
    public bool Yes { get; init; }

    /// <summary>Of <see cref="Command.Check"/>: check although it is not due.</summary>
    public bool Now { get; init; }

    /// <summary>Of <see cref="Command.Check"/>: read files back although it is not due.</summary>
    public bool Drill { get; init; }

    /// <summary>Of <see cref="Command.Check"/>: chooses the files to read back; null for chance.</summary>
    public int? Seed { get; init; }

    /// <summary>Of <see cref="Command.Forget"/>: not what the configuration names.</summary>
    public NamedGroup? Group { get; init; }

    /// <summary>Of <see cref="Command.Forget"/>: the gateway no longer exists.</summary>
    public bool Gone { get; init; }

    /// <summary>A gateway that is named with its group can be asked without a configuration that nobody
    /// named.</summary>
    public bool NeedsConfiguration => Group?.Url is null || ConfigurationFiles.Count > 0;

    /// <summary>Of <see cref="Command.Borg"/>: the arguments of borg.</summary>
    public IReadOnlyList<string> BorgArguments { get; init; } = [];

    public const string Usage =
        """
        Usage:
          assimilator [run] [-c FILE]... [--repository NAME] [NAME...]
          assimilator status [-c FILE]... [NAME...]
          assimilator validate [-c FILE]... [NAME...]
          assimilator prune [-c FILE] [NAME] [--repository NAME] [--dry-run] [--yes]
          assimilator check [-c FILE]... [NAME...] [--repository NAME] [--now]
                            [--drill [--seed N]]
          assimilator borg [-c FILE] [NAME] [--repository NAME] -- ARGUMENTS
          assimilator forget [-c FILE] [NAME] [--instance I --backup B [--job J]
                             [--label KEY=VALUE]... [--url URL] [--gone]]
          assimilator print (config | alerts | dashboard | snapshot | systemd | UNIT)

        Backs up with borg, runs the scripts around it, prunes old archives, and
        reports every run to a Prometheus Pushgateway, failures included.

        Commands:
          run        back up, prune and report (the default); NAME selects backups
          status     show the last run, last success and next due run of each backup
          validate   check the configuration without running anything
          prune      show which archives would be deleted, ask, and delete them;
                     later runs then prune by themselves
          check      check repositories and read files back, whichever is due by
                     [check]; exits with 0, 1 or 2 as a monitoring plugin
          borg       run any borg command with the configured repository,
                     passphrase and ssh, for example: assimilator borg -- list
          forget     delete this backup's report from the Pushgateway and the
                     textfile, for a host that no longer exists; with --instance
                     and --backup, any other report on the Pushgateway
          print      print an example configuration, Prometheus alert rules, a
                     Grafana dashboard, a script that backs up a snapshot (LVM or
                     btrfs), or systemd units: service and timer for all backups,
                     service@ and timer@ for single ones

        Options:
          -c, --config FILE   configuration; can be repeated (default:
                              /etc/assimilator.ini and /etc/assimilator.d/*.ini)
          --repository NAME   use only [repository.NAME]
          --dry-run           prune: show what would be deleted, but delete nothing
          --yes               prune: delete without asking
          --now               check: check now, due or not
          --drill             check: read files back now, due or not
          --seed N            check: read the files that an earlier drill chose
          --instance, --backup, --job, --label KEY=VALUE, --url
                              forget: the labels of the report and its Pushgateway;
                              job and url default to those in the configuration
          --gone              forget: the Pushgateway no longer exists, so only
                              stop the warnings about this report
          -h, --help          show this help
          -V, --version       show the version

        Exit codes:
          0      success
          1      backup created, with problems
          2      no archive was created, or not every repository got one
          64     usage error
          69     forget: no report found, or it could not be deleted
          74     output could not be written
          75     skipped: locked, or a preexec script asked to skip
          78     configuration error
          128+N  ended by signal N

        """;

    private static readonly string[] Commands =
        ["run", "status", "validate", "prune", "check", "borg", "forget", "print", "help", "version"];
    private static readonly string[] Options =
    [
        "--config", "--repository", "--dry-run", "--yes", "--now", "--drill", "--seed", .. NamedGroup.Options, "--gone",
        "--help", "--version",
    ];

    /// <summary>Reads the arguments.</summary>
    /// <param name="problem">What is wrong with them, if null is returned.</param>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, out Problem? problem)
    {
        var ownArguments = arguments.TakeWhile(argument => argument != "--").ToList();
        var borgArguments = arguments.Skip(ownArguments.Count + 1).ToList();
        var words = new List<string>();
        var files = new List<string>();
        var repositories = new List<string>();
        var seeds = new List<string>();
        var groupValues = NamedGroup.Options.ToDictionary(option => option, _ => new List<string>());
        bool dryRun = false, yes = false, now = false, drill = false, gone = false;
        problem = null;
        for (var i = 0; i < ownArguments.Count; i++)
        {
            var argument = ownArguments[i];
            if (TakeValue("--config", "-c", files) || TakeValue("--repository", null, repositories)
                || TakeValue("--seed", null, seeds)
                || groupValues.Any(option => TakeValue(option.Key, null, option.Value)))
                continue;
            if (argument is "-h" or "--help")
                return Of(["help"], out problem);
            if (argument is "-V" or "--version")
                return Of(["version"], out problem);
            if (argument == "--dry-run")
                dryRun = true;
            else if (argument == "--yes")
                yes = true;
            else if (argument == "--now")
                now = true;
            else if (argument == "--drill")
                drill = true;
            else if (argument == "--gone")
                gone = true;
            else if (argument.StartsWith('-'))
                problem ??= Unknown("option", argument, Options);
            else
                words.Add(argument);

            bool TakeValue(string name, string? letter, List<string> values)
            {
                if (argument == name || argument == letter)
                    values.Add(++i < ownArguments.Count ? ownArguments[i] : "");
                else if (argument.StartsWith($"{name}=", StringComparison.Ordinal))
                    values.Add(argument[(name.Length + 1)..]);
                else if (letter is not null && argument.StartsWith(letter, StringComparison.Ordinal))
                    values.Add(argument[letter.Length..]);
                else
                    return false;
                return true;
            }
        }
        if (files.Contains(""))
            problem ??= new("-c needs the path of a configuration");
        if (repositories.Contains("") || repositories.Count > 1)
            problem ??= new("--repository needs the name of one repository");
        int? seed = seeds.Count == 1
            && int.TryParse(seeds[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (seeds.Count > 0 && (seed is null || !drill))
            problem ??= new("--seed needs one number, and --drill", "an earlier drill has printed it");
        var group = NamedGroup.Read(groupValues, out var groupProblem);
        problem ??= groupProblem;
        if (problem is not null || Of(words, out problem) is not { } commandLine)
            return null;
        var command = commandLine.Command;
        problem = (dryRun || yes) && command != Command.Prune ? new("--dry-run and --yes work only with prune")
            : (now || drill) && command != Command.Check
                ? new("--now and --drill work only with check")
            : (group is not null || gone) && command != Command.Forget
                ? new($"{(gone ? "--gone works" : "--instance and --backup work")} only with forget")
            : gone && group is null ? new("--gone needs a group: --instance and --backup")
            : repositories.Count > 0 && command is not (Command.Run or Command.Prune or Command.Check or Command.Borg)
                ? new("--repository works only with run, prune, check and borg")
            : (borgArguments.Count > 0, arguments.Contains("--")) != (command == Command.Borg, command == Command.Borg)
                ? new("arguments of borg come after '--'", "for example: assimilator borg -- list")
            : null;
        return problem is not null ? null : commandLine with
        {
            ConfigurationFiles = files,
            Repository = repositories.FirstOrDefault(),
            DryRun = dryRun,
            Yes = yes,
            Now = now,
            Drill = drill,
            Seed = seed,
            Group = group,
            Gone = gone,
            BorgArguments = borgArguments,
        };
    }

    private static CommandLine? Of(List<string> words, out Problem? problem)
    {
        CommandLine? commandLine = words switch
        {
            [] => new(Command.Run),
            ["run", .. var names] => new(Command.Run) { Names = names },
            ["status", .. var names] => new(Command.Status) { Names = names },
            ["validate", .. var names] => new(Command.Validate) { Names = names },
            ["prune", .. var names] => new(Command.Prune) { Names = names },
            ["check", .. var names] => new(Command.Check) { Names = names },
            ["borg", .. var names] => new(Command.Borg) { Names = names },
            ["forget", .. var names] => new(Command.Forget) { Names = names },
            ["help"] => new(Command.Help),
            ["version"] => new(Command.Version),
            ["print", var name] when EmbeddedFile.All.FirstOrDefault(known => known.Name == name) is { } printed =>
                new(Command.Print, printed),
            _ => null,
        };
        problem = commandLine is null ? WhyNot(words) : null;
        return commandLine;
    }

    private static Problem WhyNot(List<string> words)
    {
        var printed = EmbeddedFile.All.Select(known => known.Name).ToList();
        return words switch
        {
            ["print", var wrong] => Unknown("argument of print", wrong, printed),
            ["print", ..] => new("print needs one argument", $"one of {string.Join(", ", printed)}"),
            [var file] when File.Exists(file) =>
                Unknown("command", file, Commands) with { Hint = $"to use a configuration: -c {file}" },
            [var command, var extra, ..] when Commands.Contains(command) =>
                new($"{command} takes no argument, found '{PlainText.Excerpt(extra)}'"),
            _ => Unknown("command", words[0], Commands),
        };
    }

    private static Problem Unknown(string what, string found, IReadOnlyList<string> known) => new(
        $"unknown {what} '{PlainText.Excerpt(found)}'",
        NearestName.Of(found, known) is { } near ? $"did you mean '{near}'?" : $"known: {string.Join(", ", known)}");
}
