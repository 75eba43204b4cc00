using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Every section and key that a configuration may hold, each default written once. Reading, error messages and
/// README's tables come from these rows.</summary>
internal static class Schema
{
    /// <summary>The default of a key that has none, and must be set.</summary>
    public const string Required = "required";

    private static readonly List<Key> Keys = [];

    public static readonly Key<string> Name = Text("backup", "name", "the file's base name",
        "Label `backup` in the Pushgateway, and the name of the state and lock files.", isDescription: true);
    public static readonly Key<string> Instance = Text("backup", "instance", "the host name",
        "Label `instance` of this backup's reports.", isDescription: true);
    public static readonly Key<string> Archive = Text("backup", "archive",
        "NAME@INSTANCE-{utcnow:%Y-%m-%dT%H:%M:%SZ}", "Name of the archives, with borg's placeholders.",
        isDescription: true);
    public static readonly Key<string> Compression = Text("backup", "compression", "lz4",
        "As for borg's `--compression`: `lz4`; `zstd,10`; `auto,lzma`; `none`; …");
    public static readonly Key<TimeSpan?> Interval = Add("backup", "interval",
        KeyTypes.Optional(KeyTypes.Interval), "",
        "How often this backup should run, for example `24h`; the alert rules use it.");
    public static readonly Key<TimeSpan> RunLockWait = Duration("backup", "lock_wait", "600s",
        "How long to wait for another run of this backup.");
    public static readonly Key<bool> PathsMustExist = Flag("backup", "paths_must_exist", "true",
        "Whether the run fails before borg starts if a path is missing, unreadable, a symbolic link or suddenly empty; "
            + "with `false` the run continues, but prunes nothing.");
    public static readonly Key<IReadOnlyList<int>> Accept = Add("backup", "accept",
        KeyTypes.List(KeyTypes.Number(100, 127)), "",
        "Exit codes of borg 1.4 warnings that do not make a run exit with 1, for example `100, 107`.");
    public static readonly Key<bool> QuickStats = Flag("backup", "quick_stats", "false",
        "Whether to leave out the total size of all archives, for which borg has to look at every archive; has no "
            + "effect before borg 1.4.5.");
    public static readonly Key<bool> OneFileSystem = Flag("backup", "one_file_system", "false",
        "Whether to skip other file systems mounted below the paths.");
    public static readonly Key<bool> ExcludeCaches = Flag("backup", "exclude_caches", "false",
        "Whether to exclude directories with a CACHEDIR.TAG.");
    public static readonly Key<bool> ExcludeNodump = Flag("backup", "exclude_nodump", "false",
        "Whether to exclude files with the nodump flag.");
    public static readonly Key<string> ExcludeIfPresent = Text("backup", "exclude_if_present", "",
        "Exclude directories that contain a file of this name, for example `.nobackup`.");
    public static readonly Key<TimeSpan> ShutdownTimeout = Duration("backup", "shutdown_timeout", "60s",
        "Time limit from a signal to the end of the run: borg gets the first third, the report the last quarter, and "
            + "postexec the time in between.");

    public static readonly Key<string> Location = Text("repository", "location", Required,
        "Absolute path, or `ssh://user@host:port/path`.", isDescription: true);
    public static readonly Key<string> Passphrase = Secret("repository", "passphrase",
        "The passphrase itself; the configuration must then be private (`chmod 600`).");
    public static readonly Key<string> PassphraseFile = Text("repository", "passphrase_file", "",
        "File that contains only the passphrase.");
    public static readonly Key<string> Passcommand = Text("repository", "passcommand", "",
        "Command that prints the passphrase; it runs once, without a shell, within `[hooks] timeout`.");
    public static readonly Key<string> IdentityFile = Text("repository", "identity_file", "",
        "Private ssh key for the repository's host.");
    public static readonly Key<string> Rsh = Text("repository", "rsh", "ssh, with `BatchMode` and keepalives",
        "Command that borg uses instead of ssh.", isDescription: true);
    public static readonly Key<string> RemotePath = Text("repository", "remote_path", "",
        "Path of borg on the repository's host.");
    public static readonly Key<TimeSpan> RepositoryLockWait = Duration("repository", "lock_wait", "600s",
        "How long borg waits for the repository's lock.");
    public static readonly Key<TimeSpan?> ConnectWait = DurationOrNone("repository", "connect_wait", "2m",
        "How long to retry while ssh cannot reach the repository's host; `none` for a single try.");
    public static readonly Key<bool> AppendOnly = Flag("repository", "append_only", "false",
        "Whether runs leave pruning and compacting to `assimilator prune` on a trusted host.");

