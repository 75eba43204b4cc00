using Assimilator.Metrics;
using Assimilator.Pushgateway;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>One backup as its configuration describes it, every value checked.</summary>
internal sealed record BackupConfiguration
{
    /// <summary>Absolute path of the file it was read from.</summary>
    public required string File { get; init; }
    public required BackupSettings Backup { get; init; }

    /// <summary>One for each series of archives, at least one: those of a repository follow one another.</summary>
    public required IReadOnlyList<RepositorySettings> Repositories { get; init; }
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The paths, and the roots in the patterns.</summary>
    public IReadOnlyList<string> Sources =>
    [
        .. Paths,
        .. Patterns.Where(pattern => pattern.StartsWith("R ", StringComparison.OrdinalIgnoreCase))
            .Select(pattern => pattern[2..].Trim()).Where(Path.IsPathRooted),
    ];
    public required IReadOnlyList<string> Excludes { get; init; }
    public required IReadOnlyList<string> Patterns { get; init; }
    public required IReadOnlyList<Script> Preexec { get; init; }
    public required IReadOnlyList<Script> Postexec { get; init; }
    public required HookSettings Hooks { get; init; }

    /// <summary>Null when nothing is to be checked.</summary>
    public required CheckSettings? Check { get; init; }

    /// <summary>job, instance, backup and the labels of <c>[labels]</c>, in this order.</summary>
    public required IReadOnlyList<LabelPair> GroupingLabels { get; init; }

    /// <summary>Null when nothing is to be pushed.</summary>
    public required PushgatewaySettings? Pushgateway { get; init; }

    /// <summary>The file for node_exporter's textfile collector; null when none is to be written.</summary>
    public required string? Textfile { get; init; }
    public required LoggingSettings Logging { get; init; }
    public required BorgSettings Borg { get; init; }
    public required StateSettings State { get; init; }

    /// <summary>The names of environment variables that secret values came from: no child needs to see them.</summary>
    public required IReadOnlySet<string> SecretVariables { get; init; }

    /// <summary>Every secret that was read, also by mistake: no message is to show one.</summary>
    public required IReadOnlyCollection<string> Secrets { get; init; }
}

/// <param name="Archive">The name of the archives, with borg's placeholders.</param>
/// <param name="Accept">Borg's return codes for warnings that are no problem.</param>
internal sealed record BackupSettings(
    string Name, string Instance, string Archive, string Compression, TimeSpan? Interval, TimeSpan LockWait,
    bool PathsMustExist, IReadOnlyList<int> Accept, bool OneFileSystem, bool ExcludeCaches, bool ExcludeNodump,
    string? ExcludeIfPresent, TimeSpan ShutdownTimeout)
{
    /// <summary>Leaves out what borg reports about all archives together.</summary>
    public bool QuickStats { get; init; }
}

/// <summary>One repository, with one series of archives that is kept in it.</summary>
internal sealed record RepositorySettings
{
    /// <summary>As in <c>[repository.NAME]</c>; null if there is only <c>[repository]</c>.</summary>
    public string? Name { get; init; }

    public required string Location { get; init; }

    /// <summary>The name of the archives, with borg's placeholders.</summary>
    public required string Archive { get; init; }

    /// <summary>The command whose output they have, with the name of the file that holds it; null for the
    /// paths.</summary>
    public Script? Stream { get; init; }

    public ArchiveSeries Series => new(Location, Stream?.Label);

    /// <inheritdoc cref="ArchiveSeries.Label"/>
    public string? Label => ArchiveSeries.Label(Name, Stream?.Label);

    /// <summary>From <c>passphrase</c> or <c>passphrase_file</c>, or inherited; null if there is none.</summary>
    public string? Passphrase { get; init; }

    public IReadOnlyList<string>? Passcommand { get; init; }
    public string? IdentityFile { get; init; }
    public string? Rsh { get; init; }
    public string? RemotePath { get; init; }
    public TimeSpan LockWait { get; init; }
    public TimeSpan? ConnectWait { get; init; }
    public bool AppendOnly { get; init; }

    /// <summary>The borg processes of a run share a connection of ssh.</summary>
    public bool SharesConnection { get; init; }

    /// <summary>A disk that is not plugged in, or a host that cannot be reached, is no failure.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>How often it is meant to get an archive, if the configuration says so.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Null when nothing is to be pruned.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>Other backups that would prune the same archives, as messages name them.</summary>
    public IReadOnlyList<string> AlsoPrunedBy { get; init; } = [];

    public bool IsRemote => Location.StartsWith("ssh://", StringComparison.Ordinal);

    // A record's own text would hold the passphrase.
    public override string ToString() => Location;
}

/// <summary>One script of preexec or postexec, or a command of streams.</summary>
internal sealed record Script(string Label, string Path, IReadOnlyList<string> Arguments);

/// <param name="Timeout">Of each script; null for no limit.</param>
internal sealed record HookSettings(bool ContinueOnFailure, TimeSpan? Timeout, bool PostexecAfterCreate);

internal enum CompactWhen
{
    /// <summary>After prune deleted something, and every thirty days.</summary>
    Auto,
    Always,
    Never,
}

/// <param name="Keep">Pairs of a rule's name as in borg's <c>--keep-…</c> and its value.</param>
/// <param name="Adopt">Prune without consent and without comparing what was deleted.</param>
internal sealed record RetentionSettings(
    IReadOnlyList<(string Rule, string Value)> Keep, string GlobArchives, CompactWhen Compact, bool Adopt);

/// <param name="Every">How often repository and archives are checked; null for never.</param>
/// <param name="VerifyDataEvery">How often all data is read, too.</param>
/// <param name="MaxDuration">How long each check of the repository may take; null for no limit.</param>
/// <param name="RestoreEvery">How often files are read back.</param>
/// <param name="RestoreFiles">How many.</param>
/// <param name="RestoreBytes">How much of them, in bytes.</param>
internal sealed record CheckSettings(
    TimeSpan? Every, TimeSpan? VerifyDataEvery, TimeSpan? MaxDuration, TimeSpan? RestoreEvery, int RestoreFiles,
    long RestoreBytes)
{
    /// <summary>Nothing is checked unless somebody asks for it.</summary>
    public static readonly CheckSettings None = new(
        null, null, null, null, Schema.RestoreFiles.DefaultValue, Schema.RestoreBytes.DefaultValue);

    /// <summary>How often there is a check of any kind.</summary>
    public TimeSpan? Interval => Every < VerifyDataEvery ? Every : VerifyDataEvery ?? Every;
}

internal sealed record BorgSettings(
    string Path, IReadOnlyList<string> CreateArguments, IReadOnlyList<string> PruneArguments,
    IReadOnlyList<string> CompactArguments, TimeSpan? CreateTimeout, TimeSpan? PruneTimeout, TimeSpan? CompactTimeout,
    TimeSpan? CheckTimeout,
    IReadOnlyList<(string Name, string Value)> Environment);

/// <param name="Directory">Null if there is none that could be used; that is a problem then.</param>
internal sealed record StateSettings(string? Directory);
