using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class RepositoryReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Earlier = Now.AddDays(-30);

    private static readonly RepositoryReport Damaged = new()
    {
        Location = "/srv/borg",
        Memory = new() { LastCheck = new(Earlier, 1, TimeSpan.FromMinutes(1)), DamagedSince = Earlier },
    };

    private static readonly CheckFacts Whole = new(IsLast: true, HasReachedEnd: true, VerifiedData: false);

    [Fact]
    public void A_clean_check_that_read_all_data_ends_damage()
    {
        var memory = Damaged.With(Check(0, Whole with { VerifiedData = true }), Now).Memory;
        Assert.Equal((Now, 0, Now, null), (memory.LastCheck!.EndedAt, memory.LastCheck.ReturnCode, memory.LastVerifyData, memory.DamagedSince));
    }

    [Fact]
    public void A_clean_check_that_read_less_does_not() => Assert.Equal(Earlier, Damaged.With(Check(0, Whole), Now).Memory.DamagedSince);

    [Fact]
    public void Damage_is_as_old_as_the_first_sign_of_it()
    {
        var memory = Damaged.With(Check(1, Whole), Now).Memory;
        Assert.Equal((Now, 1, Earlier), (memory.LastCheck!.EndedAt, memory.LastCheck.ReturnCode, memory.DamagedSince));
    }

    [Theory]
    [InlineData(null, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(-1, 0, true)]
    public void Damage_that_a_neighbour_found_counts_until_this_backup_has_verified_all_data(int? verifiedAfterDays, int returnCode, bool isDamaged)
    {
        var verified = verifiedAfterDays is { } days ? Earlier.AddDays(days) : (DateTimeOffset?)null;
        var report = new RepositoryReport
        {
            Location = "/srv/borg",
            Memory = new() { LastVerifyData = verified, LastCheck = verified is { } at ? new(at, returnCode, TimeSpan.Zero) : null },
            Others = [new("web", "/srv/borg", Damaged.Memory)],
        };
        Assert.Equal(isDamaged ? new RepositoryDamage(Earlier, "web") : null, report.Damage);
        // Its own damage only its own check ends, but it is told.
        var neighbour = new Neighbour("mail", "/srv/borg", report.Memory);
        Assert.Equal(isDamaged ? null : "mail", (Damaged with { Others = [neighbour] }).Damage!.ClearedBy);
    }

    [Fact]
    public void Neighbours_are_in_the_same_repository_by_its_id_or_location()
    {
        Assert.NotNull(Held("/srv/borg", null, "1"));
        Assert.NotNull(Held("/mnt/borg", "1", "1"));
        Assert.Null(Held("/mnt/borg", "2", "1"));
        Assert.Null(Held("/mnt/borg", null, null));

        static Neighbour? Held(string location, string? id, string? own) => new RepositoryReport
        {
            Location = "/srv/borg",
            Memory = new() { Id = own },
            Others = [new("web", location, new() { Id = id, Hold = new(Now, "gone") })],
        }.HeldNeighbour;
    }

    [Fact]
    public void A_part_of_a_check_counts_only_if_it_finds_damage()
    {
        var part = Whole with { IsLast = false };
        var fresh = Damaged with { Memory = new() };
        Assert.Null(fresh.With(Check(0, part), Now).Memory.LastCheck);
        Assert.Equal(1, fresh.With(Check(1, part), Now).Memory.LastCheck!.ReturnCode);
        // The parts of one run are one check.
        Assert.Equal(TimeSpan.FromSeconds(4), fresh.With(Check(0, part), Now).With(Check(0, Whole), Now).Memory.LastCheck!.Duration);
    }

    [Theory]
    [InlineData(2, "NotOpened", false)]
    [InlineData(73, "NotOpened", false)]
    [InlineData(2, "Unreachable", false)]
    [InlineData(2, "Disconnected", false)]
    [InlineData(2, "OutOfSpace", false)]
    [InlineData(143, null, true)]
    [InlineData(137, null, false)]
    public void What_ended_before_it_knew_changes_nothing(int returnCode, string? failure, bool wasTerminated)
    {
        foreach (var kind in new[] { StepKind.Check, StepKind.Restore })
        {
            var step = Samples.Step(kind, returnCode) with
            {
                Failure = failure is null ? null : Enum.Parse<BorgFailure>(failure),
                WasTerminated = wasTerminated,
            };
            Assert.Equal(Damaged.Memory, Damaged.With(step, Now).Memory);
        }
    }

    [Theory]
    [InlineData(20, 0, 0, 0, false)]
    [InlineData(19, 0, 1, 2, true)]
    // Either of the two may be what was damaged.
    [InlineData(19, 1, 0, 1, false)]
    public void A_file_that_cannot_be_read_is_damage(int verified, int differing, int unreadable, int returnCode, bool isDamaged)
    {
        var facts = new RestoreFacts(verified, 0, unreadable, differing);
        var memory = new RepositoryReport { Location = "/srv/borg" }.With(Samples.Step(StepKind.Restore, returnCode) with { Restore = facts }, Now).Memory;
        Assert.Equal(new RestoreMemory(Now, returnCode, facts), memory.LastRestore);
        Assert.Equal(isDamaged ? Now : (DateTimeOffset?)null, memory.DamagedSince);
    }

    [Fact]
    public void An_archive_whose_files_cannot_be_listed_is_damage() =>
        Assert.Equal(Now, new RepositoryReport { Location = "/srv/borg" }.With(Samples.Step(StepKind.Restore, 2), Now).Memory.DamagedSince);

    [Fact]
    public void What_another_repository_was_like_is_forgotten()
    {
        var create = Samples.Create(0) with { Archive = Samples.Archive with { RepositoryId = "new" } };
        var memory = (Damaged with { Memory = Damaged.Memory with { Id = "old" } }).With(create, Now).Memory;
        Assert.Equal((null, null), (memory.LastCheck, memory.DamagedSince));
        Assert.Equal(Earlier, (Damaged with { Memory = Damaged.Memory with { Id = "new" } }).With(create, Now).Memory.DamagedSince);
    }

    private static StepResult Check(int returnCode, CheckFacts facts) => Samples.Step(StepKind.Check, returnCode, seconds: 2) with { Check = facts };
}
