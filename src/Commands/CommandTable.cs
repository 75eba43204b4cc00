namespace Assimilator.Commands;

/// <summary>Every command, in the order in which help shows them. What is accepted, and what help and messages say
/// about it, comes from these rows and those of <see cref="OptionTable"/>.</summary>
internal static class CommandTable
{
    private static readonly IReadOnlyList<(string Code, string Meaning)> OfPlugin =
        [("0", "OK"), ("1", "warning"), ("2", "critical"), ("64", "usage error")];

    private static readonly IReadOnlyList<(string Code, string Meaning)> OfBorg =
        [("64", "usage error"), ("78", "configuration error"), ("N", "anything else is borg's exit code")];

    private static readonly IReadOnlyList<(string Code, string Meaning)> OfRepository =
        [("0", "success"), ("1", "failed, see the messages"), ("64", "usage error"), ("78", "configuration error")];

    private const string Archives =
        "`latest` is the newest archive of this backup. If the first argument is the name of a backup, that "
        + "backup is used.";

    public static readonly IReadOnlyList<CommandDefinition> All =
    [
        new(Command.Run, "run", "[NAME...]",
            "back up, prune and report (the default)",
            "Runs the scripts, creates an archive in each repository, prunes old archives, checks what is due, and "
                + "reports the run.\n"
                + "NAME chooses backups by their name; without it, all of them run, one after the other, and the exit "
                + "code is the worst one.\n"
                + "--dry-run shows each step with its command, and lets borg list what it would back up and delete. "
                + "It runs no script, and changes, writes and pushes nothing. It exits with 0 if nothing is wrong, 1 "
                + "after a warning, and 2 if the run would fail: a repository cannot be opened, or a path is missing.\n"
                + "--json prints one line for each backup when it has ended, even if it was skipped, interrupted or "
                + "misconfigured: `assimilator help run-json` explains it. Standard output has nothing else; [logging] "
                + "level says which messages go to standard error.",
            "assimilator run web1")
        {
            Options =
            [
                OptionTable.Config, OptionTable.Repository, OptionTable.Verbose, OptionTable.Quiet,
                OptionTable.LogFormat, OptionTable.DryRun, OptionTable.Json,
            ],
        },
        new(Command.Status, "status", "[NAME...]",
            "show the state of each backup: last success, next due run, archives and checks",
            "Reads the state that the runs have written, and contacts neither borg nor the Pushgateway.\n"
                + "With NAME, it also shows everything it knows about that backup, with a chart of its last 30 runs.\n"
                + "The fields of --json: assimilator help status-json.",
            "assimilator status web1")
        {
            Options = [OptionTable.Config, OptionTable.Json],
            ExitCodes = OfPlugin,
        },
        new(Command.Validate, "validate", "[NAME...]",
            "check the configuration without running anything",
            "Shows everything that is wrong with a configuration, each problem with its line and how to fix it.\n"
                + "Patterns, borg's arguments and the repository are not part of this check: borg checks them when it "
                + "runs.\n"
                + "--online also looks at the source paths, opens each repository, lists what prune would delete, and "
                + "asks the Pushgateway for its version. It changes and writes nothing.",
            "assimilator validate --online")
        {
            Options = [OptionTable.Config, OptionTable.Online],
            ExitCodes =
            [
                ("0", "every configuration is valid, and with --online can be used"),
                ("1", "--online: a warning, such as a first prune that nobody has agreed to"),
                ("2", "--online: a source path, a repository or the Pushgateway cannot be used"),
                ("78", "configuration error"),
            ],
        },
        new(Command.ShowConfig, "show-config", "[NAME]",
            "show the configuration in effect",
            "Prints the configuration with its includes and variables resolved, each repository with what it inherits, "
                + "and defaults below a comment. Secrets are shown as ***; put them back, and the output is an "
                + "equivalent configuration.",
            "assimilator show-config")
        {
            Options = [OptionTable.Config],
            IsForOneBackup = true,
            ExitCodes = [("0", "shown"), ("64", "usage error"), ("78", "configuration error")],
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
            Options =
            [
                OptionTable.Config, OptionTable.Repository, OptionTable.Verbose, OptionTable.Quiet,
                OptionTable.LogFormat, OptionTable.DryRun, OptionTable.Yes,
            ],
            IsForOneBackup = true,
            ExitCodes =
            [
                ("0", "pruned, or listed"), ("1", "not pruned, or not completely"), ("64", "usage error"),
                ("75", "a run of this backup is in progress"), ("78", "configuration error"),
            ],
        },
        new(Command.Check, "check", "[NAME...]",
            "check repositories and read files back",
            "Runs whatever [check] says is due: looks for damage in the repository and its archives, and reads files "
                + "back to compare them with their source. --now checks, and --drill reads files back, whether due or "
                + "not and even without [check].\n"
                + "The next run reports the result.",
            "assimilator check --now --drill")
        {
            Options =
            [
                OptionTable.Config, OptionTable.Repository, OptionTable.Verbose, OptionTable.Quiet,
                OptionTable.LogFormat, OptionTable.Now, OptionTable.Drill, OptionTable.Seed,
            ],
            ExitCodes = OfPlugin,
        },
        Borg(Command.List, "list", "[ARCHIVE [PATH...]]", (0, int.MaxValue),
            "list the archives of a backup, or the files of one",
            "With ARCHIVE, lists its files. Without, lists the archives of this backup. To list those of other "
                + "backups, too: `assimilator list -- --glob-archives '*'`.",
            "assimilator list latest"),
        Borg(Command.Info, "info", "[ARCHIVE]", (0, 1),
            "show the size of the repository, or of an archive",
            "With ARCHIVE, shows its size and when and how it was made. Without, shows what is known about the "
                + "repository: its id, encryption and size.",
            "assimilator info latest"),
        Borg(Command.Extract, "extract", "ARCHIVE [PATH...]", (1, int.MaxValue),
            "extract files into the current directory",
            "Extracts the archive, or only the given paths, into the current directory: /etc/hosts becomes "
                + "./etc/hosts. Existing files are overwritten; to see what would be extracted: "
                + "`-- --dry-run --list`.",
            "assimilator extract latest etc/hosts"),
        Borg(Command.Mount, "mount", "[ARCHIVE] MOUNTPOINT", (1, 2),
            "mount archives as a file system",
            "Mounts an archive or, without ARCHIVE, a directory for each archive of this backup. To unmount: borg "
                + "umount MOUNTPOINT. Mounting needs FUSE and FUSE's Python library (Debian: apt install "
                + "python3-pyfuse3).",
            "assimilator mount latest /mnt"),
        Borg(Command.Diff, "diff", "ARCHIVE1 ARCHIVE2 [PATH...]", (2, int.MaxValue),
            "show what differs between two archives",
            "Lists the files that were added, removed or changed from the first archive to the second.",
            "assimilator diff web1@web1-2026-01-31T02:30:00Z latest"),
        new(Command.Compact, "compact", "[NAME]",
            "free the space of deleted archives now",
            "Frees the space of deleted archives. Runs do this by themselves; see [retention] compact. If a run is in "
                + "progress, compact waits for it.\n"
                + "Nothing is compacted while the repository is known to be damaged, while pruning is on hold, or with "
                + "append_only = true: compacting makes all deletions final. borg 1.1 has no compact: its prune frees "
                + "the space.",
            "assimilator compact")
        {
            Options = [OptionTable.Config, OptionTable.Repository],
            IsForOneBackup = true,
            ExitCodes =
            [
                ("0", "compacted"), ("1", "not compacted, see the messages"), ("64", "usage error"),
                ("75", "a run of this backup is in progress"), ("78", "configuration error"),
            ],
        },
        new(Command.Init, "init", "[NAME]",
            "create the configured repository",
            "Creates each configured repository that does not exist yet, with the configured passphrase, and shows how "
                + "to export its key. An existing one is opened to check the passphrase.\n"
                + "The directory above a repository must exist, so that a disk that is not mounted is noticed; "
                + "`-- --make-parent-dirs` creates it. Any other argument of borg init can follow `--`, too.",
            "assimilator init --encryption keyfile-blake2")
        {
            Options = [OptionTable.Config, OptionTable.Repository, OptionTable.Encryption],
            IsForOneBackup = true,
            TakesBorgArguments = true,
            ExitCodes = OfRepository,
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
            BecomesBorg = true,
            TakesBorgArguments = true,
            ExitCodes = OfBorg,
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
            "print an example configuration, alert rules, a dashboard, units, a man page or shell completion",
            "Prints a file that is embedded in this program: an example configuration, Prometheus alert rules, a "
                + "Grafana dashboard, a script that backs up a snapshot (LVM or btrfs), a Kubernetes CronJob, a line "
                + "for cron, systemd units, a manual page, or completion for a shell.\n"
                + "service and timer run all backups of a host, service@ and timer@ a single one; systemd prints all "
                + "four, each below its path.",
            "assimilator print config > /etc/assimilator.ini"),
        new(Command.Help, "help", $"[COMMAND | {string.Join(" | ", Reference.Topics.Select(topic => topic.Topic))}]",
            "show this help, or that of a command or topic",
            "Shows what a command does, its options and its exit codes; or what the configuration can hold, which "
                + "metrics a run reports, and how it ends.\n"
                + "A KEY is the name of a key or section; a key that several sections have is shown for each.",
            "assimilator help config interval"),
        new(Command.Version, "version", "", "show the version",
            "Shows the version, and the commit from which it was built.",
            "assimilator version"),
    ];

    /// <summary>What is short for a command of borg, and of the same name.</summary>
    private static CommandDefinition Borg(Command command, string name, string arguments, (int, int) words,
        string summary, string description, string example) => new(
            command, name, arguments, summary,
            $"{description}\n{Archives}\n"
                + $"This is borg {name} with the configured repository, on this terminal; its options come after `--`.",
            example)
        {
            Options = [OptionTable.Config, OptionTable.Repository, OptionTable.Stream],
            IsForOneBackup = true,
            BecomesBorg = true,
            TakesBorgArguments = true,
            ArchiveWords = words,
            ExitCodes = OfBorg,
        };

    public static IEnumerable<string> Names => All.Select(row => row.Name);

    public static CommandDefinition? Find(string name) => All.FirstOrDefault(row => row.Name == name);

    public static CommandDefinition Of(Command command) => All.First(row => row.Command == command);

    /// <summary>The commands that take an option.</summary>
    public static IReadOnlyList<CommandDefinition> With(OptionDefinition option) =>
        [.. All.Where(row => row.Takes(option))];
}
