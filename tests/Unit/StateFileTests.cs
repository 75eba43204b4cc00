using Assimilator.Report;
using Assimilator.State;

namespace Assimilator.Tests.Unit;

public sealed class StateFileTests
{
    private static readonly BackupState Full = new()
    {
        Version = 2,
        Repositories =
        [
            new("/srv/borg", new()
            {
                Id = "f3",
                LastSuccess = new DateTimeOffset(2026, 1, 31, 2, 30, 0, TimeSpan.Zero).AddTicks(1234560),
                FirstRun = new(2025, 1, 31, 2, 30, 0, TimeSpan.Zero),
                RunsWithoutArchive = 3,
                LastCompact = new(2026, 1, 1, 2, 30, 0, TimeSpan.Zero),
                Pattern = "web-[0-9]",
                Consent = new("f3", "web-[0-9]"),
                Hold = new(new(2026, 1, 2, 2, 30, 0, TimeSpan.Zero), "archives are gone"),
                IsPruneHeld = true,
                Archives = [new("web-1", "a1"), new("web-2", null)],
            }),
        ],
        Sources = [new("/etc", IsEmpty: false, IsMountPoint: true)],
        Archives =
        [
            new()
            {
                StartedAt = new(2026, 1, 31, 2, 30, 0, TimeSpan.Zero),
                Duration = TimeSpan.FromSeconds(1.5),
                Name = "wéb-\"1\"",
                Stats = new() { OriginalSize = 9007199254740993, Nfiles = 0 },
            },
        ],
        Runs =
        [
            new() { StartedAt = new(2026, 1, 30, 2, 30, 0, TimeSpan.Zero) },
            new() { StartedAt = new(2026, 1, 31, 2, 30, 0, TimeSpan.Zero), Duration = TimeSpan.FromSeconds(61.5), Outcome = Outcome.Warning },
        ],
        LastReport = Samples.Report(Samples.Step(StepKind.Prune, 101, 2)) with
        {
            Ending = RunEnding.Skipped,
            Problems = [new("disk full", "make room")],
        },
        RunInProgress = new RunState { StartedAt = new(2026, 2, 1, 2, 30, 0, TimeSpan.Zero) },
        InterruptedRuns = 2,
        WarnedRuns = 0,
        ConfigurationFile = "/etc/assimilator.ini",
        ReportedGroups = [new("https://push.example.org", [new("job", "assimilator"), new("instance", "web")])],
    };

    private const string FullText =
        """
        {
          "version": 2,
          "repositories": [
            {
              "location": "/srv/borg",
              "memory": {
                "id": "f3",
                "last_success": "2026-01-31T02:30:00.123456+00:00",
                "first_run": "2025-01-31T02:30:00+00:00",
                "runs_without_archive": 3,
                "last_compact": "2026-01-01T02:30:00+00:00",
                "pattern": "web-[0-9]",
                "consent": {
                  "repository_id": "f3",
                  "pattern": "web-[0-9]"
                },
                "hold": {
                  "since": "2026-01-02T02:30:00+00:00",
                  "reason": "archives are gone"
                },
                "is_prune_held": true,
                "archives": [
                  {
                    "name": "web-1",
                    "id": "a1"
                  },
                  {
                    "name": "web-2"
                  }
                ]
              }
            }
          ],
          "sources": [
            {
              "path": "/etc",
              "is_empty": false,
              "is_mount_point": true
            }
          ],
          "archives": [
            {
              "started_at": "2026-01-31T02:30:00+00:00",
              "duration": "00:00:01.5000000",
              "name": "w\u00E9b-\u00221\u0022",
              "is_first": false,
              "stats": {
                "original_size": 9007199254740993,
                "nfiles": 0
              }
            }
          ],
          "runs": [
            {
              "started_at": "2026-01-30T02:30:00+00:00"
            },
            {
              "started_at": "2026-01-31T02:30:00+00:00",
              "duration": "00:01:01.5000000",
              "outcome": "Warning"
            }
          ],
          "last_report": {
            "backup": "test",
            "started_at": "1970-01-01T00:00:00+00:00",
            "duration": "00:00:00",
            "ending": "Skipped",
            "repositories": [
              {
                "location": "/srv/borg",
                "is_absent": false,
                "is_left_out": false,
                "steps": [
                  {
                    "kind": "Prune",
                    "return_code": 101,
                    "outcome": "Warning",
                    "is_accepted": false,
                    "unread_paths": [],
                    "duration": "00:00:02",
                    "timed_out": false,
                    "was_terminated": false,
                    "warnings": 0,
                    "errors": 0,
                    "has_rebuilt_index": false
                  }
                ],
                "is_first_archive": false,
                "is_last_success_wrong": false,
                "is_archive_deleted": false
              }
            ],
            "has_read_sources": false,
            "problems": [
              {
                "message": "disk full",
                "hint": "make room",
                "severity": "Error",
                "is_fault": false
              }
            ]
          },
          "run_in_progress": {
            "started_at": "2026-02-01T02:30:00+00:00"
          },
          "interrupted_runs": 2,
          "warned_runs": 0,
          "configuration_file": "/etc/assimilator.ini",
          "reported_groups": [
            {
              "url": "https://push.example.org",
              "labels": [
                {
                  "name": "job",
                  "value": "assimilator"
                },
                {
                  "name": "instance",
                  "value": "web"
                }
              ]
            }
          ]
        }
        """;