    public static readonly Key<bool> MayBeAbsent = Flag("repository", "may_be_absent", "false",
        "Whether to skip this repository, instead of failing, when its disk is not plugged in or its host cannot be "
            + "reached.");
    public static readonly Key<bool> ShareConnection = Flag("repository", "share_connection", "true",
        "Whether the borg processes of a run share one ssh connection; never with `rsh` or `BORG_RSH`.");
    public static readonly Key<TimeSpan?> RepositoryInterval = Add("repository", "interval",
        KeyTypes.Optional(KeyTypes.Interval), "`[backup] interval`",
        "How often this repository should get an archive; the alert rules use it.", isDescription: true);

    public static readonly Key<bool> ContinueOnFailure = Add("hooks", "on_failure",
        KeyTypes.OneOf([("abort", false), ("continue", true)]), "abort",
        "After a failed preexec script: end the run (`abort`), or run borg anyway (`continue`).");
    public static readonly Key<TimeSpan?> HookTimeout = DurationOrNone("hooks", "timeout", "1h",
        "How long each script may run; `none` for no limit.");
    public static readonly Key<bool> PostexecAfterCreate = Add("hooks", "postexec_after",
        KeyTypes.OneOf([("run", false), ("create", true)]), "run",
        "When postexec runs: at the end (`run`), or before prune, compact and check (`create`).");

    public static readonly Key<string> KeepWithin = Text("retention", "within", "",
        "Keep all archives within this interval, as in borg: `2d`, `4w`, `3m`.");
    public static readonly Key<string> GlobArchives = Text("retention", "glob_archives", "from `archive`",
        "Pattern of the archives that belong to this backup, as for borg's `--glob-archives`.", isDescription: true);
    public static readonly Key<CompactWhen> Compact = Add("retention", "compact",
        KeyTypes.OneOf([("auto", CompactWhen.Auto), ("always", CompactWhen.Always), ("never", CompactWhen.Never),
            .. KeyTypes.FlagWords.Select(flag => (flag.Word, flag.Value ? CompactWhen.Always : CompactWhen.Never))],
            "'auto', 'always' or 'never'"), "auto",
        "When to free the space of deleted archives: `auto` (after prune has deleted some, and every 30 days), "
            + "`always` or `never`; borg 1.1 always frees it.");
    public static readonly Key<bool> Adopt = Flag("retention", "adopt", "false",
        "Whether to prune without asking first and without checking what was deleted; for hosts that keep no state.");

    /// <summary>How many archives to keep; names and order are those of <c>borg prune --keep-…</c>.</summary>
    public static readonly IReadOnlyList<Key<int?>> Keep =
    [
        .. new[] { "secondly", "minutely", "hourly", "daily", "weekly", "monthly", "13weekly", "3monthly", "yearly" }
            .Select(rule => Add("retention", rule, KeyTypes.Optional(KeyTypes.Number(-1, 1_000_000)), "",
                $"How many {rule} archives to keep; `-1` for all.")),
    ];

    public static readonly Key<TimeSpan?> CheckEvery = Add("check", "every", KeyTypes.Optional(KeyTypes.Interval), "",
        "How often to check repository and archives, for example `30d`.");
    public static readonly Key<TimeSpan?> VerifyDataEvery = Add("check", "verify_data_every",
        KeyTypes.Optional(KeyTypes.Interval), "",
        "How often the check also reads and decrypts all data, for example `180d`.");
    public static readonly Key<TimeSpan?> MaxDuration = DurationOrNone("check", "max_duration", "none",
        "How long each run may check the repository itself; the next run resumes where this one stopped (borg 1.2 and "
            + "later).");
    public static readonly Key<TimeSpan?> RestoreEvery = Add("check", "restore_every",
        KeyTypes.Optional(KeyTypes.Interval), "",
        "How often to read files back from the newest archive and compare them with their source, for example `7d`.");
    public static readonly Key<int> RestoreFiles = Add("check", "restore_files", KeyTypes.Number(1, 200), "20",
        "How many files to read back, chosen at random.");
    public static readonly Key<long> RestoreBytes = Add("check", "restore_bytes", KeyTypes.Size, "1GB",
        "How much to read back at most; larger files are never chosen.");

