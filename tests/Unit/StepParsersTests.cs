using System.Text;
using Assimilator.Borg;
using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class StepParsersTests
{
    private const string Json = """{"archive": {"name": "web-1", "stats": {"nfiles": 3}}, "repository": {"id": "f3"}}""";

    [Theory]
    [InlineData(0, Json, false, "web-1", false)]
    [InlineData(1, Json, false, "web-1", false)]
    [InlineData(107, Json, true, "web-1", false)]
    [InlineData(0, "no JSON", false, "", true)]
    [InlineData(0, "", false, "", true)]
    [InlineData(0, """{"archive": {"name": 5}}""", false, "", true)]
    [InlineData(0, "", true, null, false)]
    [InlineData(1, "", false, null, false)]
    [InlineData(127, "no JSON", false, null, false)]
    [InlineData(2, Json, false, null, false)]
    [InlineData(99, Json, false, null, false)]
    [InlineData(137, Json, false, null, false)]
    public void Exit_code_and_json_decide_whether_there_is_an_archive(
        int returnCode, string stdout, bool wasTerminated, string? name, bool isUnreadable)
    {
        var result = Create(returnCode, stdout, wasTerminated);
        Assert.Equal(name, result.Archive is { } archive ? archive.Name ?? "" : null);
        Assert.Equal(isUnreadable, result.UnreadableOutput is not null);
    }

    [Fact]
    public void Takes_the_facts_from_the_json()
    {
        var facts = Create(0, """
            {"archive": {"name": "a", "stats": {"original_size": 1, "compressed_size": 2, "deduplicated_size": 3, "nfiles": 4}},
             "cache": {"stats": {"total_size": 5, "total_csize": 6, "unique_csize": 7, "total_chunks": 8,
             "total_unique_chunks": 9}}, "repository": {"id": "f3"}}
            """).Archive;
        Assert.Equal(
            new ArchiveFacts
            {
                Name = "a",
                RepositoryId = "f3",
                Stats = new() { OriginalSize = 1, CompressedSize = 2, DeduplicatedSize = 3, Nfiles = 4 },
                CacheStats = new()
                {
                    TotalSize = 5,
                    TotalCsize = 6,
                    UniqueCsize = 7,
                    TotalChunks = 8,
                    TotalUniqueChunks = 9,
                },
            },
            facts);
    }

    [Fact]
    public void Output_that_was_cut_is_unreadable() => Assert.NotNull(StepParsers.Create(
        Samples.Step(StepKind.Create, 0), new BorgOutput(Encoding.UTF8.GetBytes(Json), IsTruncated: true, [])).UnreadableOutput);

    [Theory]
    [InlineData(0, "web-2 web-1", "web-0", "web-3.checkpoint")]
    [InlineData(1, "web-2 web-1", "web-0", "web-3.checkpoint")]
    [InlineData(2, null, null, null)]
    [InlineData(137, null, null, null)]
    public void Names_archives_only_of_a_prune_that_did_not_fail(int returnCode, string? kept, string? deleted, string? checkpoints)
    {
        var prune = Prune(returnCode,
            $"Keeping archive (rule: daily #1):        web-2                                Mon, 2026-08-31 01:02:03 [{Id}]",
            $"Keeping archive (rule: daily[oldest] #2):    web-1   Mon, 2026-08-31 01:02:03 +0200 [{Id}]",
            $"Pruning archive (1/2):                   web-0                                Mon, 2026-08-31 01:02:03 [{Id}]",
            $"Pruning archive (2/2):                   web-3.checkpoint                     Mon, 2026-08-31 01:02:03 [{Id}]",
            $"Keeping checkpoint archive:              web-4.checkpoint.1                   Mon, 2026-08-31 01:02:03 [{Id}]");
        Assert.Equal((kept, deleted, checkpoints), (Names(prune?.Kept), Names(prune?.Deleted), Names(prune?.DeletedCheckpoints)));
        Assert.NotEqual(true, prune?.IsDryRun);

        static string? Names(IReadOnlyList<ArchiveReference>? archives) =>
            archives is null ? null : string.Join(' ', archives.Select(archive => archive.Name));
    }

    [Theory]
    [InlineData("Would prune:                             a b                                  Mon, 2026-08-31 01:02:03 [ID]", "a b", true)]
    [InlineData("Pruning archive: x                                    Mon, 2026-08-31 01:02:03 [ID] (1/3)", "x", false)]
    [InlineData("Pruning archive (1/3): x [y] (z): 7   Mon, 2026-08-31 01:02:03 [ID]", "x [y] (z): 7", false)]
    public void Reads_what_each_borg_writes(string line, string name, bool isDryRun)
    {
        var prune = Prune(0, line.Replace("ID", Id, StringComparison.Ordinal))!;
        Assert.Equal(new ArchiveReference(name, Id), Assert.Single(prune.Deleted));
        Assert.Equal(isDryRun, prune.IsDryRun);
    }

    /// <summary>Half of a list would look as if archives had vanished.</summary>
    [Fact]
    public void A_list_with_one_strange_line_is_unreadable() =>
        Assert.Null(Prune(0, $"Pruning archive (1/1): web-0 Mon, 2026-08-31 01:02:03 [{Id}]", "Keeping archive: web"));

    /// <summary>It was perhaps no borg.</summary>
    [Fact]
    public void Counts_nothing_without_a_list() =>
        Assert.Null(StepParsers.Prune(Samples.Step(StepKind.Prune, 0), new BorgOutput(default, false, [])).Prune);

    private const string Id = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static PruneFacts? Prune(int returnCode, params string[] list) =>
        StepParsers.Prune(Samples.Step(StepKind.Prune, returnCode), new BorgOutput(default, false, list)).Prune;

    private static StepResult Create(int returnCode, string stdout, bool wasTerminated = false) => StepParsers.Create(
        Samples.Step(StepKind.Create, returnCode) with { WasTerminated = wasTerminated },
        new BorgOutput(Encoding.UTF8.GetBytes(stdout), IsTruncated: false, []));
}
