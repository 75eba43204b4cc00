namespace Assimilator.Configuration;

/// <summary>Every section and key that a configuration may hold: the reader, the suggestions in error messages and the
/// tables in README all come from here.</summary>
internal static class ConfigurationKeys
{
    private static readonly List<ConfigurationKey> AllKeys = [];

    public static readonly ConfigurationKey Name = Add("backup", "name", "the file's base name",
        "Label of this backup: in the Pushgateway, in the names of its state and lock files.");
    public static readonly ConfigurationKey Archive = Add("backup", "archive", "{hostname}-{now:%Y-%m-%dT%H:%M:%S}",
        "Name of the archives, with borg's placeholders.");
    public static readonly ConfigurationKey Compression = Add("backup", "compression", "lz4",
        "As borg's `--compression`: `lz4`, `zstd,10`, `auto,lzma`, `none`, …");
    public static readonly ConfigurationKey Interval = Add("backup", "interval", "",
        "How often this backup is meant to run, for example `24h`; exported for alert rules.");
    public static readonly ConfigurationKey PathsMustExist = Add("backup", "paths_must_exist", "true",
        "Whether a missing path ends the run before borg is started; `false` leaves it to borg, which warns.");
    public static readonly ConfigurationKey OneFileSystem = Add("backup", "one_file_system", "false",
        "Whether to stay on the file systems of the paths.");
    public static readonly ConfigurationKey ExcludeCaches = Add("backup", "exclude_caches", "false",
        "Whether to leave out directories that hold a CACHEDIR.TAG.");
    public static readonly ConfigurationKey ExcludeNodump = Add("backup", "exclude_nodump", "false",
        "Whether to leave out files flagged nodump.");
    public static readonly ConfigurationKey ExcludeIfPresent = Add("backup", "exclude_if_present", "",
        "Leaves out directories that hold a file of this name, for example `.nobackup`.");

    public static readonly ConfigurationKey ShutdownTimeout = Add("backup", "shutdown_timeout", "60s",
        "From a signal to the end of the run: a third for borg to end by itself, then postexec, a quarter for the report.");

    public static readonly ConfigurationKey Location = Add("repository", "location", "required",
        "Absolute path, or `ssh://user@host:port/path`.");
    public static readonly ConfigurationKey Passphrase = AddSecret("repository", "passphrase",
        "The passphrase itself; the file must then be closed to others (`chmod 600`).");
    public static readonly ConfigurationKey PassphraseFile = Add("repository", "passphrase_file", "",
        "File that holds the passphrase and nothing else.");
    public static readonly ConfigurationKey Passcommand = Add("repository", "passcommand", "",
        "Command that prints the passphrase; borg runs it, without a shell.");
    public static readonly ConfigurationKey IdentityFile = Add("repository", "identity_file", "",
        "Private ssh key for the repository's host.");
    public static readonly ConfigurationKey Rsh = Add("repository", "rsh", "ssh, with `BatchMode` and keepalives",
        "Command that borg uses in place of ssh.");
    public static readonly ConfigurationKey RemotePath = Add("repository", "remote_path", "",
        "Path of borg on the repository's host.");
    public static readonly ConfigurationKey LockWait = Add("repository", "lock_wait", "600s",
        "How long to wait for another run of this backup, and borg for the repository's lock.");

    public static readonly ConfigurationKey OnFailure = Add("hooks", "on_failure", "abort",
        "Whether a failed preexec script ends the run (`abort`) or borg runs all the same (`continue`).");
    public static readonly ConfigurationKey HookTimeout = Add("hooks", "timeout", "1h",
        "How long each script may run; `none` for no limit.");

    public static readonly ConfigurationKey KeepWithin = Add("retention", "within", "",
        "Keep every archive within this interval, as borg writes it: `2d`, `4w`, `3m`.");
    public static readonly ConfigurationKey GlobArchives = Add("retention", "glob_archives", "from `archive`",
        "Which archives are this backup's, as borg's `--glob-archives`.");
    public static readonly ConfigurationKey Compact = Add("retention", "compact", "true",
        "Whether to give the space of deleted archives back; borg 1.1 always does.");

    /// <summary>How many archives to keep; the names and their order are those of <c>borg prune --keep-…</c>.</summary>
    public static readonly IReadOnlyList<ConfigurationKey> Keep =
    [
        AddKeep("secondly"), AddKeep("minutely"), AddKeep("hourly"), AddKeep("daily"), AddKeep("weekly"),
        AddKeep("monthly"), AddKeep("13weekly"), AddKeep("3monthly"), AddKeep("yearly"),
    ];