    public static readonly Key<string> Url = Secret("pushgateway", "url",
        "Base URL of the Pushgateway, for example `https://push.example.org:9091`.", Required);
    public static readonly Key<string> Job = Text("pushgateway", "job", "assimilator", "Grouping label `job`.");
    public static readonly Key<string> Username = Text("pushgateway", "username", "",
        "User name for basic authentication.");
    public static readonly Key<string> Password = Secret("pushgateway", "password",
        "Password for basic authentication; the configuration must then be private.");
    public static readonly Key<string> PasswordFile = Text("pushgateway", "password_file", "",
        "File that contains the password.");
    public static readonly Key<string> BearerTokenFile = Text("pushgateway", "bearer_token_file", "",
        "File that contains a token for bearer authentication.");
    public static readonly Key<string> CaFile = Text("pushgateway", "ca_file", "the system's",
        "Certificate authorities (PEM) for the gateway, instead of the system's.", isDescription: true);
    public static readonly Key<string> ClientCertFile = Text("pushgateway", "client_cert_file", "",
        "Client certificate (PEM) for the gateway, followed by its issuers' certificates.");
    public static readonly Key<string> ClientKeyFile = Text("pushgateway", "client_key_file", "`client_cert_file`",
        "Unencrypted private key of that certificate.", isDescription: true);
    public static readonly Key<TimeSpan> PushTimeout = Add("pushgateway", "timeout",
        KeyTypes.Between(TimeSpan.FromTicks(1), TimeSpan.FromHours(1), ", more than 0 and at most an hour"), "30s",
        "Time limit of the push, including retries.");
    public static readonly Key<int> Retries = Add("pushgateway", "retries", KeyTypes.Number(0, 100), "5",
        "How many times to retry after a temporary failure.");

    public static readonly Key<string> TextfilePath = Text("textfile", "path", Required,
        "File for node_exporter's textfile collector; its name must end in `.prom`; use one file per backup.",
        isDescription: true);

    public static readonly Key<LogLevel> Level = Add("logging", "level",
        KeyTypes.OneOf([("error", LogLevel.Error), ("warning", LogLevel.Warning), ("info", LogLevel.Info),
            ("debug", LogLevel.Debug)]),
        "info", "What to show: `error`, `warning`, `info` or `debug`.");
    public static readonly Key<bool> SyslogEnabled = Flag("logging", "syslog", "false",
        "Whether to send messages to the local syslog as well.");

    public static readonly Key<string> BorgPath = Text("borg", "path", "borg",
        "The borg executable, a name in PATH or an absolute path.");
    public static readonly Key<string> CreateArguments = Words("borg", "create_arguments",
        "Extra arguments for `borg create`.");
    public static readonly Key<string> PruneArguments = Words("borg", "prune_arguments",
        "Extra arguments for `borg prune`.");
    public static readonly Key<string> CompactArguments = Words("borg", "compact_arguments",
        "Extra arguments for `borg compact`.");
    public static readonly Key<TimeSpan?> CreateTimeout = DurationOrNone("borg", "create_timeout", "none",
        "How long `borg create` may run.");
    public static readonly Key<TimeSpan?> PruneTimeout = DurationOrNone("borg", "prune_timeout", "none",
        "How long `borg prune` may run.");
    public static readonly Key<TimeSpan?> CompactTimeout = DurationOrNone("borg", "compact_timeout", "none",
        "How long `borg compact` may run.");
    public static readonly Key<TimeSpan?> CheckTimeout = DurationOrNone("borg", "check_timeout", "none",
        "How long `borg check`, and each borg process of a restore drill, may run.");
    public static readonly Key<string> BorgEnvironment = Words("borg", "environment",
        "Variables for borg: `NAME=value NAME2=\"value 2\"`.");

    public static readonly Key<string> StateDirectory = Text("state", "directory",
        "`$STATE_DIRECTORY`; `/var/lib/assimilator` for root; otherwise `$XDG_STATE_HOME/assimilator` or "
            + "`~/.local/state/assimilator`",
        "Directory for the lock and state files.", isDescription: true);

