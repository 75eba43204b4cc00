using Assimilator.Borg;
using Assimilator.Metrics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

public sealed class MetricCatalogTests
{
    // A different number in each field, so that no two can change places unnoticed.
    private static readonly RunReport Full = new()
    {
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Duration = TimeSpan.FromSeconds(99.5),
        Interval = TimeSpan.FromHours(24),
        Preexec = new ScriptsStep(3, TimeSpan.FromSeconds(10.25)),
        Create = new CreateStep(
            Samples.Borg(101, 11.5, warnings: 4, errors: 5) with { Version = "1.2.4" }, Samples.Output),
        Prune = Samples.Borg(102, 12.75) with { KeptArchives = 6, DeletedArchives = 7 },
        Compact = Samples.Borg(103, 13.125),
        Postexec = new ScriptsStep(8, TimeSpan.FromSeconds(14.0625)),
        LastSuccess = new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.FromHours(1)),
        InterruptedRuns = 9,
    };

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
        Values(new RunReport { StartedAt = DateTimeOffset.UnixEpoch }).Keys);

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
            ["assimilator_interval_seconds"] = 86400,
            ["assimilator_interrupted_runs"] = 9,
            ["assimilator_build_info"] = 1,
        },
        Values(Full));

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
        NamesLost(Full with { Create = null }));

    [Fact]
    public void Has_no_sample_of_prune_that_did_not_run() => Assert.Equal(
        ["assimilator_prune_deleted_archives", "assimilator_prune_kept_archives", "borg_prune_duration_seconds",
            "borg_prune_return_code"],
        NamesLost(Full with { Prune = null }));

    [Fact]
    public void Has_no_sample_of_compact_that_did_not_run() => Assert.Equal(
        ["assimilator_compact_duration_seconds", "assimilator_compact_return_code"],
        NamesLost(Full with { Compact = null }));

    [Fact]
    public void Has_no_sample_of_postexec_that_did_not_run() => Assert.Equal(
        ["assimilator_postexec_duration_seconds", "assimilator_postexec_return_code"],
        NamesLost(Full with { Postexec = null }));

    [Fact]
    public void Has_no_sample_of_what_no_state_tells() => Assert.Equal(
        ["assimilator_interrupted_runs", "assimilator_interval_seconds", "assimilator_last_success_timestamp_seconds"],
        NamesLost(Full with { Interval = null, LastSuccess = null, InterruptedRuns = null }));

    [Fact]
    public void Reports_how_a_create_without_json_ended()
    {
        var failed = Samples.Borg(2, 1.5, warnings: 0, errors: 1);
        var values = Values(Full with { Create = new CreateStep(failed, Output: null) });
        Assert.Equal(2, values["assimilator_create_return_code"]);
        Assert.Equal(1.5, values["assimilator_create_duration_seconds"]);
        Assert.Equal(0, values["assimilator_create_warnings"]);
        Assert.Equal(1, values["assimilator_create_errors"]);
        Assert.DoesNotContain("assimilator_create_files_count", values.Keys);
        Assert.DoesNotContain("assimilator_archive_original_size_bytes", values.Keys);
    }

    [Fact]
    public void Leaves_out_what_a_later_borg_does_not_tell() => Assert.Equal(
        ["assimilator_all_archives_compressed_size_bytes", "assimilator_all_archives_deduplicated_size_bytes",
            "assimilator_archive_compressed_size_bytes"],
        NamesLost(Full with
        {
            Create = new CreateStep(Samples.Borg(0), new CreateOutput
            {
                Archive = new() { Stats = new() { OriginalSize = 1, DeduplicatedSize = 2, Nfiles = 3 } },
                Cache = new() { Stats = new() { TotalSize = 4, TotalChunks = 5, TotalUniqueChunks = 6 } },
            }),
        }));

    [Fact]
    public void Tells_what_an_archive_of_nothing_holds()
    {
        var values = Values(Full with
        {
            Create = new CreateStep(Samples.Borg(0), new CreateOutput
            {
                Archive = new() { Stats = new() { Nfiles = 0 } },
                Cache = new() { Stats = new() { UniqueCsize = 0 } },
            }),
        });
        Assert.Equal(0, values["assimilator_create_files_count"]);
        Assert.Equal(0, values["assimilator_all_archives_deduplicated_size_bytes"]);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(107, true)]
    [InlineData(2, false)]
    [InlineData(137, false)]
    public void Counts_archives_only_of_a_prune_that_did_not_fail(int returnCode, bool isCounted)
    {
        var values = Values(Full with
        {
            Prune = Samples.Borg(returnCode, 0.5) with { KeptArchives = 0, DeletedArchives = 2 },
        });
        Assert.Equal(returnCode, values["borg_prune_return_code"]);
        Assert.Equal(0.5, values["borg_prune_duration_seconds"]);
        Assert.Equal(isCounted ? 0 : null, Known(values, "assimilator_prune_kept_archives"));
        Assert.Equal(isCounted ? 2 : null, Known(values, "assimilator_prune_deleted_archives"));
    }

    [Fact]
    public void Names_both_versions() => Assert.EndsWith(
        """

        # HELP assimilator_build_info Version of assimilator, and of borgbackup where it told
        # TYPE assimilator_build_info gauge
        assimilator_build_info{version="9.8.7",borg_version="1.2.4"} 1

        """,
        TextFormat.Serialize(MetricCatalog.Families(Full, "9.8.7")), StringComparison.Ordinal);

    [Fact]
    public void Leaves_the_version_of_borg_empty_where_it_is_not_known()
    {
        const string line = "\nassimilator_build_info{version=\"9.8.7\",borg_version=\"\"} 1\n";
        foreach (var create in new[] { null, Samples.Create(2, hasJson: false) })
        {
            var body = TextFormat.Serialize(MetricCatalog.Families(Full with { Create = create }, "9.8.7"));
            Assert.EndsWith(line, body, StringComparison.Ordinal);
        }
    }

    private static SortedDictionary<string, double> Values(RunReport report) => new(
        MetricCatalog.Families(report, "1").Where(family => family.Metrics.Count > 0)
            .ToDictionary(family => family.Name, family => family.Metrics.Single().Value),
        StringComparer.Ordinal);

    private static IEnumerable<string> NamesLost(RunReport report) => Values(Full).Keys.Except(Values(report).Keys);

    private static double? Known(SortedDictionary<string, double> values, string name) =>
        values.TryGetValue(name, out var value) ? value : null;

    private static Dictionary<string, string> Descriptions(IEnumerable<string> lines, string prefix) => lines
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
        .Select(line => line[prefix.Length..].Split(' ', 2))
        .ToDictionary(words => words[0], words => words[1]);
}
