using System.Globalization;

namespace Assimilator.Tests.Real;

/// <summary>Some weeks of a fleet that is well, as a test file for promtool: backups from their first run on, started late by
/// chance and of varying length, one run of each skipped; a gateway that restarts and has lost its memory; and clocks that are
/// put back.</summary>
/// <param name="length">How long Prometheus watches; time begins at 0.</param>
/// <param name="step">How often it looks. The rules look back two weeks each time, which takes promtool long.</param>
/// <param name="intervals">How often the backups run, one host each.</param>
/// <param name="silentAfter">When all hosts are gone, if they are.</param>
/// <param name="repositories">Of each backup, if it has several.</param>
internal sealed class HealthyFleet(
    TimeSpan length, TimeSpan step, IReadOnlyList<TimeSpan> intervals, TimeSpan? silentAfter = null, IReadOnlyList<string>? repositories = null)
{
    private const string Gateway = """{job="pushgateway", instance="gateway:9091"}""";

    private static readonly (string Name, Func<SimulatedRun, double?> Value)[] Metrics =
    [
        ("assimilator_return_code", run => run.IsSkipped ? 75 : 0),
        ("assimilator_last_run_timestamp_seconds", run => run.Start.TotalSeconds),
        ("assimilator_last_success_timestamp_seconds", run => run.LastSuccess.TotalSeconds),
        ("assimilator_run_duration_seconds", run => run.Duration.TotalSeconds),
        ("assimilator_interval_seconds", run => run.Interval.TotalSeconds),
        ("assimilator_interrupted_runs", _ => 0),
        ("assimilator_warned_runs", _ => 0),
        ("assimilator_preexec_return_code", run => run.IsSkipped ? 75 : 0),
        ("assimilator_postexec_return_code", _ => 0),
        ("assimilator_create_return_code", run => run.Archive is null ? null : 0),
        ("assimilator_create_files_count", run => run.Archive?.Files),
        ("assimilator_archive_original_size_bytes", run => run.Archive?.OriginalSize),
        ("assimilator_archive_deduplicated_size_bytes", run => run.Archive?.DeduplicatedSize),
        ("assimilator_all_archives_deduplicated_size_bytes", run => run.Archive?.RepositorySize),
        ("assimilator_prune_kept_archives", run => run.Archive?.Kept),
        ("borg_prune_return_code", run => run.Archive is null ? null : 0),
        ("assimilator_compact_return_code", run => run.Archive is null ? null : 0),
    ];

    private static readonly string[] OfTheRun =
    [
        "assimilator_return_code", "assimilator_last_run_timestamp_seconds", "assimilator_run_duration_seconds", "assimilator_interrupted_runs",
        "assimilator_warned_runs", "assimilator_preexec_return_code", "assimilator_postexec_return_code",
    ];

    private readonly List<string> _series = [];
    private readonly TimeSpan _gatewayRestart = length / 2;

    public static IEnumerable<string> MetricNames => Metrics.Select(metric => metric.Name);

    /// <summary>The test file.</summary>
    /// <param name="rules">The file with the rules.</param>
    /// <param name="firing">The alerts that fire at some time, each for one backup; no other may.</param>
    public string TestFile(string rules, IReadOnlyList<string> firing)
    {
        foreach (var interval in intervals)
            AddBackup(interval);
        AddSeries($"up{Gateway}", time => time == _gatewayRestart ? 0 : 1);
        AddSeries($"pushgateway_build_info{Gateway}", time => time == _gatewayRestart ? null : 1);
        AddSeries($"process_start_time_seconds{Gateway}",
            time => time == _gatewayRestart ? null : time < _gatewayRestart ? -100 : _gatewayRestart.TotalSeconds + 60);
        var expected = firing.Select(alert => $$"""{labels: '{alertname="{{alert}}"}', value: 1}""");
        return $$"""
            rule_files: [{{rules}}]
            evaluation_interval: {{step.TotalMinutes}}m
            tests:
              - interval: {{step.TotalMinutes}}m
                input_series:
                  {{string.Join("\n      ", _series)}}
                promql_expr_test:
                  - expr: count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[{{length.TotalDays}}d]))
                    eval_time: {{length.TotalDays}}d
                    exp_samples: [{{string.Join(", ", expected)}}]
                  - expr: count(assimilator_last_run_timestamp_seconds)
                    eval_time: {{length.TotalDays}}d
                    exp_samples: [{labels: '{}', value: {{intervals.Count}}}]

            """;
    }

    /// <summary>A group shows the last report that the gateway got since it started.</summary>
    private void AddBackup(TimeSpan interval)
    {
        var runs = SimulatedRun.Schedule(interval, silentAfter ?? length, winterTime: length * 0.6).ToList();
        var shown = Times().ToDictionary(time => time, time =>
            runs.FindLast(run => run.End <= time) is { } run && (time < _gatewayRestart || run.End > _gatewayRestart) ? run : null);
        var group = $$"""{job="assimilator", instance="web1", backup="every-{{interval.TotalHours}}h"}""";
        foreach (var (metric, value) in Metrics)
        {
            foreach (var repository in OfTheRun.Contains(metric) ? [] : repositories ?? [])
                AddSeries($"{metric}{group.Replace("}", $", repository=\"{repository}\"}}", StringComparison.Ordinal)}", time => shown[time] is { } run ? value(run) : null);
            if (repositories is null || OfTheRun.Contains(metric))
                AddSeries($"{metric}{group}", time => shown[time] is { } run ? value(run) : null);
        }
        AddSeries($"push_time_seconds{group}", time => shown[time]?.End.TotalSeconds);
        AddSeries($"push_failure_time_seconds{group}", time => shown[time] is null ? null : 0);
    }

    private void AddSeries(string name, Func<TimeSpan, double?> valueAt) => _series.Add(
        $"- {{series: '{name}', values: '{string.Join(' ', Times().Select(time => Sample(valueAt(time))))}'}}");

    private IEnumerable<TimeSpan> Times() => Enumerable.Range(0, (int)(length / step) + 1).Select(count => count * step);

    private static string Sample(double? value) => value?.ToString("0", CultureInfo.InvariantCulture) ?? "_";
}