    public static readonly ListSection Include = new(
        "include", "Files to read before this one; later settings win.");
    public static readonly ListSection Paths = new("paths", "What to back up: absolute paths.");
    public static readonly ListSection Excludes = new("excludes", "What to exclude, as for borg's `--exclude`.");
    public static readonly ListSection Patterns = new(
        "patterns", "What to include and exclude, as for borg's `--pattern`.");
    public static readonly ListSection Streams = new(
        "streams", "Commands whose output to back up: `dumps/shop.sql = /usr/bin/pg_dump shop`.", IsCommands: true);
    public static readonly ListSection Preexec = new("preexec", "Scripts to run before borg, with their arguments.",
        IsCommands: true);
    public static readonly ListSection Postexec = new("postexec", "Scripts to run at the end, even after a failure.",
        IsCommands: true);
    public static readonly ListSection Labels = new("labels", "Extra grouping labels; the key is the label's name.");

    /// <summary>Keys that earlier versions had, and where their values belong now.</summary>
    public static readonly IReadOnlyList<(string Section, string Name,
        Key Now)> Moved = [("pushgateway", "instance", Instance)];

    public static IReadOnlyList<Key> All => Keys;

    public static readonly IReadOnlyList<ListSection> Lists =
        [Include, Paths, Excludes, Patterns, Streams, Preexec, Postexec, Labels];

    public static readonly IReadOnlyList<string> Sections =
        [.. Keys.Select(key => key.Section).Concat(Lists.Select(list => list.Name)).Distinct()];

    /// <summary>The sections of which there can be one for each repository: <c>[repository.NAME]</c>.</summary>
    public static readonly IReadOnlyList<string> PerRepository = [Location.Section, GlobArchives.Section];

    /// <summary>True for a section that switches something on by being there.</summary>
    public static bool IsOptional(string kind) =>
        new Key[] { GlobArchives, CheckEvery, Url, TextfilePath }.Any(key => key.Section == kind);

    /// <summary>True if what <c>[KIND.NAME]</c> leaves out comes from <c>[KIND]</c>.</summary>
    public static bool IsInherited(string kind) => kind == Location.Section;

    /// <summary><c>repository</c> for <c>repository.usb</c>; any other section is its own kind.</summary>
    public static string KindOf(string section) =>
        section.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            && PerRepository.FirstOrDefault(kind => section.AsSpan(0, dot).SequenceEqual(kind)) is { } found
                ? found : section;

    /// <summary>True for a section in which a mistyped line may hold a secret.</summary>
    public static bool MayHoldSecret(string section) => KeysOf(section).Any(key => key.IsSecret);

    /// <summary>The keys of a section; none for a list.</summary>
    public static IReadOnlyList<string> NamesIn(string section) => [.. KeysOf(section).Select(key => key.Name)];

    /// <summary>The sections that have a key of that name.</summary>
    public static IReadOnlyList<string> SectionsWith(string name) =>
        [.. Keys.Where(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(key => key.Section)];

    /// <summary>The key of that name whose value is a secret.</summary>
    public static Key? SecretNamed(string name) =>
        Keys.Find(key => key.IsSecret && key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Key> KeysOf(string section)
    {
        var kind = KindOf(section);
        return Keys.Where(key => key.Section == kind);
    }

    private static Key<T> Add<T>(string section, string name, KeyType<T> type, string @default, string help,
        bool isDescription = false) =>
        Add(new Key<T>(section, name, type, @default, help) { IsDescription = isDescription });

    private static Key<T> Add<T>(Key<T> key)
    {
        Keys.Add(key);
        return key;
    }

    private static Key<string> Text(string section, string name, string @default, string help,
        bool isDescription = false) =>
        Add(new Key<string>(section, name, KeyTypes.Text, @default, help) { IsDescription = isDescription });

    private static Key<string> Words(string section, string name, string help) =>
        Add(new Key<string>(section, name, KeyTypes.Text, "", help) { IsCommand = true });

    private static Key<string> Secret(string section, string name, string help, string @default = "") =>
        Add(new Key<string>(section, name, KeyTypes.Text, @default, help) { IsSecret = true, IsDescription = true });

    private static Key<bool> Flag(string section, string name, string @default, string help) =>
        Add(section, name, KeyTypes.Flag, @default, help);

    private static Key<TimeSpan> Duration(string section, string name, string @default, string help) =>
        Add(section, name, KeyTypes.Duration, @default, help);

    private static Key<TimeSpan?> DurationOrNone(string section, string name, string @default, string help) =>
        Add(section, name, KeyTypes.DurationOrNone, @default, help);
}
