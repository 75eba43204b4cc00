using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class RunSummaryTests
{
    private static readonly RepositoryReport Repository = new RepositoryReport
    {
        Name = "usb",
        Location = "/r",
        Steps =
        [
            Samples.Step(StepKind.Create, 0) with
            {
                Archive = new() { Name = "web-1", Stats = new() { Nfiles = 2000, OriginalSize = 20_000_000, DeduplicatedSize = 1200 } },
                Duration = TimeSpan.FromSeconds(41),
            },
            Samples.Step(StepKind.Prune, 0) with
            {
                Prune = new() { Kept = [new("web-1", "a1"), new("web-0", "a0")], Deleted = [new("web-9", "a9")] },
                Duration = TimeSpan.FromSeconds(2),
            },
        ],
    };

    private static readonly RunReport Run = new()
    {
        Backup = "web",
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(44),
        Preexec = ScriptsResult.None,
        Repositories = [Repository],
    };

    [Theory]
    [InlineData("good", "archive web-1: 2,000 files, 20 MB, 1.2 kB new; 2 archives kept, 1 deleted; create 41 s, prune 2 s")]
    [InlineData("without a name", "an archive without a readable name: create 41 s")]
    [InlineData("only listed by prune", "archive web-1: 2,000 files, 20 MB, 1.2 kB new; create 41 s, prune 2 s")]
    [InlineData("deleted by prune", "archive web-1: 2,000 files, 20 MB, 1.2 kB new; deleted by prune; create 41 s")]
    [InlineData("absent", "absent")]
    [InlineData("failed", "no archive")]
    public void Each_series_is_one_line(string what, string expected)
    {
        var (create, prune) = (Repository.Steps[0], Repository.Steps[1]);
        Assert.Equal(expected, RunSummary.Of(what switch
        {
            "without a name" => Repository with { Steps = [create with { Archive = new() }] },
            "only listed by prune" => Repository with { Steps = [create, prune with { Prune = prune.Prune! with { IsDryRun = true } }] },
            "deleted by prune" => Repository with { Steps = [create], IsArchiveDeleted = true },
            "absent" => Repository with { Steps = [], IsAbsent = true },
            "failed" => Repository with { Steps = [create with { Archive = null, Outcome = BorgOutcome.Error }] },
            _ => Repository,
        }, isOnly: false));
    }

    [Theory]
    [InlineData("good", true, "backup OK in 44 s: archive web-1")]
    [InlineData("a fault", false, "backup OK in 44 s, but the report could not be delivered (see above)")]
    [InlineData("a fault", true, "backup created in 44 s, with problems (see above): archive web-1")]
    [InlineData("failed", true, "backup FAILED after 44 s: borg create exited with code 2")]
    [InlineData("failed without a word", true, "backup FAILED after 44 s: no archive was created")]
    [InlineData("a signal", true, "backup interrupted by signal 15 after 44 s, with an archive")]
    [InlineData("skipped", true, "backup skipped after 44 s")]
    [InlineData("misconfigured", false, "backup FAILED: the configuration is wrong")]
    public void The_last_line_says_first_how_it_ended(string what, bool isDelivered, string expected)
    {
        RunReport report = what switch
        {
            "a fault" => Run with { Problems = [new("the state cannot be written") { IsFault = true }] },
            "failed" => Run with { Repositories = [], Problems = [new("a warning") { Severity = LogLevel.Warning }, new("borg create exited with code 2.")] },
            "failed without a word" => Run with { Repositories = [] },
            "a signal" => Run with { Signal = 15 },
            "skipped" => Run with { Ending = RunEnding.Skipped },
            "misconfigured" => Run with { Ending = RunEnding.Misconfigured },
            _ => Run,
        };
        Assert.StartsWith(expected, RunSummary.Ended(report, isDelivered), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_archives_the_lines_above_tell() => Assert.Equal("backup OK in 44 s: 2 archives", RunSummary.Ended(
        Run with { Repositories = [Repository, Repository with { Name = "nas", Location = "/n" }] }, isDelivered: true));

    [Fact]
    public void The_last_line_names_the_only_archive() => Assert.Equal(
        "2,000 files, 20 MB, 1.2 kB new; 2 archives kept, 1 deleted; create 41 s, prune 2 s", RunSummary.Of(Repository, isOnly: true));
}
