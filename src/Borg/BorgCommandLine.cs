using System.Globalization;
using Assimilator.Configuration;

namespace Assimilator.Borg;

/// <summary>The arguments of each borg process, from the configuration alone.</summary>
internal static class BorgCommandLine
{
    public static IReadOnlyList<string> Create(
        BackupConfiguration configuration, RepositorySettings repository)
    {
        return
        [
            // --show-version costs nothing here and saves a process that asks for the version.
            "create", "--json", "--log-json", "--show-version", .. Common(repository),
            $"--compression={configuration.Backup.Compression}",
            .. repository.Stream is { } stream ? [$"--stdin-name={stream.Label}"] : OfPaths(configuration),
            .. configuration.Borg.CreateArguments,
            "--", $"{repository.Location}::{repository.Archive}",
            .. repository.Stream is null ? configuration.Paths : ["-"],
        ];
    }

    /// <summary>Names what <see cref="Create"/> would back up. Borg does not even open the repository for it.</summary>
    public static IReadOnlyList<string> CreateDryRun(
        BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "create", "--dry-run", "--list",
        .. Create(configuration with
        {
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

    public static IReadOnlyList<string> Prune(BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "prune", "--log-json", "--list", .. Common(repository),
        .. repository.Retention!.Keep.Select(keep => $"--keep-{keep.Rule}={keep.Value}"),
        $"--glob-archives={repository.Retention.GlobArchives}",
        .. configuration.Borg.PruneArguments,
        "--", repository.Location,
    ];

    public static IReadOnlyList<string> PruneDryRun(
        BackupConfiguration configuration, RepositorySettings repository) =>
        ["prune", "--dry-run", .. Prune(configuration, repository).Skip(1)];

    /// <summary>A list of archives, as JSON.</summary>
    /// <param name="arguments">Which archives.</param>
    public static IReadOnlyList<string> List(RepositorySettings repository, IReadOnlyList<string> arguments) =>
        ["list", "--json", "--log-json", .. Common(repository), .. arguments, "--", repository.Location];

    public static IReadOnlyList<string> Compact(BackupConfiguration configuration, RepositorySettings repository) =>
    [
        "compact", "--log-json", .. Common(repository),
        .. configuration.Borg.CompactArguments,
        "--", repository.Location,
    ];

    /// <param name="arguments">Further ones that somebody gave.</param>
    public static IReadOnlyList<string> Init(
        RepositorySettings repository, string encryption, IReadOnlyList<string> arguments) =>
    [
        // Its warnings are about old versions of borg, and about the key.
        "init", "--log-json", "--error", .. Common(repository), $"--encryption={encryption}", .. arguments, "--",
        repository.Location,
    ];

    public static IReadOnlyList<string> Check(RepositorySettings repository, CheckPart part, CheckScope scope) =>
    [
        // --verbose says whether a check of limited duration has come to the end.
        "check", "--log-json", "--verbose", .. Common(repository),
        .. If(part == CheckPart.Repository, "--repository-only"),
        .. part == CheckPart.Repository && scope.MaxDuration is { } longest
            ? [$"--max-duration={Seconds(longest)}"] : Array.Empty<string>(),
        .. If(part == CheckPart.Archives, "--archives-only"),
        .. If(scope.VerifiesData && part != CheckPart.Repository, "--verify-data"),
        "--", repository.Location,
    ];

    /// <summary>A line of JSON for each file of an archive.</summary>
    public static IReadOnlyList<string> ListFiles(RepositorySettings repository, string archive) =>
    [
        "list", "--json-lines", "--log-json", .. Common(repository),
        "--format={type}{path}{source}{size}{mtime}{ctime}{health}", "--", $"{repository.Location}::{archive}",
    ];

    /// <summary>The contents of some files, one after the other, in the order of the archive.</summary>
    /// <param name="paths">As the archive has them.</param>
    public static IReadOnlyList<string> Extract(
        RepositorySettings repository, string archive, IEnumerable<string> paths) =>
    [
        "extract", "--stdout", "--log-json", .. Common(repository), "--", $"{repository.Location}::{archive}",
        .. paths.Select(path => $"pp:{path}"),
    ];

    private static IEnumerable<string> Common(RepositorySettings repository)
    {
        // Borg's own default of one second fails a backup whenever anything else uses the repository.
        return
        [
            $"--lock-wait={Seconds(repository.LockWait)}",
            .. If(repository.RemotePath is not null, $"--remote-path={repository.RemotePath}"),
        ];
    }

    private static string Seconds(TimeSpan time) =>
        ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string[] If(bool condition, string argument) => condition ? [argument] : [];
}
