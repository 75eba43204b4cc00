using Assimilator.State;

namespace Assimilator.Tests.Unit;

public sealed class StateFileTests
{
    private static readonly BackupState Full = new()
    {
        Version = 1,
        LastSuccess = new DateTimeOffset(2026, 1, 31, 2, 30, 0, TimeSpan.Zero).AddTicks(1234560),
        LastArchive = new ArchiveState
        {
            Name = "wéb-\"1\"",
            OriginalSize = 9007199254740993,
            CompressedSize = 2,
            Nfiles = 0,
        },
        RunInProgress = new RunState { StartedAt = new(2026, 2, 1, 2, 30, 0, TimeSpan.Zero) },
        InterruptedRuns = 2,
        WarnedRuns = 0,
        ConfigurationFile = "/etc/assimilator.ini",
        PruneScope = new PruneScope { Location = "/srv/borg", RepositoryId = "f3", GlobArchives = "web-[0-9]" },
    };

    private const string FullText =
        """
        {
          "version": 1,
          "last_success": "2026-01-31T02:30:00.123456+00:00",
          "last_archive": {
            "name": "w\u00E9b-\u00221\u0022",
            "original_size": 9007199254740993,
            "compressed_size": 2,
            "nfiles": 0
          },
          "run_in_progress": {
            "started_at": "2026-02-01T02:30:00+00:00"
          },
          "interrupted_runs": 2,
          "warned_runs": 0,
          "configuration_file": "/etc/assimilator.ini",
          "prune_scope": {
            "location": "/srv/borg",
            "repository_id": "f3",
            "glob_archives": "web-[0-9]"
          }
        }
        """;

    [Fact]
    public void Writes_what_earlier_versions_wrote()
    {
        Assert.Equal(FullText, Written(Full));
        Assert.Equal("{\n  \"version\": 1\n}", Written(new BackupState { Version = 1 }));
        Assert.Equal(
            "{\n  \"version\": 1,\n  \"last_archive\": {}\n}",
            Written(new BackupState { Version = 1, LastArchive = new ArchiveState() }));
    }

    [Fact]
    public void Reads_what_it_writes() => Assert.Equal((Full, null), StateFile.Parse(FullText, "/state"));

    [Theory]
    [InlineData("""{"version": 1}""")]
    [InlineData("""{"last_success": null, "last_archive": null, "run_in_progress": null, "version": 1, "warned_runs": null}""")]
    [InlineData("""{"version": 2, "further": [{"a": 1}, "b"], "prune_scope": null, "version": 1, "Last_Success": 3}""")]
    public void Reads_what_is_there(string text) =>
        Assert.Equal((new BackupState { Version = 1 }, null), StateFile.Parse(text, "/state"));

    [Fact]
    public void Reads_an_archive_of_which_little_is_known() => Assert.Equal(
        new ArchiveState { DeduplicatedSize = 7 },
        StateFile.Parse("""{"version": 1, "last_archive": {"deduplicated_size": 7, "name": null}}""", "/state").State!.LastArchive);

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version": 1""")]
    [InlineData("""{"version": 1,}""")]
    [InlineData("""{"version": 1} x""")]
    [InlineData("""{"version": 1.5}""")]
    [InlineData("""{"version": "1"}""")]
    [InlineData("""{"version": null}""")]
    [InlineData("""{"version": 4294967297}""")]
    [InlineData("""{"version": 1, "last_success": 1}""")]
    [InlineData("""{"version": 1, "last_success": "yesterday"}""")]
    [InlineData("""{"version": 1, "last_archive": 1}""")]
    [InlineData("""{"version": 1, "last_archive": {"name": 1}}""")]
    [InlineData("""{"version": 1, "last_archive": {"name": "\ud800"}}""")]
    [InlineData("""{"version": 1, "last_archive": {"nfiles": 1e99}}""")]
    [InlineData("""{"version": 1, "run_in_progress": {"started_at": null}}""")]
    [InlineData("""{"version": 1, "interrupted_runs": -1.5}""")]
    [InlineData("""{"version": 1, "configuration_file": {}}""")]
    [InlineData("""{"version": 1, "prune_scope": "/srv/borg"}""")]
    public void Believes_nothing_of_a_state_that_is_torn(string text) =>
        Assert.Equal((null, "/state is torn, or not ours"), StateFile.Parse(text, "/state"));

    [Theory]
    [InlineData("null", 0)]
    [InlineData("""{"version": 2, "last_success": "2026-01-31T02:30:00Z"}""", 2)]
    public void Leaves_a_state_of_another_version_alone(string text, int version) =>
        Assert.Equal((null, $"/state is of version {version}, this program knows 1"), StateFile.Parse(text, "/state"));

    private static string Written(BackupState state)
    {
        var directory = Directory.CreateTempSubdirectory("assimilator-state-");
        try
        {
            Assert.Null(new StateFile(directory.FullName, "b").Write(state));
            return File.ReadAllText(Path.Combine(directory.FullName, "b.json"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