    public static readonly ConfigurationKey Url = AddSecret("pushgateway", "url",
        "Base URL of the Pushgateway, for example `https://push.example.org:9091`.", "required");
    public static readonly ConfigurationKey Job = Add("pushgateway", "job", "assimilator", "Grouping label `job`.");
    public static readonly ConfigurationKey Instance = Add("pushgateway", "instance", "the host name",
        "Grouping label `instance`.");
    public static readonly ConfigurationKey Username = Add("pushgateway", "username", "", "User name for basic authentication.");
    public static readonly ConfigurationKey Password = AddSecret("pushgateway", "password",
        "Password for basic authentication; the file must then be closed to others.");
    public static readonly ConfigurationKey PasswordFile = Add("pushgateway", "password_file", "", "File that holds the password.");
    public static readonly ConfigurationKey BearerTokenFile = Add("pushgateway", "bearer_token_file", "",
        "File that holds a token for bearer authentication.");
    public static readonly ConfigurationKey CaFile = Add("pushgateway", "ca_file", "the system's",
        "Certificates (PEM) that may sign the gateway's, in place of the system's.");
    public static readonly ConfigurationKey ClientCertFile = Add("pushgateway", "client_cert_file", "",
        "Certificate (PEM) to show to a gateway that wants one, followed by those of its issuers.");
    public static readonly ConfigurationKey ClientKeyFile = Add("pushgateway", "client_key_file", "`client_cert_file`",
        "File that holds the key of that certificate, RSA or EC, not encrypted.");
    public static readonly ConfigurationKey PushTimeout = Add("pushgateway", "timeout", "30s",
        "How long the whole push may take, with all its tries.");
    public static readonly ConfigurationKey Retries = Add("pushgateway", "retries", "5",
        "How often to try again after a failure that may pass.");

    public static readonly ConfigurationKey TextfilePath = Add("textfile", "path", "required",
        "File for node_exporter's textfile collector, `….prom`, one for each backup.");

    public static readonly ConfigurationKey Level = Add("logging", "level", "info",
        "What is shown: `error`, `warning`, `info` or `debug`.");
    public static readonly ConfigurationKey SyslogEnabled = Add("logging", "syslog", "false",
        "Whether messages go to the local syslog too.");

    public static readonly ConfigurationKey BorgPath = Add("borg", "path", "borg", "The borg executable, a name in PATH or an absolute path.");
    public static readonly ConfigurationKey CreateArguments = Add("borg", "create_arguments", "", "Further arguments of `borg create`.");
    public static readonly ConfigurationKey PruneArguments = Add("borg", "prune_arguments", "", "Further arguments of `borg prune`.");
    public static readonly ConfigurationKey CompactArguments = Add("borg", "compact_arguments", "", "Further arguments of `borg compact`.");
    public static readonly ConfigurationKey CreateTimeout = Add("borg", "create_timeout", "none", "How long `borg create` may run.");
    public static readonly ConfigurationKey PruneTimeout = Add("borg", "prune_timeout", "none", "How long `borg prune` may run.");
    public static readonly ConfigurationKey CompactTimeout = Add("borg", "compact_timeout", "none", "How long `borg compact` may run.");
    public static readonly ConfigurationKey BorgEnvironment = Add("borg", "environment", "",
        "Variables for borg: `NAME=value NAME2=\"value 2\"`.");

    public static readonly ConfigurationKey StateDirectory = Add("state", "directory",
        "`$STATE_DIRECTORY`; `/var/lib/assimilator` for root; otherwise `$XDG_STATE_HOME/assimilator` or `~/.local/state/assimilator`",
        "Where the lock and what the next run must know are kept.");

    public static readonly ListSection Paths = new("paths", "What to back up: absolute paths.");
    public static readonly ListSection Excludes = new("excludes", "What to leave out, as borg's `--exclude`.");
    public static readonly ListSection Patterns = new("patterns", "What to take and leave, as borg's `--pattern`.");
    public static readonly ListSection Preexec = new("preexec", "Scripts to run before borg, with their arguments.");
    public static readonly ListSection Postexec = new("postexec", "Scripts to run at the end, whatever happened.");
    public static readonly ListSection Labels = new("labels", "Further grouping labels: the key is the label's name.");

    public static IReadOnlyList<ConfigurationKey> All => AllKeys;

    public static readonly IReadOnlyList<ListSection> Lists = [Paths, Excludes, Patterns, Preexec, Postexec, Labels];

    public static readonly IReadOnlyList<string> Sections =
        [.. AllKeys.Select(key => key.Section).Concat(Lists.Select(list => list.Name)).Distinct()];

    /// <summary>True for a section in which a mistyped line may hold a secret.</summary>
    public static bool MayHoldSecret(string section) => AllKeys.Any(key => key.IsSecret && key.Section == section);

    /// <summary>The keys of a section; none for a list.</summary>
    public static IReadOnlyList<string> NamesIn(string section) =>
        [.. AllKeys.Where(key => key.Section == section).Select(key => key.Name)];

    /// <summary>The sections that have a key of that name.</summary>
    public static IReadOnlyList<string> SectionsWith(string name) =>
        [.. AllKeys.Where(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(key => key.Section)];

    /// <summary>The key of that name whose value is a secret.</summary>
    public static ConfigurationKey? SecretNamed(string name) =>
        AllKeys.Find(key => key.IsSecret && key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static ConfigurationKey Add(string section, string name, string @default, string meaning)
    {
        var key = new ConfigurationKey(section, name, @default, meaning);
        AllKeys.Add(key);
        return key;
    }

    private static ConfigurationKey AddSecret(string section, string name, string meaning, string @default = "")
    {
        var key = new ConfigurationKey(section, name, @default, meaning) { IsSecret = true };
        AllKeys.Add(key);
        return key;
    }

    private static ConfigurationKey AddKeep(string name) => Add("retention", name, "",
        $"How many {name} archives to keep; `-1` for all.");
}
