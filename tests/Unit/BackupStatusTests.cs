using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class BackupStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly BackupConfiguration Daily = Samples.Configuration with
    {
        Repositories = [Samples.Repository with { Interval = TimeSpan.FromDays(1) }],
    };

    [Theory]
    [InlineData("good", 10, "Ok", "OK", "in 14 hours")]
    [InlineData("warned", 10, "Warning", "problems", "in 14 hours")]
    [InlineData("failed", 10, "Critical", "FAILED", "in 14 hours")]
    [InlineData("skipped", 10, "Ok", "skipped", "in 14 hours")]
    [InlineData("misconfigured", 10, "Critical", "misconfigured", "in 14 hours")]
    [InlineData("interrupted", 10, "Critical", "interrupted", "in 14 hours")]
    [InlineData("good", 54, "Ok", "OK", "30 hours ago")]
    [InlineData("good", 56, "Critical", "OK", "OVERDUE")]
    [InlineData("failed", null, "Critical", "FAILED", "now")]
    public void Says_how_it_is(string lastRun, int? hoursSinceSuccess, string level, string result, string due)
    {
        var status = Assert.Single(Of(Daily, State(lastRun, hoursSinceSuccess)).Series);
        Assert.Equal((level, result, due), (status.Level.ToString(), status.Result, StatusTable.Due(status, Now)));
    }

    /// <summary>A good run of another repository does not hide that this one has failed.</summary>
    [Theory]
    [InlineData(0, "Ok", "left out")]
    [InlineData(2, "Critical", "left out, no archive before")]
    public void A_repository_that_the_last_run_left_out(int runsWithoutArchive, string level, string result)
    {
        var state = State("good", 10);
        var report = state.LastReport! with { Repositories = [state.LastReport.Repositories[0] with { IsLeftOut = true }] };
        var memory = state.Repositories[0].Memory with { RunsWithoutArchive = runsWithoutArchive };
        var status = Of(Daily, state with { LastReport = report, Repositories = [state.Repositories[0] with { Memory = memory }] }).Series[0];
        Assert.Equal((level, result), (status.Level.ToString(), status.Result));
    }

    [Fact]
    public void A_backup_that_never_ran_is_a_warning()
    {
        var status = Of(Daily, new BackupState { Version = 2 });
        Assert.Equal((StatusLevel.Warning, "never ran", "now", 0),
            (status.Level, status.Series[0].Result, StatusTable.Due(status.Series[0], Now), status.Series[0].Archives));
    }

    [Fact]
    public void Held_pruning_and_a_lost_run_are_warnings()
    {
        var state = State("good", 1);
        var retention = new RetentionSettings([("daily", "7")], "web-*", CompactWhen.Auto, Adopt: false);
        var held = state with { Repositories = [new("/srv/borg", state.Repositories[0].Memory with { IsPruneHeld = true })] };
        var prunes = Daily with { Repositories = [Daily.Repositories[0] with { Retention = retention }] };
        Assert.Equal((StatusLevel.Warning, "OK, prune held"), (Of(prunes, held).Level, Of(prunes, held).Series[0].Result));
        var lost = Of(Daily, state with { RunInProgress = new() { StartedAt = Now.AddHours(-1) } });
        Assert.Equal((StatusLevel.Warning, "never reported", "the run of 2026-05-10 11:00Z never reported: it was killed, or the power failed"),
            (lost.Level, lost.Series[0].Result, Assert.Single(lost.Causes)));
        var running = BackupStatus.Of(Daily, state with { RunInProgress = new() { StartedAt = Now.AddHours(-1) } }, isRunning: true, "web.ini", Now);
        Assert.Equal((StatusLevel.Ok, "running"), (running.Level, running.Series[0].Result));
    }

    [Fact]
    public void A_repository_is_not_blamed_for_another()
    {
        RepositorySettings[] both = [Samples.Repository with { Name = "nas", Location = "/nas" }, Samples.Repository with { Name = "usb", Location = "/usb" }];
        Problem[] problems = [new("usb: borg create exited with code 2")];
        var report = new RunReport
        {
            Backup = "web",
            StartedAt = Now.AddHours(-1),
            Problems = problems,
            Repositories =
            [
                new RepositoryReport { Name = "nas", Location = "/nas" }.With(Samples.Create(0), Now.AddHours(-1)),
                new RepositoryReport { Name = "usb", Location = "/usb" }.With(Samples.Step(StepKind.Create, 2), Now.AddHours(-1)),
            ],
        };
        Assert.Equal(["OK", "FAILED"], Results(report));
        // What concerns the whole run concerns each of them.
        Assert.Equal(["problems", "problems"], Results(report with
        {
            Problems = [new("postexec 1 exited with code 3") { IsFault = true }],
            Repositories = [report.Repositories[0], report.Repositories[0] with { Name = "usb", Location = "/usb" }],
        }));

        IEnumerable<string> Results(RunReport last) =>
            Of(Daily with { Repositories = both }, new BackupState { Version = 2, LastReport = last }).Series.Select(series => series.Result);
    }

    [Theory]
    // Days since the last check and the last drill, and how they ended.
    [InlineData(1.0, 0, 1.0, 0, "Ok", "OK")]
    [InlineData(1.0, 1, 1.0, 0, "Critical", "OK, DAMAGED")]
    [InlineData(1.0, 0, 1.0, 2, "Critical", "OK, restore FAILED")]
    [InlineData(61.0, 0, 1.0, 0, "Warning", "OK, check overdue")]
    [InlineData(null, 0, 1.0, 0, "Warning", "OK, check overdue")]
    [InlineData(1.0, 0, 15.0, 0, "Warning", "OK, restore overdue")]
    [InlineData(59.0, 0, 13.0, 0, "Ok", "OK")]
    public void Says_what_checks_and_restore_drills_have_shown(
        double? check, int checkCode, double? drill, int drillCode, string level, string result)
    {
        var state = State("good", 1);
        state = state with
        {
            Repositories = [new("/srv/borg", state.Repositories[0].Memory with
            {
                FirstRun = Now.AddDays(-100),
                LastCheck = check is { } days ? new(Now.AddDays(-days), checkCode, TimeSpan.Zero) : null,
                LastRestore = drill is { } since ? new(Now.AddDays(-since), drillCode, null) : null,
            })],
        };
        var settings = CheckSettings.None with { Every = TimeSpan.FromDays(30), RestoreEvery = TimeSpan.FromDays(7) };
        var status = Assert.Single(Of(Daily with { Check = settings }, state).Series);
        Assert.Equal((level, result), (status.Level.ToString(), status.Result));
        // Nothing is overdue that is not meant to be done; damage is damage.
        Assert.Equal(level == "Warning" ? "Ok" : level, Of(Daily, state).Level.ToString());
    }

    [Fact]
    public void A_run_that_was_lost_is_the_last_one_of_the_list()
    {
        var state = State("good", 5) with { RunInProgress = new() { StartedAt = Now.AddHours(-1) }, Runs = [new() { StartedAt = Now.AddHours(-5) }] };
        Assert.Equal([Now.AddHours(-5), Now.AddHours(-1)], Of(Daily, state).Runs.Select(run => run.StartedAt));
        Assert.Single(BackupStatus.Of(Daily, state, isRunning: true, "web.ini", Now).Runs);
    }

    [Fact]
    public void How_many_archives_exist_is_known_since_the_state_lists_them()
    {
        var state = State("good", 1);
        Assert.Null(Of(Daily, state).Series[0].Archives);
        var known = state with
        {
            Repositories = [new("/srv/borg", state.Repositories[0].Memory with { Archives = [new("web-1", null), new("web-2", null)] })],
        };
        Assert.Equal(2, Of(Daily, known).Series[0].Archives);
    }

    [Theory]
    [InlineData("Failure", "Critical", "skipped, FAILED before")]
    [InlineData("Misconfigured", "Critical", "skipped, FAILED before")]
    [InlineData("Success", "Ok", "skipped")]
    [InlineData("Warning", "Ok", "skipped")]
    public void A_run_that_was_skipped_does_not_hide_a_failure(string before, string level, string result)
    {
        var skipped = new PastRun { StartedAt = Now.AddHours(-1), Outcome = Outcome.Skipped };
        var state = State("skipped", 10) with
        {
            Runs = [new() { StartedAt = Now.AddHours(-3), Outcome = Enum.Parse<Outcome>(before) }, skipped, skipped],
        };
        var status = Assert.Single(Of(Daily, state).Series);
        Assert.Equal((level, result), (status.Level.ToString(), status.Result));
    }

    private static BackupStatus Of(BackupConfiguration configuration, BackupState state) => BackupStatus.Of(configuration, state, isRunning: false, "web.ini", Now);

    private static BackupState State(string lastRun, int? hoursSinceSuccess)
    {
        var time = Now.AddHours(-hoursSinceSuccess ?? -1);
        var report = Samples.Report(lastRun switch
        {
            "good" => [Samples.Create(0)],
            "warned" => [Samples.Create(1)],
            "failed" => [Samples.Step(StepKind.Create, 2)],
            _ => [],
        }) with
        {
            StartedAt = time,
            Ending = lastRun switch { "skipped" => RunEnding.Skipped, "misconfigured" => RunEnding.Misconfigured, _ => RunEnding.Completed },
            Signal = lastRun == "interrupted" ? 15 : null,
            Problems = lastRun != "failed" ? [] :
                [new Problem("a warning") { Severity = LogLevel.Warning }, new Problem("borg create exited with code 2")],
        };
        return new BackupState
        {
            Version = 2,
            LastReport = report,
            Repositories = [new("/srv/borg", new() { LastSuccess = hoursSinceSuccess is null ? null : time })],
        };
    }
}
