using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

public sealed class PlanTests
{
    private static readonly BorgDialect Borg12 = BorgDialect.Of("1.2.4");

    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RetentionSettings Retention = new([("daily", "7")], "web-*", CompactWhen.Auto, Adopt: false);

    private static readonly RepositoryReport Fresh = new() { Location = "/srv/borg", Memory = new() { LastCompact = Now.AddDays(-1) } };

    private static readonly PruneFacts Deleted = new() { Deleted = [new("web-1", null)] };

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void Prunes_with_retention_where_it_is_not_left_to_others(bool hasRetention, bool appendOnly, bool expected) =>
        Assert.Equal(expected, Plan.Prunes(
            Samples.Repository with { Retention = hasRetention ? Retention : null, AppendOnly = appendOnly }));

    [Theory]
    [InlineData(0, "1.2.4", true)]
    [InlineData(1, null, true)]
    [InlineData(2, "1.2.4", false)]
    [InlineData(0, "1.1.17", false)]
    public void Compacts_after_a_prune_that_did_not_fail(int returnCode, string? version, bool expected) => Assert.Equal(
        expected, Plan.MayCompact(
            [After(Samples.Step(StepKind.Create, 0), Samples.Step(StepKind.Prune, returnCode) with { Prune = Deleted })], CompactWhen.Auto, Now,
            BorgDialect.Of(version)));

    [Theory]
    [InlineData("auto", "deleted", 1, true)]
    [InlineData("auto", "unknown", 1, true)]
    [InlineData("auto", "nothing", 1, false)]
    [InlineData("auto", "nothing", 30, true)]
    [InlineData("auto", "dry run", 1, false)]
    [InlineData("always", "nothing", 1, true)]
    [InlineData("never", "deleted", 31, false)]
    public void Compacts_when_it_is_time(string when, string pruned, int daysAgo, bool expected)
    {
        var facts = pruned switch
        {
            "deleted" => Deleted,
            "nothing" => new PruneFacts(),
            "dry run" => Deleted with { IsDryRun = true },
            _ => null,
        };
        var repository = After(Samples.Step(StepKind.Create, 0), Samples.Step(StepKind.Prune, 0) with { Prune = facts })
            with
        { Memory = new() { LastCompact = Now.AddDays(-daysAgo) } };
        Assert.Equal(expected, MayCompact(repository, Enum.Parse<CompactWhen>(when, ignoreCase: true)));
    }

    [Fact]
    public void Compacts_nothing_without_a_prune() => Assert.False(MayCompact(Fresh));

    [Fact]
    public void Compacts_nothing_while_pruning_is_held() => Assert.False(MayCompact(
        After(Samples.Step(StepKind.Create, 0), Samples.Step(StepKind.Prune, 0) with { Prune = Deleted })
            with
        { Memory = new() { IsPruneHeld = true } }, CompactWhen.Always));

