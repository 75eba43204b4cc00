using Assimilator.Metrics;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

public sealed class MetricCatalogTests
{
    // A different number in each field, so that no two can change places unnoticed.
    private static readonly RunReport Full = new()
    {
        Backup = "test",
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Duration = TimeSpan.FromSeconds(99.5),
        Preexec = new ScriptsResult(3, TimeSpan.FromSeconds(10.25)),
        Postexec = new ScriptsResult(8, TimeSpan.FromSeconds(14.0625)),
        Repositories =
        [
            new()
            {
                Location = "/srv/borg",
                Interval = TimeSpan.FromHours(24),
                Memory = new() { LastSuccess = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.FromHours(1)), IsPruneHeld = true, FirstRun = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), RunsWithoutArchive = 2 },
                Usual = new(3001, 3002, 3003),
                Steps =
                [
                    Samples.Step(StepKind.Create, 101, 11.5) with
                    {
                        Archive = Samples.Archive, Warnings = 4, Errors = 5, BorgVersion = "1.2.4",
                    },
                    Samples.Step(StepKind.Prune, 102, 12.75) with { Prune = new PruneFacts { Kept = Archives(6), Deleted = Archives(7) } },
                    Samples.Step(StepKind.Compact, 103, 13.125),
                ],
            },
        ],
        InterruptedRuns = 9,
    };

    private static IReadOnlyList<ArchiveReference> Archives(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new ArchiveReference($"web-{number}", null))];

    [Fact]
    public void Keeps_names_types_and_helps_of_the_original()
    {
        var table = Repository.ReadText("tests/Resources/original-metrics.txt").Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Order(StringComparer.Ordinal).ToList();
        var lines = TextFormat.Serialize(MetricCatalog.Families(Full, "1")).Split('\n');
        var helps = Descriptions(lines, "# HELP ");
        var types = Descriptions(lines, "# TYPE ");

        Assert.Equal(17, table.Count);
        Assert.Equal(
            table,
            MetricCatalog.Original.Select(metric => $"{metric.Name}\t{types[metric.Name]}\t{helps[metric.Name]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Has_no_name_twice()
    {
        var names = MetricCatalog.Families(Full, "1").Select(family => family.Name).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Names_gauges_as_prometheus_wants_them() => Assert.All(MetricCatalog.Families(Full, "1"), family =>
    {
        Assert.Matches(@"\A[a-z][a-z0-9_]*\z", family.Name);
        // That ending is for counters.
        Assert.DoesNotMatch("_total$", family.Name);
    });

    [Fact]
    public void Reports_only_what_is_known_when_nothing_ran() => Assert.Equal(
        ["assimilator_build_info", "assimilator_last_run_timestamp_seconds", "assimilator_return_code",
            "assimilator_run_duration_seconds", "assimilator_timed_out_processes"],
        Values(Samples.Report()).Keys);

    [Fact]
    public void Reports_each_field_under_its_name() => Assert.Equal(
        new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["assimilator_create_return_code"] = 101,
            ["assimilator_create_duration_seconds"] = 11.5,
            ["assimilator_timed_out_processes"] = 0,
            ["assimilator_create_warnings"] = 4,
            ["assimilator_create_errors"] = 5,
            ["assimilator_archive_original_size_bytes"] = 1001,
            ["assimilator_archive_compressed_size_bytes"] = 1002,
            ["assimilator_archive_deduplicated_size_bytes"] = 1003,
            ["assimilator_create_files_count"] = 1004,
            ["assimilator_all_archives_original_size_bytes"] = 2001,
            ["assimilator_all_archives_compressed_size_bytes"] = 2002,
            ["assimilator_all_archives_deduplicated_size_bytes"] = 2003,
            ["assimilator_create_total_chunks"] = 2004,
            ["assimilator_create_unique_chunks"] = 2005,
            ["borg_prune_return_code"] = 102,
            ["borg_prune_duration_seconds"] = 12.75,
            ["assimilator_prune_kept_archives"] = 6,
            ["assimilator_prune_deleted_archives"] = 7,
            ["assimilator_prune_held"] = 1,
            ["assimilator_compact_return_code"] = 103,
            ["assimilator_compact_duration_seconds"] = 13.125,
            ["assimilator_preexec_return_code"] = 3,
            ["assimilator_preexec_duration_seconds"] = 10.25,
            ["assimilator_postexec_return_code"] = 8,
            ["assimilator_postexec_duration_seconds"] = 14.0625,
            ["assimilator_return_code"] = 1,
            ["assimilator_run_duration_seconds"] = 99.5,
            ["assimilator_last_run_timestamp_seconds"] = 1767323045.678,
            ["assimilator_last_success_timestamp_seconds"] = 1767322800,
            ["assimilator_first_run_timestamp_seconds"] = 1735787045,
            ["assimilator_runs_without_archive"] = 0,
            ["assimilator_archive_usual_original_size_bytes"] = 3001,
            ["assimilator_archive_usual_files_count"] = 3002,
            ["assimilator_archive_usual_deduplicated_size_bytes"] = 3003,
            ["assimilator_interval_seconds"] = 86400,
            ["assimilator_interrupted_runs"] = 9,
            ["assimilator_build_info"] = 1,
        },
        Values(Full));

    [Fact]
    public void Of_several_repositories_each_has_a_label_and_the_run_has_none()
    {
        var second = Full.Repositories[0] with { Name = "usb", Location = "/usb", Steps = [] };
        var lines = TextFormat.Serialize(MetricCatalog.Families(Full with { Repositories = [Full.Repositories[0] with { Name = "server" }, second] }, "1"))
            .Split('\n');
        Assert.Contains("assimilator_create_return_code{repository=\"server\"} 101", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("assimilator_create_return_code{repository=\"usb\"}", StringComparison.Ordinal));
        Assert.Contains("assimilator_interval_seconds{repository=\"usb\"} 86400", lines);
        Assert.Contains("assimilator_run_duration_seconds 99.5", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("assimilator_return_code{", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_streams_each_has_a_label_and_what_concerns_the_whole_repository_has_none()
    {
        var paths = Full.Repositories[0];
        var later = Samples.Archive with { CacheStats = new() { TotalSize = 3001 } };
        var stream = paths with { Stream = "dumps/shop.sql", Steps = [Samples.Step(StepKind.Stream, 0, 2.5), Samples.Step(StepKind.Create, 100) with { Archive = later }] };
        var failed = paths with { Stream = "b", Steps = [Samples.Step(StepKind.Stream, 3)] };
        var lines = TextFormat.Serialize(MetricCatalog.Families(Full with { Repositories = [paths, stream, failed] }, "1")).Split('\n');
        Assert.Equal(
            ["assimilator_create_return_code 101", "assimilator_create_return_code{stream=\"dumps/shop.sql\"} 100"],
            lines.Where(line => line.StartsWith("assimilator_create_return_code", StringComparison.Ordinal)));
        Assert.Equal(
            ["assimilator_stream_return_code{stream=\"dumps/shop.sql\"} 0", "assimilator_stream_return_code{stream=\"b\"} 3"],
            lines.Where(line => line.StartsWith("assimilator_stream_return_code", StringComparison.Ordinal)));
        // The last archive knows the others.
        foreach (var (name, value) in new[] { ("assimilator_all_archives_original_size_bytes", "3001"), ("assimilator_compact_return_code", "103") })
            Assert.Equal([$"{name} {value}"], lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)));
        var named = TextFormat.Serialize(MetricCatalog.Families(Full with { Repositories = [stream with { Name = "usb" }] }, "1"));
        Assert.Contains("assimilator_create_return_code{repository=\"usb\",stream=\"dumps/shop.sql\"} 100\n", named, StringComparison.Ordinal);
        Assert.Contains("assimilator_all_archives_original_size_bytes{repository=\"usb\"} 3001\n", named, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_no_sample_of_preexec_that_did_not_run() => Assert.Equal(
        ["assimilator_preexec_duration_seconds", "assimilator_preexec_return_code"],
        NamesLost(Full with { Preexec = null }));

    [Fact]
    public void Has_no_sample_of_create_that_did_not_run() => Assert.Equal(
        ["assimilator_all_archives_compressed_size_bytes", "assimilator_all_archives_deduplicated_size_bytes",
            "assimilator_all_archives_original_size_bytes", "assimilator_archive_compressed_size_bytes",
            "assimilator_archive_deduplicated_size_bytes", "assimilator_archive_original_size_bytes",
            "assimilator_create_duration_seconds", "assimilator_create_errors", "assimilator_create_files_count",
            "assimilator_create_return_code", "assimilator_create_total_chunks", "assimilator_create_unique_chunks",
            "assimilator_create_warnings"],
        NamesLost(Without(StepKind.Create)));

    [Fact]
    public void Has_no_sample_of_prune_that_did_not_run() => Assert.Equal(
        ["assimilator_prune_deleted_archives", "assimilator_prune_kept_archives", "borg_prune_duration_seconds",
            "borg_prune_return_code"],
        NamesLost(Without(StepKind.Prune)));

    [Fact]
    public void Has_no_sample_of_compact_that_did_not_run() => Assert.Equal(
        ["assimilator_compact_duration_seconds", "assimilator_compact_return_code"],
        NamesLost(Without(StepKind.Compact)));

    [Fact]
    public void Has_no_sample_of_postexec_that_did_not_run() => Assert.Equal(
        ["assimilator_postexec_duration_seconds", "assimilator_postexec_return_code"],
        NamesLost(Full with { Postexec = null }));

    [Fact]
    public void Has_no_sample_of_what_no_state_tells() => Assert.Equal(
        ["assimilator_archive_usual_deduplicated_size_bytes", "assimilator_archive_usual_files_count",
            "assimilator_archive_usual_original_size_bytes", "assimilator_first_run_timestamp_seconds",
            "assimilator_interrupted_runs", "assimilator_interval_seconds", "assimilator_last_success_timestamp_seconds",
            "assimilator_prune_held"],
        NamesLost(Full with
        {
            InterruptedRuns = null,
            Repositories = [Full.Repositories[0] with { Memory = new(), Usual = null, Interval = null }],
        }));

    [Fact]
    public void Reports_how_a_create_without_an_archive_ended()
    {
        var values = Values(WithCreate(Samples.Step(StepKind.Create, 2, 1.5) with { Errors = 1 }));
        Assert.Equal(2, values["assimilator_create_return_code"]);
        Assert.Equal(1.5, values["assimilator_create_duration_seconds"]);
        Assert.Equal(0, values["assimilator_create_warnings"]);
        Assert.Equal(1, values["assimilator_create_errors"]);
        Assert.DoesNotContain("assimilator_create_files_count", values.Keys);
        Assert.DoesNotContain("assimilator_archive_original_size_bytes", values.Keys);
    }

    [Fact]
    public void Leaves_out_what_borg_did_not_report() => Assert.Equal(
        ["assimilator_all_archives_compressed_size_bytes", "assimilator_all_archives_deduplicated_size_bytes",
            "assimilator_archive_compressed_size_bytes"],
        NamesLost(WithCreate(Samples.Create(0) with
        {
            Archive = Samples.Archive with
            {
                Stats = Samples.Archive.Stats! with { CompressedSize = null },
                CacheStats = Samples.Archive.CacheStats! with { TotalCsize = null, UniqueCsize = null },
            },
        })));

    [Fact]
    public void Reports_zero_as_zero() => Assert.Equal(
        0, Values(WithCreate(Samples.Create(0) with { Archive = new() { Stats = new() { Nfiles = 0 } } }))["assimilator_create_files_count"]);

    [Fact]
    public void Counts_no_archives_of_a_prune_without_facts() => Assert.Equal(
        ["assimilator_prune_deleted_archives", "assimilator_prune_kept_archives"],
        NamesLost(Full with
        {
            Repositories =
            [
                Full.Repositories[0] with
                {
                    Steps = [.. Full.Repositories[0].Steps.Select(step => step with { Prune = null })],
                },
            ],
        }));

    [Fact]
    public void Names_both_versions() => Assert.EndsWith(
        """

        # HELP assimilator_build_info Version of assimilator, and of borgbackup if known
        # TYPE assimilator_build_info gauge
        assimilator_build_info{version="9.8.7",borg_version="1.2.4"} 1

        """,
        TextFormat.Serialize(MetricCatalog.Families(Full, "9.8.7")), StringComparison.Ordinal);

    [Fact]
    public void Leaves_the_version_of_borg_empty_where_it_is_not_known() => Assert.EndsWith(
        "\nassimilator_build_info{version=\"9.8.7\",borg_version=\"\"} 1\n",
        TextFormat.Serialize(MetricCatalog.Families(Without(StepKind.Create), "9.8.7")), StringComparison.Ordinal);

    private static RunReport Without(StepKind kind) => Full with
    {
        Repositories =
        [
            Full.Repositories[0] with { Steps = [.. Full.Repositories[0].Steps.Where(step => step.Kind != kind)] },
        ],
    };

    private static RunReport WithCreate(StepResult create) => Full with
    {
        Repositories = [Full.Repositories[0] with { Steps = [create, .. Full.Repositories[0].Steps.Skip(1)] }],
    };

    private static SortedDictionary<string, double> Values(RunReport report) => new(
        MetricCatalog.Families(report, "1").Where(family => family.Metrics.Count > 0)
            .ToDictionary(family => family.Name, family => family.Metrics.Single().Value),
        StringComparer.Ordinal);

    private static IEnumerable<string> NamesLost(RunReport report) => Values(Full).Keys.Except(Values(report).Keys);

    private static Dictionary<string, string> Descriptions(IEnumerable<string> lines, string prefix) => lines
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
        .Select(line => line[prefix.Length..].Split(' ', 2))
        .ToDictionary(words => words[0], words => words[1]);
}
