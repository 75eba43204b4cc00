using System.Reflection;
using System.Text.Json;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

/// <summary>What <c>run --json</c> prints is an interface: a field that is added, renamed or removed fails here.</summary>
public sealed class RunJsonTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 3, 30, 0, 123, TimeSpan.FromHours(1));

    /// <summary>With something in each field, and a different number in each.</summary>
    private static readonly RunReport Full = new()
    {
        Backup = "web",
        StartedAt = Start,
        Duration = TimeSpan.FromSeconds(12.3456),
        Signal = 15,
        Preexec = new(3, TimeSpan.FromSeconds(1.5), 1),
        Postexec = new(4, TimeSpan.FromSeconds(2.5), 2),
        InterruptedRuns = 5,
        EarlierWarnedRuns = 6,
        Problems = [new("it is \"odd\"", "look") { Severity = LogLevel.Warning }],
        Repositories =
        [
            new()
            {
                Name = "server",
                Location = "/srv/borg",
                Stream = "shop.sql",
                Memory = new()
                {
                    LastSuccess = Start,
                    RunsWithoutArchive = 0,
                    IsPruneHeld = true,
                    DamagedSince = Start.AddDays(-1),
                },
                Steps =
                [
                    new()
                    {
                        Kind = StepKind.Create,
                        ReturnCode = 107,
                        Outcome = BorgOutcome.Warning,
                        Duration = TimeSpan.FromSeconds(10),
                        TimedOut = true,
                        Warnings = 7,
                        Errors = 8,
                        BorgVersion = "1.2.4",
                        Archive = Samples.Archive with { Id = "aa", RepositoryId = "bb" },
                    },
                    Samples.Step(StepKind.Prune, 0) with
                    {
                        Prune = new()
                        {
                            Kept = [new("web-1", "aa")],
                            Deleted = [new("web-0", null)],
                            DeletedCheckpoints = [new("web-0.checkpoint", null)],
                            IsDryRun = true,
                        },
                    },
                    Samples.Step(StepKind.Check, 0) with { Check = new(IsLast: true, HasReachedEnd: true, VerifiedData: false) },
                    Samples.Step(StepKind.Restore, 1) with { Restore = new(11, 12, 13, 14) },
                ],
            },
            new() { Location = "/mnt/usb", IsAbsent = true },
            new() { Location = "/left/out", IsLeftOut = true },
        ],
    };

    [Fact]
    public void Every_field_has_its_value_and_its_name()
    {
        Assert.Equal(
            """
            {"backup":"web","started_at":"2026-01-31T02:30:00Z","duration_seconds":12.346,"outcome":"interrupted","exit_code":143,"signal":15,
            "preexec":{"return_code":3,"duration_seconds":1.5,"timed_out":1},"postexec":{"return_code":4,"duration_seconds":2.5,"timed_out":2},
            "series":[{"repository":"server","location":"/srv/borg","stream":"shop.sql","repository_id":"bb","absent":false,"archive":"web-1",
            "last_success":"2026-01-31T02:30:00Z","runs_without_archive":0,"prune_held":true,"damaged_since":"2026-01-30T02:30:00Z","steps":[
            {"kind":"create","return_code":107,"outcome":"warning","duration_seconds":10,"timed_out":true,"warnings":7,"errors":8,
            "borg_version":"1.2.4","archive":{"name":"web-1","id":"aa","original_size":1001,"compressed_size":1002,"deduplicated_size":1003,
            "nfiles":1004}},
            {"kind":"prune","return_code":0,"outcome":"success","duration_seconds":0,"timed_out":false,"warnings":0,"errors":0,
            "prune":{"dry_run":true,"kept":["web-1"],"deleted":["web-0"],"deleted_checkpoints":["web-0.checkpoint"]}},
            {"kind":"check","return_code":0,"outcome":"success","duration_seconds":0,"timed_out":false,"warnings":0,"errors":0,
            "check":{"complete":true,"verified_data":false}},
            {"kind":"restore","return_code":1,"outcome":"warning","duration_seconds":0,"timed_out":false,"warnings":0,"errors":0,
            "restore":{"verified":11,"read":12,"unreadable":13,"differing":14}}]},
            {"location":"/mnt/usb","absent":true,"steps":[]}],
            "problems":[{"severity":"warning","message":"it is \u0022odd\u0022","hint":"look"}],"pushed":true,"textfile_written":false,
            "interrupted_runs":5,"warned_runs":6}
            """.Replace("\n", "", StringComparison.Ordinal) + "\n",
            RunJson.Of(Full, new(Pushed: true, TextfileWritten: false)).Line);
    }

    /// <summary>Help and README explain exactly the fields that there are, and the test above shows each.</summary>
    [Fact]
    public void Every_field_is_explained()
    {
        var declared = Declared(typeof(RunJson), "").ToList();
        Assert.Equal(declared, RunJsonFields.Table.Select(row => row.Field));
        using var shown = JsonDocument.Parse(RunJson.Of(Full, new(true, false)).Line);
        Assert.Equal(declared.Order(), Shown(shown.RootElement, "").Distinct().Order());
        Assert.All(RunJsonFields.Table, row => Assert.NotEmpty(row.Meaning));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var nothing = new RunReport { Backup = "web", StartedAt = Start, Ending = RunEnding.Misconfigured, Repositories = [new() { Location = "" }] };
        Assert.Equal(
            "{\"backup\":\"web\",\"started_at\":\"2026-01-31T02:30:00Z\",\"duration_seconds\":0,\"outcome\":\"misconfigured\",\"exit_code\":78,"
            + "\"series\":[],\"problems\":[]}\n",
            RunJson.Of(nothing, new(null, null)).Line);
    }

    /// <summary>An archive that prune has deleted at once is none.</summary>
    [Fact]
    public void A_deleted_archive_is_not_the_archive_of_the_run()
    {
        var report = Samples.Report(Samples.Create(0));
        Assert.Equal("web-1", RunJson.Of(report, new(null, null)).Series[0].Archive);
        var deleted = report with { Repositories = [report.Repositories[0] with { IsArchiveDeleted = true }] };
        Assert.Null(RunJson.Of(deleted, new(null, null)).Series[0].Archive);
    }

    private static IEnumerable<string> Declared(Type type, string path)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return Declared(type.GetGenericArguments()[0], $"{path}[]");
        return type.Namespace != typeof(RunJson).Namespace ? [path]
            : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
                .SelectMany(property => Declared(
                    property.PropertyType, $"{(path.Length > 0 ? $"{path}." : "")}{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}"));
    }

    private static IEnumerable<string> Shown(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            field => Shown(field.Value, $"{(path.Length > 0 ? $"{path}." : "")}{field.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Shown(item, $"{path}[]")),
        _ => [path],
    };
}
