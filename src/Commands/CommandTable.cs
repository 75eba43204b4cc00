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

/// <summary>One command: what it takes, and what help says about it.</summary>
/// <param name="Arguments">Its arguments besides options, as its synopsis shows them.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Description">What it does, in a few sentences: one paragraph a line.</param>
/// <param name="Example">A call that somebody may want.</param>
internal sealed record CommandDefinition(
    Command Command, string Name, string Arguments, string Summary, string Description, string Example)
{
    public IReadOnlyList<OptionDefinition> Options { get; init; } = [];

    /// <summary>It works with one backup at a time.</summary>
    public bool IsForOneBackup { get; init; }

    /// <summary>It works with one repository at a time.</summary>
    public bool IsForOneRepository { get; init; }

    /// <summary>Arguments of borg may follow <c>--</c>.</summary>
    public bool TakesBorgArguments { get; init; }

    /// <summary>Code and meaning, where they are other than those of a run.</summary>
    public IReadOnlyList<(string Code, string Meaning)> ExitCodes { get; init; } = [];

    public bool Takes(OptionDefinition option) => Options.Contains(option) || OptionTable.Common.Contains(option);
}

/// <summary>Every command, in the order in which help shows them. What is accepted, and what help and messages say
/// about it, comes from these rows and those of <see cref="OptionTable"/>.</summary>
internal static class CommandTable
{
    private static readonly IReadOnlyList<(string Code, string Meaning)> OfPlugin =
        [("0", "OK"), ("1", "warning"), ("2", "critical"), ("64", "usage error")];

    public static readonly IReadOnlyList<CommandDefinition> All =
    [
        new(Command.Run, "run", "[NAME...]",
            "back up, prune and report (the default)",
            "Runs the scripts, creates an archive in each repository, prunes old archives, checks what is due, and "
                + "reports the run.\n"
                + "NAME chooses backups by their name; without it, all of them run, one after the other, and the exit "
                + "code is the worst one.",
            "assimilator run web1")
        {
            Options = [OptionTable.Config, OptionTable.Repository],
        },
        new(Command.Status, "status", "[NAME...]",
            "show the last run, last success and next due run of each backup",
            "Reads the state that the runs have written, and contacts neither borg nor the Pushgateway.",
            "assimilator status")
        {
            Options = [OptionTable.Config],
            ExitCodes = OfPlugin,
        },
        new(Command.Validate, "validate", "[NAME...]",
            "check the configuration without running anything",
            "Shows everything that is wrong with a configuration, each problem with its line and how to fix it.\n"
                + "Patterns, arguments of borg and the repository are not part of this check: borg checks them when it "
                + "runs.",
            "assimilator validate -c /etc/assimilator.ini")
        {
            Options = [OptionTable.Config],
            ExitCodes = [("0", "every configuration is valid"), ("78", "configuration error")],
        },
        new(Command.Prune, "prune", "[NAME]",
            "show which archives would be deleted, ask, and delete them",
            "Lists which archives [retention] keeps and which it would delete, and asks. If you agree, it deletes them "
                + "and frees their space; later runs then prune by themselves.\n"
                + "It also ends a hold on pruning. A repository with append_only = true is pruned only by this "
                + "command.\n"
                + "Without a terminal it needs --dry-run or --yes.",
            "assimilator prune --dry-run")
        {
            Options = [OptionTable.Config, OptionTable.Repository, OptionTable.DryRun, OptionTable.Yes],
            IsForOneBackup = true,
            ExitCodes =
            [
                ("0", "pruned, or listed"), ("1", "not pruned, or not completely"), ("64", "usage error"),
                ("75", "a run of this backup is in progress"), ("78", "configuration error"),
            ],
        },
        new(Command.Check, "check", "[NAME...]",
            "check repositories and read files back",
            "Does what is due by [check]: looks for damage in the repository and its archives, and reads files back to "
                + "compare them with their source. --now and --drill do so whether it is due or not, and need no "
                + "[check].\n"
                + "The next run reports the result.",
            "assimilator check --now --drill")
        {
            Options =
            [
                OptionTable.Config, OptionTable.Repository, OptionTable.Now, OptionTable.Drill, OptionTable.Seed,
            ],
            ExitCodes = OfPlugin,
        },
        new(Command.Borg, "borg", "[NAME]",
            "run any borg command with the configured repository",
            "Runs borg with the repository, passphrase, ssh and environment of the configuration. The arguments of "
                + "borg come after `--`; leave out the repository: `::ARCHIVE` is an archive in it.\n"
                + "Borg runs in this directory and on this terminal.",
            "assimilator borg -- list")
        {
            Options = [OptionTable.Config, OptionTable.Repository],
            IsForOneBackup = true,
            IsForOneRepository = true,
            TakesBorgArguments = true,
            ExitCodes = [("N", "that of borg")],
        },
        new(Command.Forget, "forget", "[NAME]",
            "delete the report of a backup that no longer exists",
            "Deletes the report of this backup from the Pushgateway, and its textfile. Without this, both show the "
                + "last report for ever. Archives are not touched.\n"
                + "--instance and --backup choose any other report on the Pushgateway by its labels.",
            "assimilator forget --instance web1 --backup home")
        {
            Options =
            [
                OptionTable.Config, OptionTable.Instance, OptionTable.Backup, OptionTable.Job, OptionTable.Label,
                OptionTable.Url, OptionTable.Gone,
            ],
            IsForOneBackup = true,
            ExitCodes =
            [
                ("0", "deleted"), ("69", "no report found, or it could not be deleted"),
                ("75", "a run of this backup is in progress"), ("78", "configuration error"),
            ],
        },
        new(Command.Print, "print", $"({string.Join(" | ", EmbeddedFile.All.Select(file => file.Name))})",
            "print an example configuration, alert rules, a dashboard, a script or units",
            "Prints a file that is embedded in this program: an example configuration, Prometheus alert rules, a "
                + "Grafana dashboard, a script that backs up a snapshot (LVM or btrfs), or systemd units.\n"
                + "service and timer run all backups of a host, service@ and timer@ a single one; systemd prints all "
                + "four, each below its path.",
            "assimilator print config > /etc/assimilator.ini"),
        new(Command.Help, "help", "[COMMAND]",
            "show this help, or that of a command",
            "Shows what a command does, its options and its exit codes.",
            "assimilator help prune"),
        new(Command.Version, "version", "", "show the version",
            "Shows the version, and the commit from which it was built.",
            "assimilator version"),
    ];

    public static IEnumerable<string> Names => All.Select(row => row.Name);

    public static CommandDefinition? Find(string name) => All.FirstOrDefault(row => row.Name == name);

    public static CommandDefinition Of(Command command) => All.First(row => row.Command == command);

    /// <summary>The commands that take an option.</summary>
    public static IReadOnlyList<CommandDefinition> With(OptionDefinition option) =>
        [.. All.Where(row => row.Takes(option))];
}