    [Fact]
    public void Writes_what_earlier_versions_wrote() => Assert.Equal(FullText, Written(Full));

    [Fact]
    public void Reads_what_it_writes() => Assert.Equal(FullText, Written(StateFile.Parse(FullText, "/state").State!));

    [Theory]
    [InlineData("""{"version": 1}""")]
    [InlineData("""{"last_success": null, "run_in_progress": null, "version": 1, "warned_runs": null}""")]
    [InlineData("""{"version": 3, "further": [{"a": 1}, "b"], "prune_scope": null, "version": 1, "Last_Success": 3}""")]
    public void Skips_what_it_does_not_know(string text) => Assert.Equal(
        Written(new BackupState { Version = 1 }), Written(StateFile.Parse(text, "/state").State!));

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
    [InlineData("""{"version": 1, "archives": 1}""")]
    [InlineData("""{"version": 1, "archives": [{"name": 1}]}""")]
    [InlineData("""{"version": 1, "archives": [{"name": "\ud800"}]}""")]
    [InlineData("""{"version": 1, "archives": [{"stats": {"nfiles": 1e99}}]}""")]
    [InlineData("""{"version": 1, "run_in_progress": {"started_at": null}}""")]
    [InlineData("""{"version": 1, "interrupted_runs": -1.5}""")]
    [InlineData("""{"version": 1, "configuration_file": {}}""")]
    [InlineData("""{"version": 1, "prune_scope": "/srv/borg"}""")]
    public void Believes_nothing_of_a_state_that_is_torn(string text) =>
        Assert.Equal((null, "/state is damaged, or is not a state file of assimilator"), StateFile.Parse(text, "/state"));

    [Theory]
    [InlineData("null", 0)]
    [InlineData("""{"version": 3, "last_success": "2026-01-31T02:30:00Z"}""", 3)]
    [InlineData("""{"version": -1}""", -1)]
    public void Leaves_a_state_of_another_version_alone(string text, int version) =>
        Assert.Equal((null, $"/state has version {version}, expected 2"), StateFile.Parse(text, "/state"));

    [Fact]
    public void Takes_over_what_version_1_knew_of_its_repository()
    {
        var state = StateFile.Parse(
            """{"version": 1, "last_success": "2026-01-31T02:30:00Z", "prune_scope": {"location": "/r", "repository_id": "f3", "glob_archives": "web-*"}}""",
            "/state").State!;
        var expected = new DateTimeOffset(2026, 1, 31, 2, 30, 0, TimeSpan.Zero);
        Assert.Equal(("f3", "web-*", expected), Known(state.Of(new("/r", null), isOnly: true)));
        Assert.Equal(("f3", "web-*", expected), Known(state.Of(new("/r", null), isOnly: false)));
        Assert.Null(state.Of(new("/r", null), isOnly: true).Consent);
        Assert.Equal((null, "web-*", expected), Known(state.Of(new("/other", null), isOnly: true)));
        Assert.Equal((null, null, null), Known(state.Of(new("/other", null), isOnly: false)));

        static (string?, string?, DateTimeOffset?) Known(RepositoryMemory memory) => (memory.Id, memory.Pattern, memory.LastSuccess);
    }

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
