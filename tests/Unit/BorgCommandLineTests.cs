using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class BorgCommandLineTests
{
    private static readonly BorgDialect Borg12 = BorgDialect.Of("1.2.4");

    private static readonly RetentionSettings Retention = new([("daily", "7")], "{hostname}-*", CompactWhen.Auto, Adopt: false);

    private static readonly BackupConfiguration Full = Samples.Configuration with
    {
        Backup = new BackupSettings(
            "main", "web", "{hostname}-{now:%Y}", "auto,zstd,3", TimeSpan.FromHours(24), TimeSpan.FromMinutes(10), PathsMustExist: true, Accept: [],
            OneFileSystem: true, ExcludeCaches: true, ExcludeNodump: true, ExcludeIfPresent: ".nobackup",
            TimeSpan.FromSeconds(60)),
        Paths = ["/etc", "-rf", "/home/a b"],
        Excludes = ["-*.pyc", "/home/*/.cache", "--x"],
        Patterns = ["- /tmp/*", "R /srv"],
        Borg = new BorgSettings(
            "/usr/bin/borg", ["--upload-ratelimit", "5000"], ["--save-space"], ["--threshold", "20"],
            null, null, null, null, [("A", "b")]),
    };

    private static readonly RepositorySettings Other = new()
    {
        Location = "ssh://borg@host:22/./web",
        Archive = "{hostname}-{now:%Y}",
        Passphrase = "secret",
        IdentityFile = "/root/key",
        LockWait = TimeSpan.FromMilliseconds(1500),
        Retention = Retention,
    };

    [Fact]
    public void A_dry_run_of_create_lists_every_file_and_makes_nothing()
    {
        var configuration = Samples.Configuration with
        {
            Borg = Samples.Configuration.Borg with { CreateArguments = ["--filter", "AME", "--filter=A", "--noatime"] },
        };
        Assert.Equal(
            ["create", "--dry-run", "--list", "--log-json", "--show-version", "--lock-wait=600", "--compression=lz4", "--noatime", "--",
                "/srv/borg::{hostname}-{now}", "/etc"],
            BorgCommandLine.CreateDryRun(Borg12, configuration, Samples.Repository));
    }

    [Theory]
    [InlineData("1.4.4", false)]
    [InlineData("1.4.5", true)]
    [InlineData("2.0.0b19", false)]
    public void Asks_for_quick_stats_where_there_are_any(string version, bool expected)
    {
        var configuration = Samples.Configuration with { Backup = Samples.Configuration.Backup with { QuickStats = true } };
        var dialect = BorgDialect.Of(version);
        Assert.Equal(expected, BorgCommandLine.Create(dialect, configuration, Samples.Repository).Contains("--quick-stats"));
        Assert.DoesNotContain("--quick-stats", BorgCommandLine.CreateDryRun(dialect, configuration, Samples.Repository));
    }

    /// <summary>Borg 2 has the repository in an option.</summary>
    [Fact]
    public void Speaks_to_borg_2()
    {
        var borg2 = BorgDialect.Of("2.0.0b19");
        Assert.Equal(["create", "--repo=/srv/borg", "--", "{hostname}-{now}", "/etc"],
            Without(BorgCommandLine.Create(borg2, Samples.Configuration, Samples.Repository)));
        Assert.Equal(["prune", "--keep-daily=7", "--match-archives=sh:{hostname}-*", "--repo=/srv/borg"],
            Without(BorgCommandLine.Prune(borg2, Samples.Configuration, Samples.Repository with { Retention = Retention })));
        Assert.Equal(["repo-list", "--last=1", "--repo=/srv/borg"], Without(BorgCommandLine.List(borg2, Samples.Repository, ["--last=1"])));
        Assert.Equal(["repo-create", "--error", "--encryption=none", "--repo=/srv/borg"],
            Without(BorgCommandLine.Init(borg2, Samples.Repository, "none", [])));
        Assert.Equal(["extract", "--stdout", "--repo=/srv/borg", "--", "aid:00", "pp:etc/hosts"],
            Without(BorgCommandLine.Extract(borg2, Samples.Repository, "aid:00", ["etc/hosts"])));
        Assert.DoesNotContain("source", string.Join(' ', BorgCommandLine.ListFiles(borg2, Samples.Repository, "aid:00")), StringComparison.Ordinal);

        static IEnumerable<string> Without(IEnumerable<string> arguments) => arguments.Except(
            ["--json", "--log-json", "--list", "--show-version", "--lock-wait=600", "--compression=lz4"]);
    }

    [Theory]
    [InlineData("1.1.16", "quick_stats accept max_duration")]
    [InlineData("1.2.4", "quick_stats accept")]
    [InlineData("1.4.0", "quick_stats")]
    [InlineData("1.4.5", "")]
    [InlineData("2.0.0b19", "")]
    [InlineData(null, "")]
    public void Tells_what_a_borg_does_not_have(string? version, string expected)
    {
        var configuration = Samples.Configuration with
        {
            Backup = Samples.Configuration.Backup with { QuickStats = true, Accept = [100] },
            Check = CheckSettings.None with { MaxDuration = TimeSpan.FromHours(1) },
        };
        var problems = MissingFeatures.Of(configuration, new BorgExecutable("/usr/bin/borg", 1, default, version));
        Assert.Equal(expected, string.Join(' ', problems.Select(problem => problem.Message.Split(' ')[1])));
    }

    [Fact]
    public void Creates_with_defaults() => Assert.Equal(
        ["create", "--json", "--log-json", "--show-version", "--lock-wait=600", "--compression=lz4",
            "--", "/srv/borg::{hostname}-{now}", "/etc"],
        BorgCommandLine.Create(Borg12, Samples.Configuration, Samples.Repository));

    [Fact]
    public void Creates_with_everything() => Assert.Equal(
        ["create", "--json", "--log-json", "--show-version", "--lock-wait=2",
            "--compression=auto,zstd,3", "--one-file-system", "--exclude-caches", "--exclude-nodump",
            "--exclude-if-present=.nobackup", "--pattern=- /tmp/*", "--pattern=R /srv", "--exclude=-*.pyc",
            "--exclude=/home/*/.cache", "--exclude=--x", "--upload-ratelimit", "5000",
            "--", "ssh://borg@host:22/./web::{hostname}-{now:%Y}", "/etc", "-rf", "/home/a b"],
        BorgCommandLine.Create(Borg12, Full, Other));

    [Fact]
    public void Creates_a_stream_without_what_is_about_paths() => Assert.Equal(
        ["create", "--json", "--log-json", "--show-version", "--lock-wait=2",
            "--compression=auto,zstd,3", "--stdin-name=dumps/shop.sql", "--upload-ratelimit", "5000",
            "--", "ssh://borg@host:22/./web::{hostname}-{now:%Y}", "-"],
        BorgCommandLine.Create(Borg12, Full, Other with { Stream = new("dumps/shop.sql", "/usr/bin/pg_dump", ["shop"]) }));

    [Theory]
    [InlineData(true, false, false, "--one-file-system")]
    [InlineData(false, true, false, "--exclude-caches")]
    [InlineData(false, false, true, "--exclude-nodump")]
    public void Creates_with_one_switch(bool oneFileSystem, bool excludeCaches, bool excludeNodump, string expected)
    {
        var configuration = Samples.Configuration with
        {
            Backup = Samples.Configuration.Backup with
            {
                OneFileSystem = oneFileSystem,
                ExcludeCaches = excludeCaches,
                ExcludeNodump = excludeNodump,
            },
        };
        Assert.Equal(
            [expected], BorgCommandLine.Create(Borg12, configuration, Samples.Repository).Except(BorgCommandLine.Create(Borg12, Samples.Configuration, Samples.Repository)));
    }

    [Fact]
    public void Prunes_with_one_rule() => Assert.Equal(
        ["prune", "--log-json", "--list", "--lock-wait=600", "--keep-daily=7", "--glob-archives={hostname}-*",
            "--", "/srv/borg"],
        BorgCommandLine.Prune(Borg12, Samples.Configuration, Samples.Repository with { Retention = Retention }));

    [Fact]
    public void Prunes_with_everything() => Assert.Equal(
        ["prune", "--log-json", "--list", "--lock-wait=2", "--keep-within=2d",
            "--keep-13weekly=4", "--keep-yearly=-1", "--glob-archives=-x*", "--save-space",
            "--", "ssh://borg@host:22/./web"],
        BorgCommandLine.Prune(Borg12, Full, Other with
        {
            Retention = new RetentionSettings([("within", "2d"), ("13weekly", "4"), ("yearly", "-1")], "-x*", CompactWhen.Never, Adopt: false),
        }));

    [Fact]
    public void Compacts() => Assert.Equal(
        ["compact", "--log-json", "--lock-wait=2", "--threshold", "20",
            "--", "ssh://borg@host:22/./web"],
        BorgCommandLine.Compact(Borg12, Full, Other));

    [Theory]
    [InlineData(0.2, "--lock-wait=1")]
    [InlineData(1, "--lock-wait=1")]
    [InlineData(86400, "--lock-wait=86400")]
    public void Waits_in_whole_seconds_and_never_less(double seconds, string expected)
    {
        using var german = new GermanNumbers();
        var repository = Samples.Repository with { LockWait = TimeSpan.FromSeconds(seconds) };
        Assert.Contains(expected, BorgCommandLine.Compact(Borg12, Samples.Configuration, repository));
    }

    [Fact]
    public void Shows_no_secret_to_other_users() => Assert.DoesNotContain(
        "secret",
        string.Join(' ', BorgCommandLine.Create(Borg12, Full, Other)
            .Concat(BorgCommandLine.Prune(Borg12, Full, Other)).Concat(BorgCommandLine.Compact(Borg12, Full, Other))),
        StringComparison.Ordinal);
}
