using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class RunReportTests
{
    private static readonly RunReport Success = Samples.Report(
        Samples.Create(0), Samples.Step(StepKind.Prune, 0), Samples.Step(StepKind.Compact, 0)) with
    {
        Preexec = ScriptsResult.None,
        Postexec = ScriptsResult.None,
    };

    private static readonly Problem Fault = new("x") { IsFault = true };

    [Fact]
    public void Everything_succeeded() => Check(Success, Outcome.Success, 0);

    [Fact]
    public void Scripts_that_are_not_configured_are_no_problem() =>
        Check(Success with { Preexec = null, Postexec = null }, Outcome.Success, 0);

    [Fact]
    public void What_one_series_knows_about_the_repository_the_others_in_there_know_too()
    {
        var now = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        RepositoryReport Series(string location, string? stream) =>
            new() { Location = location, Stream = stream, Memory = new() { LastSuccess = now.AddDays(-1), Hold = new(now, stream ?? "") } };
        var report = Success with { Repositories = [Series("/a", null), Series("/a", "x"), Series("/b", null)] };
        var damaged = report.Repositories[1].With(
            Samples.Step(StepKind.Check, 1) with { Check = new(IsLast: true, HasReachedEnd: true, VerifiedData: false) }, now);
        var after = report.With(damaged);
        Assert.Equal([now, now, null], after.Repositories.Select(one => one.Memory.DamagedSince));
        Assert.Equal([1, 1, null], after.Repositories.Select(one => one.Memory.LastCheck?.ReturnCode));
        Assert.Equal(["", "x", ""], after.Repositories.Select(one => one.Memory.Hold!.Reason));
        Assert.Equal(["/a", "/a"], after.SeriesIn("/a").Select(one => one.Location));
        Assert.Equal([true, false, true], after.Repositories.Select(after.IsFirstInRepository));
    }

    [Fact]
    public void Nothing_ran() => Check(Samples.Report(), Outcome.Failure, 2);

    [Fact]
    public void Without_an_archive_the_run_failed() => Check(Samples.Report(Samples.Step(StepKind.Create, 1)), Outcome.Failure, 2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(107)]
    [InlineData(137)]
    public void Any_other_failure_makes_it_1(int returnCode)
    {
        var scripts = new ScriptsResult(returnCode, TimeSpan.Zero);
        Check(Success with { Preexec = scripts }, Outcome.Warning, 1);
        Check(Success with { Postexec = scripts }, Outcome.Warning, 1);
        Check(Samples.Report(Samples.Create(0), Samples.Step(StepKind.Prune, returnCode)), Outcome.Warning, 1);
        Check(Samples.Report() with { Preexec = scripts }, Outcome.Failure, 2);
    }

    [Fact]
    public void A_warning_of_create_makes_it_1() => Check(Samples.Report(Samples.Create(107)), Outcome.Warning, 1);

    [Fact]
    public void A_timeout_makes_it_1() =>
        Check(Samples.Report(Samples.Create(0), Samples.Step(StepKind.Prune, 0) with { TimedOut = true }), Outcome.Warning, 1);

    [Fact]
    public void Unreadable_output_makes_it_1() =>
        Check(Samples.Report(Samples.Create(0) with { UnreadableOutput = "x" }), Outcome.Warning, 1);

    [Fact]
    public void A_fault_that_no_return_code_shows_makes_it_1()
    {
        Check(Success with { Problems = [Fault] }, Outcome.Warning, 1);
        Check(Success with { Problems = [Fault with { IsFault = false }] }, Outcome.Success, 0);
        Check(Samples.Report() with { Problems = [Fault] }, Outcome.Failure, 2);
    }

    [Fact]
    public void Every_repository_needs_its_archive() => Check(
        Success with { Repositories = [.. Success.Repositories, new() { Location = "/other" }] }, Outcome.Failure, 2);

    [Fact]
    public void A_skipped_run_is_no_failure() => Check(
        Samples.Report() with { Ending = RunEnding.Skipped, Problems = [Fault] }, Outcome.Skipped, 75);

    [Theory]
    [InlineData(1, 129)]
    [InlineData(15, 143)]
    public void A_signal_outweighs_every_step(int signal, int exitCode)
    {
        Check(Success with { Signal = signal }, Outcome.Interrupted, exitCode);
        Check(Samples.Report() with { Signal = signal, Ending = RunEnding.Skipped }, Outcome.Interrupted, exitCode);
    }

    [Fact]
    public void A_wrong_configuration_outweighs_everything() =>
        Check(Success with { Ending = RunEnding.Misconfigured, Signal = 15 }, Outcome.Misconfigured, 78);

    [Theory]
    [InlineData(0, 4, 0)]
    [InlineData(1, 4, 5)]
    [InlineData(1, null, null)]
    public void Counts_runs_with_problems(int returnCode, int? earlier, int? expected) => Assert.Equal(
        expected, (Samples.Report(Samples.Create(returnCode)) with { EarlierWarnedRuns = earlier }).WarnedRuns);

    [Fact]
    public void A_run_without_an_archive_does_not_count_as_one_with_problems() =>
        Assert.Equal(4, (Samples.Report() with { EarlierWarnedRuns = 4 }).WarnedRuns);

    [Theory]
    [InlineData(10, 20, 20)]
    [InlineData(20, 10, 20)]
    [InlineData(null, 10, 10)]
    public void The_last_success_never_moves_back(int? last, int now, int expected)
    {
        var repository = new RepositoryReport
        {
            Location = "/r",
            Memory = new() { LastSuccess = last is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null },
        };
        Assert.Equal(expected, repository.With(Samples.Create(0), DateTimeOffset.FromUnixTimeSeconds(now)).LastSuccess?.ToUnixTimeSeconds());
        Assert.Equal(
            repository.LastSuccess, repository.With(Samples.Step(StepKind.Create, 2), DateTimeOffset.UnixEpoch).LastSuccess);
    }

    private static void Check(RunReport report, Outcome outcome, int exitCode)
    {
        Assert.Equal(outcome, report.Outcome);
        Assert.Equal(exitCode, report.ExitCode);
    }

    [Theory]
    // What the state has, whether the repository was absent or left out, whether there is an archive.
    [InlineData(2, false, false, false, 3)]
    [InlineData(2, false, false, true, 0)]
    [InlineData(2, true, false, false, 2)]
    [InlineData(2, false, true, false, 2)]
    [InlineData(null, false, false, false, null)]
    public void Runs_that_were_to_make_an_archive_and_did_not_are_counted(int? before, bool isAbsent, bool isLeftOut, bool hasArchive, int? expected) =>
        Assert.Equal(expected, (Samples.Report(hasArchive ? Samples.Create(0) : Samples.Step(StepKind.Create, 2)).Repositories[0] with
        {
            IsAbsent = isAbsent,
            IsLeftOut = isLeftOut,
            Memory = new() { RunsWithoutArchive = before },
        }).RunsWithoutArchive);

    [Theory]
    [InlineData(false, null, "a1", true)]
    [InlineData(true, "a1", "a1", false)]
    [InlineData(true, "a1", "b2", true)]
    // A borg that reports no id, or did not then.
    [InlineData(true, "a1", null, false)]
    [InlineData(true, null, "a1", false)]
    public void The_first_archive_of_a_repository_is_known_as_such(bool hadArchive, string? idBefore, string? id, bool isFirst)
    {
        var before = Samples.Report().Repositories[0] with
        {
            Memory = new() { Id = idBefore, LastSuccess = hadArchive ? DateTimeOffset.UnixEpoch : null },
        };
        var create = Samples.Create(0) with { Archive = Samples.Archive with { RepositoryId = id } };
        Assert.Equal(isFirst, before.With(create, DateTimeOffset.UnixEpoch.AddDays(1)).IsFirstArchive);
    }
}