    [Theory]
    [InlineData("OutOfSpace", false, false, "Auto", "1.2.4", true)]
    [InlineData("OutOfSpace", false, false, "Never", "1.2.4", false)]
    [InlineData("OutOfSpace", true, false, "Auto", "1.2.4", false)]
    [InlineData("OutOfSpace", false, true, "Auto", "1.2.4", false)]
    [InlineData("OutOfSpace", false, false, "Auto", "1.1.16", false)]
    [InlineData("Unreachable", false, false, "Auto", "1.2.4", false)]
    [InlineData(null, false, false, "Auto", "1.2.4", false)]
    public void Makes_room_once_where_that_hides_nothing(
        string? failure, bool appendOnly, bool isHeld, string when, string version, bool expected) => Assert.Equal(
            expected, MayCompactForSpace(
                After(Samples.Step(StepKind.Create, 2) with { Failure = failure is null ? null : Enum.Parse<BorgFailure>(failure) })
                    with
                { Memory = new() { Hold = isHeld ? new(Now, "gone") : null } },
                Samples.Repository with { Retention = Retention with { Compact = Enum.Parse<CompactWhen>(when) }, AppendOnly = appendOnly },
                BorgDialect.Of(version)));

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(2, null, true)]
    [InlineData(137, null, true)]
    [InlineData(2, "NotOpened", false)]
    [InlineData(2, "Unreachable", false)]
    public void Looks_for_an_archive_after_an_error_that_may_have_come_late(int returnCode, string? failure, bool expected) =>
        Assert.Equal(expected, Plan.MayHaveArchive(
            After(Samples.Step(StepKind.Create, returnCode) with { Failure = failure is null ? null : Enum.Parse<BorgFailure>(failure) })));

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public void Looks_for_no_archive_of_a_command_that_failed(int returnCode, bool expected) => Assert.Equal(expected, Plan.MayHaveArchive(
        After(Samples.Step(StepKind.Stream, returnCode), Samples.Step(StepKind.Create, 143))));

    [Theory]
    // every, verify_data_every; days since the first run, the last check and the last verification; what is due.
    [InlineData(30, null, 1.0, null, null, "")]
    [InlineData(30, null, 31.0, null, null, "check")]
    [InlineData(30, null, 90.0, 1.0, null, "")]
    // A few hours early is in time, a day is not.
    [InlineData(30, null, 90.0, 29.6, null, "check")]
    [InlineData(30, null, 90.0, 29.4, null, "")]
    [InlineData(null, 180, 179.0, 1.0, null, "")]
    [InlineData(null, 180, 181.0, 1.0, null, "verify")]
    [InlineData(30, 180, 400.0, 31.0, 100.0, "check")]
    [InlineData(30, 180, 400.0, 1.0, 181.0, "verify")]
    // The clock was wrong.
    [InlineData(30, null, 400.0, -100.0, null, "check")]
    // Nothing is known of the first run.
    [InlineData(30, 180, null, null, null, "")]
    [InlineData(null, null, 400.0, null, null, "")]
    public void A_check_is_due_by_what_is_remembered(int? every, int? verify, double? firstRun, double? check, double? verification, string expected)
    {
        var memory = new RepositoryMemory
        {
            FirstRun = DaysAgo(firstRun),
            LastCheck = check is null ? null : new(DaysAgo(check)!.Value, 0, TimeSpan.Zero),
            LastVerifyData = DaysAgo(verification),
        };
        var settings = CheckSettings.None with { Every = Days(every), VerifyDataEvery = Days(verify) };
        Assert.Equal(expected, Plan.Check(Fresh with { Memory = memory }, settings, Now, isWanted: false, Borg12) switch
        {
            null => "",
            { VerifiesData: true } => "verify",
            _ => "check",
        });
    }

    [Fact]
    public void A_check_is_bounded_unless_there_is_a_sign_of_damage()
    {
        var settings = CheckSettings.None with { Every = TimeSpan.FromDays(30), MaxDuration = TimeSpan.FromHours(1) };
        var due = Fresh with { Memory = new() { FirstRun = Now.AddDays(-40) } };
        Assert.Equal(new(false, TimeSpan.FromHours(1)), Plan.Check(due, settings, Now, isWanted: false, Borg12));
        Assert.Equal(new(false, null), Plan.Check(due, settings, Now, isWanted: true, Borg12));
        // Borg 1.1 cannot.
        Assert.Equal(new(false, null), Plan.Check(due, settings, Now, isWanted: false, BorgDialect.Of("1.1.16")));
        var isChecked = Fresh with { Memory = new() { FirstRun = Now.AddDays(-40), LastCheck = new(Now.AddDays(-1), 0, TimeSpan.Zero) } };
        Assert.Null(Plan.Check(isChecked, settings, Now, isWanted: false, Borg12));
        // A drill has met damage since, or borg has rebuilt the index in this run.
        Assert.Equal(new(true, null), Plan.Check(
            isChecked with { Memory = isChecked.Memory with { DamagedSince = Now } }, settings, Now, isWanted: false, Borg12));
        var rebuilt = isChecked with { Steps = [Samples.Step(StepKind.Create, 0) with { HasRebuiltIndex = true }] };
        Assert.Equal(new(false, null), Plan.Check(rebuilt, settings, Now, isWanted: false, Borg12));
        Assert.Null(Plan.Check(rebuilt, null, Now, isWanted: false, Borg12));
        // What the last check has found is not looked for again in every run.
        Assert.Null(Plan.Check(
            isChecked with { Memory = isChecked.Memory with { DamagedSince = Now.AddDays(-1) } }, settings, Now, isWanted: false, Borg12));
    }

    [Theory]
    [InlineData("NotOpened", false)]
    [InlineData("Unreachable", false)]
    [InlineData("Disconnected", false)]
    [InlineData("OutOfSpace", true)]
    [InlineData(null, true)]
    public void A_repository_that_cannot_be_opened_is_not_checked(string? failure, bool expected) => Assert.Equal(expected, Plan.MayCheck(
        [After(Samples.Step(StepKind.Create, 2) with { Failure = failure is null ? null : Enum.Parse<BorgFailure>(failure) })]));

    [Fact]
    public void A_repository_is_checked_if_any_series_found_it_open()
    {
        var closed = After(Samples.Step(StepKind.Create, 2) with { Failure = BorgFailure.NotOpened });
        Assert.False(Plan.MayCheck([closed, Fresh, Fresh with { IsAbsent = true }]));
        Assert.True(Plan.MayCheck([closed, After(Samples.Step(StepKind.Create, 0))]));
        // Borg was not even started.
        Assert.True(Plan.MayCheck([After(Samples.Step(StepKind.Stream, 3))]));
        Assert.False(Plan.MayCheck([After(
            Samples.Step(StepKind.Stream, 3), Samples.Step(StepKind.Create, 2) with { Failure = BorgFailure.NotOpened })]));
    }

    [Fact]
    public void Compacts_once_all_series_of_a_repository_are_pruned_well()
    {
        var pruned = After(Samples.Step(StepKind.Create, 0), Samples.Step(StepKind.Prune, 0) with { Prune = Deleted });
        var unpruned = After(Samples.Step(StepKind.Stream, 3));
        bool MayCompactAll(params RepositoryReport[] series) => Plan.MayCompact(series, CompactWhen.Auto, Now, Borg12);
        Assert.True(MayCompactAll(unpruned, pruned));
        Assert.False(MayCompactAll(unpruned, unpruned));
        Assert.False(MayCompactAll(pruned, After(Samples.Step(StepKind.Prune, 2))));
        Assert.False(MayCompactAll(pruned, unpruned with { Memory = new() { IsPruneHeld = true } }));
        Assert.False(MayCompactAll(pruned, unpruned with { Memory = new() { DamagedSince = Now } }));
        Assert.False(MayCompactAll(pruned with { Others = [new("web", pruned.Location, new() { Hold = new(Now, "gone") })] }));
        var full = After(Samples.Step(StepKind.Create, 2) with { Failure = BorgFailure.OutOfSpace });
        var settings = Samples.Repository with { Retention = Retention };
        Assert.True(Plan.MayCompactForSpace(full, [full, unpruned], settings, Borg12));
        Assert.False(Plan.MayCompactForSpace(full, [full, unpruned with { Memory = new() { Hold = new(Now, "gone") } }], settings, Borg12));
    }

    [Fact]
    public void Compacts_nothing_that_is_damaged()
    {
        var repository = After(Samples.Step(StepKind.Create, 0), Samples.Step(StepKind.Prune, 0) with { Prune = Deleted })
            with
        { Memory = new() { DamagedSince = Now } };
        Assert.False(MayCompact(repository, CompactWhen.Always));
        Assert.False(MayCompactForSpace(
            After(Samples.Step(StepKind.Create, 2) with { Failure = BorgFailure.OutOfSpace }) with { Memory = new() { DamagedSince = Now } },
            Samples.Repository with { Retention = Retention }));
    }

    private static DateTimeOffset? DaysAgo(double? days) => days is { } number ? Now.AddDays(-number) : null;

    private static TimeSpan? Days(int? days) => days is { } number ? TimeSpan.FromDays(number) : null;

    private static bool MayCompact(RepositoryReport repository, CompactWhen when = CompactWhen.Auto) => Plan.MayCompact([repository], when, Now, Borg12);

    private static bool MayCompactForSpace(RepositoryReport repository, RepositorySettings settings, BorgDialect? dialect = null) =>
        Plan.MayCompactForSpace(repository, [repository], settings, dialect ?? Borg12);

    private static RepositoryReport After(params StepResult[] steps) => Fresh with { Steps = steps };
}
