using Assimilator.Report;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

public sealed class PrunePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RepositoryReport Repository = new RepositoryReport { Location = "/r" }.With(
        Samples.Step(StepKind.Create, 0) with { Archive = new() { Name = "web-3", Id = "a3", RepositoryId = "r1" } }, Now);

    [Fact]
    public void Has_no_objection_after_a_good_archive() => Assert.Null(WhyNot(Repository));

    [Theory]
    [InlineData("no files")]
    [InlineData("found afterwards")]
    [InlineData("a source was not read")]
    [InlineData("borg could not read a source")]
    [InlineData("the clock is behind")]
    [InlineData("held")]
    [InlineData("another backup prunes the same")]
    public void Prunes_nothing_when(string what)
    {
        var repository = what switch
        {
            "no files" => Created(archive => archive with { Stats = new() { Nfiles = 0 } }),
            "found afterwards" => Created(archive => archive with { IsLookedUp = true }),
            "borg could not read a source" => Repository with { Steps = [Repository.Steps[0] with { UnreadPaths = ["/etc"] }] },
            "held" => Repository with { Memory = Repository.Memory with { Hold = new(Now, "gone") } },
            _ => Repository,
        };
        var problem = PrunePolicy.WhyNot(repository, Now, what == "the clock is behind" ? Now.AddSeconds(1) : Now.AddDays(-1),
            hasReadSources: what != "a source was not read",
            what == "another backup prunes the same" ? ["mail (/etc/mail.ini)"] : [], "assimilator prune");
        Assert.True(problem is { IsFault: true }, what);
    }

    [Theory]
    [InlineData("r1", "web-*", true)]
    [InlineData("r2", "web-*", false)]
    [InlineData("r1", "web*", false)]
    [InlineData(null, "web-*", false)]
    public void Consent_is_for_one_repository_and_one_pattern(string? repositoryId, string pattern, bool expected) => Assert.Equal(
        expected, PrunePolicy.HasConsent(Repository with { Memory = Repository.Memory with { Consent = new(repositoryId, pattern) } }, "web-*"));

    [Theory]
    [InlineData("web-1:a1 web-2:a2 web-3:a3", "", "good")]
    [InlineData("web-3:a3 web-2:a2", "web-1:a1", "good")]
    [InlineData("web-3:a3 web-2:a2", "", "gone web-1")]
    [InlineData("web-1:a1 web-2:a2", "web-3:a3", "own deleted")]
    [InlineData("web-1:a1 web-2:a2", "", "gone web-3")]
    [InlineData("web-1:a1 web-2:a2 web-3:a3", "web-0:b0", "foreign web-0")]
    [InlineData("web-1:a1 web-2:a2 web-3:a3 web-9:b9", "", "foreign web-9")]
    // A name is not enough: somebody made it again, or repaired it.
    [InlineData("web-1:b1 web-2:a2 web-3:a3", "", "rewritten web-1")]
    [InlineData("web-1:b1 web-3:a3 web-4:b4", "web-1:b1", "gone web-2, foreign web-4, rewritten web-1")]
    public void Judges_what_was_listed(string kept, string deleted, string expected)
    {
        var repository = Repository with { Memory = Repository.Memory with { Archives = Archives("web-1:a1 web-2:a2 web-3:a3") } };
        var verdict = PrunePolicy.Judge(new PruneFacts { Kept = Archives(kept), Deleted = Archives(deleted) }, repository);
        var parts = new List<string>();
        if (verdict.IsOwnDeleted)
            parts.Add("own deleted");
        if (verdict.Vanished.Count > 0)
            parts.Add($"gone {Pruning.Names(verdict.Vanished)}");
        if (verdict.Foreign.Count > 0)
            parts.Add($"foreign {Pruning.Names(verdict.Foreign)}");
        if (verdict.Rewritten.Count > 0)
            parts.Add($"rewritten {Pruning.Names(verdict.Rewritten)}");
        Assert.Equal(expected, parts.Count == 0 ? "good" : string.Join(", ", parts));
        Assert.Equal(expected == "good", verdict.IsGood);
    }

    [Fact]
    public void Goes_by_the_name_of_what_has_no_id() => Assert.True(PrunePolicy.Judge(
        new PruneFacts { Kept = Archives("web-1:a1 web-3:a3") },
        Repository with { Memory = Repository.Memory with { Archives = [new("web-1", null), new("web-3", "a3")] } }).IsGood);

    private static RepositoryReport Created(Func<ArchiveFacts, ArchiveFacts> change) =>
        Repository with { Steps = [Repository.Steps[0] with { Archive = change(Repository.Archive!) }] };

    private static Terminal.Problem? WhyNot(RepositoryReport repository) =>
        PrunePolicy.WhyNot(repository, Now, Now.AddDays(-1), hasReadSources: true, [], "assimilator prune");

    private static List<ArchiveReference> Archives(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => new ArchiveReference(item.Split(':')[0], item.Split(':')[1]))];
}
