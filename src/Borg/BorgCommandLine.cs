using System.Globalization;
using Assimilator.Configuration;

namespace Assimilator.Borg;

/// <summary>The arguments of each borg process, from the configuration alone.</summary>
internal static class BorgCommandLine
{
    public static IReadOnlyList<string> Create(
        BorgDialect dialect, BackupConfiguration configuration, RepositorySettings repository) =>
    [
        // --show-version costs nothing here, and tells when the borg behind a script has changed.
        "create", "--json", "--log-json", "--show-version", LockWait(repository),
        .. If(configuration.Backup.QuickStats && dialect.HasQuickStats, "--quick-stats"),
        $"--compression={configuration.Backup.Compression}",
        .. repository.Stream is { } stream ? [$"--stdin-name={stream.Label}"] : OfPaths(configuration),
        .. configuration.Borg.CreateArguments,
        .. dialect.InRepository(repository.Location, repository.Archive),
        .. repository.Stream is null ? configuration.Paths : ["-"],
    ];

    /// <summary>Names what <see cref="Create"/> would back up. Borg does not even open the repository for it.</summary>
    public static IReadOnlyList<string> CreateDryRun(
        BorgDialect dialect, BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "create", "--dry-run", "--list",
        .. Create(dialect, configuration with
        {
            // Borg takes no statistics with a dry run.
            Backup = configuration.Backup with { QuickStats = false },
            Borg = configuration.Borg with { CreateArguments = WithoutFilter(configuration.Borg.CreateArguments) },
        }, repository).Skip(1).Where(argument => argument != "--json"),
    ];

    /// <summary>A filter is for what borg has done with each file, and here it does nothing.</summary>
    private static IReadOnlyList<string> WithoutFilter(IReadOnlyList<string> arguments) =>
    [
        .. arguments.Where((argument, place) => argument != "--filter"
            && !argument.StartsWith("--filter=", StringComparison.Ordinal)
            && (place == 0 || arguments[place - 1] != "--filter")),
    ];

    private static IEnumerable<string> OfPaths(BackupConfiguration configuration)
    {
        var backup = configuration.Backup;
        return
        [
            .. If(backup.OneFileSystem, "--one-file-system"),
            .. If(backup.ExcludeCaches, "--exclude-caches"),
            .. If(backup.ExcludeNodump, "--exclude-nodump"),
            .. If(backup.ExcludeIfPresent is not null, $"--exclude-if-present={backup.ExcludeIfPresent}"),
            .. configuration.Patterns.Select(pattern => $"--pattern={pattern}"),
            .. configuration.Excludes.Select(exclude => $"--exclude={exclude}"),
        ];
    }

    public static IReadOnlyList<string> Prune(
        BorgDialect dialect, BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "prune", "--log-json", "--list", LockWait(repository),
        .. repository.Retention!.Keep.Select(keep => $"--keep-{keep.Rule}={keep.Value}"),
        dialect.Matching(repository.Retention.GlobArchives),
        .. configuration.Borg.PruneArguments,
        .. dialect.InRepository(repository.Location),
    ];

    public static IReadOnlyList<string> PruneDryRun(
        BorgDialect dialect, BackupConfiguration configuration, RepositorySettings repository) =>
        ["prune", "--dry-run", .. Prune(dialect, configuration, repository).Skip(1)];

    /// <summary>A list of archives, as JSON.</summary>
    /// <param name="arguments">Which archives.</param>
    public static IReadOnlyList<string> List(
        BorgDialect dialect, RepositorySettings repository, IReadOnlyList<string> arguments) =>
    [
        dialect.List, "--json", "--log-json", LockWait(repository), .. arguments,
        .. dialect.InRepository(repository.Location),
    ];

    public static IReadOnlyList<string> Compact(
        BorgDialect dialect, BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "compact", "--log-json", LockWait(repository),
        .. configuration.Borg.CompactArguments,
        .. dialect.InRepository(repository.Location),
    ];

    /// <param name="arguments">Further ones that somebody gave.</param>
    public static IReadOnlyList<string> Init(
        BorgDialect dialect, RepositorySettings repository, string encryption, IReadOnlyList<string> arguments) =>
    [
        // Its warnings are about old versions of borg, and about the key.
        dialect.Init, "--log-json", "--error", LockWait(repository), $"--encryption={encryption}", .. arguments,
        .. dialect.InRepository(repository.Location),
    ];

    public static IReadOnlyList<string> Check(
        BorgDialect dialect, RepositorySettings repository, CheckPart part, CheckScope scope) =>
    [
        // --verbose says whether a check of limited duration has come to the end.
        "check", "--log-json", "--verbose", LockWait(repository),
        .. If(part == CheckPart.Repository, "--repository-only"),
        .. part == CheckPart.Repository && scope.MaxDuration is { } longest
            ? [$"--max-duration={Seconds(longest)}"] : Array.Empty<string>(),
        .. If(part == CheckPart.Archives, "--archives-only"),
        .. If(scope.VerifiesData && part != CheckPart.Repository, "--verify-data"),
        .. dialect.InRepository(repository.Location),
    ];

    /// <summary>A line of JSON for each file of an archive.</summary>
    public static IReadOnlyList<string> ListFiles(
        BorgDialect dialect, RepositorySettings repository, string archive) =>
    [
        "list", "--json-lines", "--log-json", LockWait(repository),
        $"--format={dialect.FileFormat}",
        .. dialect.InRepository(repository.Location, archive),
    ];

    /// <summary>The contents of some files, one after the other, in the order of the archive.</summary>
    /// <param name="paths">As the archive has them.</param>
    public static IReadOnlyList<string> Extract(
        BorgDialect dialect, RepositorySettings repository, string archive, IEnumerable<string> paths) =>
    [
        "extract", "--stdout", "--log-json", LockWait(repository),
        .. dialect.InRepository(repository.Location, archive),
        .. paths.Select(path => $"pp:{path}"),
    ];

    // Borg's own default of one second fails a backup whenever anything else uses the repository.
    /// <summary>How long borg waits for a lock that another one holds.</summary>
    public static string LockWait(RepositorySettings repository) => $"--lock-wait={Seconds(repository.LockWait)}";

    private static string Seconds(TimeSpan time) =>
        ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string[] If(bool condition, string argument) => condition ? [argument] : [];
}
