using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

/// <summary>Configurations and results of borg, of which a test changes what it is about.</summary>
internal static class Samples
{
    public static readonly RepositorySettings Repository = new() { Location = "/srv/borg", Archive = "{hostname}-{now}", LockWait = TimeSpan.FromSeconds(600) };

    public static readonly BackupConfiguration Configuration = new()
    {
        File = "/etc/test.ini",
        Backup = new BackupSettings(
            "test", "testhost", "{hostname}-{now}", "lz4", Interval: null, LockWait: TimeSpan.FromSeconds(600), PathsMustExist: true, Accept: [], OneFileSystem: false,
            ExcludeCaches: false, ExcludeNodump: false, ExcludeIfPresent: null, TimeSpan.FromSeconds(60)),
        Repositories = [Repository],
        Paths = ["/etc"],
        Excludes = [],
        Patterns = [],
        Preexec = [],
        Postexec = [],
        Check = null,
        Hooks = new HookSettings(ContinueOnFailure: false, Timeout: null, PostexecAfterCreate: false),
        GroupingLabels = [],
        Pushgateway = null,
        Textfile = null,
        Logging = new LoggingSettings(LogLevel.Info, Syslog: false),
        Borg = new BorgSettings("/usr/bin/borg", [], [], [], null, null, null, null, []),
        State = new StateSettings("/var/lib/assimilator"),
        SecretVariables = new HashSet<string>(),
        Secrets = [],
    };

    /// <summary>A different number in each field.</summary>
    public static readonly ArchiveFacts Archive = new()
    {
        Name = "web-1",
        Stats = new() { OriginalSize = 1001, CompressedSize = 1002, DeduplicatedSize = 1003, Nfiles = 1004 },
        CacheStats = new()
        {
            TotalSize = 2001,
            TotalCsize = 2002,
            UniqueCsize = 2003,
            TotalChunks = 2004,
            TotalUniqueChunks = 2005,
        },
    };

    public static StepResult Step(StepKind kind, int returnCode, double seconds = 0) => new()
    {
        Kind = kind,
        ReturnCode = returnCode,
        Outcome = BorgOutcomes.Of(kind, returnCode),
        Duration = TimeSpan.FromSeconds(seconds),
    };

    /// <summary>A create with an archive.</summary>
    public static StepResult Create(int returnCode) => Step(StepKind.Create, returnCode) with { Archive = Archive };

    public static RunReport Report(params StepResult[] steps) => new()
    {
        Backup = "test",
        StartedAt = DateTimeOffset.UnixEpoch,
        Repositories = [new() { Location = "/srv/borg", Steps = steps }],
    };

    public static ConfigurationValues Values(string ini, params (string Name, string Value)[] environment) =>
        new(IniText.Parse(ini), environment.ToDictionary(variable => variable.Name, variable => variable.Value));

    /// <summary>The problems as the user sees them, hints included.</summary>
    public static string[] Texts(IEnumerable<ConfigurationProblem> problems) =>
        [.. problems.Select(problem => problem.Describe("f") + (problem.Hint is null ? "" : $" ({problem.Hint})"))];
}
