using System.Globalization;
using System.Text.RegularExpressions;
using Assimilator.Metrics;
using Assimilator.Report;
using Assimilator.Reporting;

namespace Assimilator.Tests.Real;

/// <summary>What can happen to a backup in its first year, each with runs of one schedule, as a test file for promtool.</summary>
/// <param name="interval">Of the runs.</param>
/// <param name="length">How long Prometheus watches. Time begins at 0; what happens, happens after three quarters.</param>
/// <param name="evaluation">How often the rules are evaluated; samples are hourly.</param>
internal sealed partial class ScheduleTable(TimeSpan interval, TimeSpan length, TimeSpan evaluation) : IDisposable
{
    private const string Gateway = """{job="pushgateway", gateway="a", instance="gateway:9091"}""";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1);

    private readonly List<SimulatedBackup> _backups = [];
    private readonly List<string> _series = [];
    private readonly TimeSpan _gatewayRestart = (evaluation * (int)(length / 2 / evaluation)) + Hour;
    // The same in each run of the tests.
    private readonly Random _chance = new(1);

    /// <summary>The histories that exist.</summary>
    private IReadOnlyDictionary<string, Action<string>> Histories => new Dictionary<string, Action<string>>
    {
        ["healthy"] = name => Add(name, Runs()),
        ["weekly-peaks"] = name => Add(name, Runs(), WithPeaks(time => ((int)time.TotalDays + 3) % 7 == 6)),
        ["month-ends"] = name => Add(name, Runs(), WithPeaks(time => (DateTimeOffset.UnixEpoch + time + Day).Day == 1)),
        ["two-repositories"] = name => Add(name, Runs(), repositories: ["server", "usb"]),
        ["never-succeeded"] = name => Add(name, Runs(_ => RunEnd.Fails)),
        ["always-skipped"] = name => Add(name, Runs(_ => RunEnd.Skipped)),
        ["failing"] = name => Add(name, Runs(after => after is >= 0 and < 5 ? RunEnd.Fails : RunEnd.Archive)),
        ["skipped"] = name => Add(name, Runs(after => after is >= 0 and < 5 ? RunEnd.Skipped : RunEnd.Archive)),
        ["interrupted"] = name => Add(name, Runs(after => after == 0 ? RunEnd.Killed : RunEnd.Archive)),
        ["interrupted-and-repeated"] = name => Add(name, Runs(after => after == 0 ? RunEnd.Killed : RunEnd.Archive)
            .SelectMany(run => run.End == RunEnd.Killed ? [run, new(run.Start + (interval / 12))] : new[] { run })),
        ["silent"] = name => Add(name, Runs().Where(run => run.Start < Event)),
        ["moved-to-another-gateway"] = name => Add(name, Runs(), movedAt: Event),
        ["halved"] = name => Add(name, Runs(), (time, _) => Usual(time) with { Size = Size(time) * (time < Event ? 1 : 0.5) }),
        ["failed-twice-then-little"] = name => Add(name, Runs(after => after is 0 or 1 ? RunEnd.Fails : RunEnd.Archive),
            (time, _) => Usual(time) with { Size = Size(time) * (time < Event ? 1 : 0.01) }),
        ["new-repository"] = name => Add(name, Runs(), (time, _) => Usual(time) with { Repository = time < Event ? "a1" : "b2" }),
        ["all-files-new"] = name => Add(name, Runs(),
            (time, _) => Usual(time) with { NewData = time >= Event && time < Event + interval ? Size(time) : Usual(time).NewData }),
    };

    /// <summary>When the things happen that the histories are named after.</summary>
    private TimeSpan Event => interval * (int)(length * 0.75 / interval);

    /// <summary>The test file.</summary>
    /// <param name="rules">The file with the rules.</param>
    /// <param name="expected">Which alert of which history fires first after how many hours, and how often; no other may.</param>
    public string TestFile(string rules, IEnumerable<FiringAlert> expected)
    {
        var wanted = MetricName().Matches(File.ReadAllText(rules)).Select(match => match.Value).ToHashSet();
        foreach (var (name, add) in Histories)
            add(name);
        AddSeries($"up{Gateway}", time => time == _gatewayRestart ? 0 : 1);
        AddSeries($"pushgateway_build_info{Gateway}", time => time == _gatewayRestart ? null : 1);
        AddSeries($"process_start_time_seconds{Gateway}",
            time => time == _gatewayRestart ? null : time < _gatewayRestart ? -100 : _gatewayRestart.TotalSeconds + 60);
        var range = $"{length.TotalHours}h";
        var firing = expected.ToList();
        return $$"""
            rule_files: [{{Path.GetFileName(rules)}}]
            evaluation_interval: {{evaluation.TotalHours}}h
            group_eval_order: [assimilator-reports-known, assimilator-runs, assimilator-reports, assimilator-original, assimilator-contents]
            tests:
              - interval: 1h
                input_series:
                  {{string.Join("\n      ", _series.Where(series => wanted.Contains(MetricName().Match(series).Value) || !series.Contains("backup=", StringComparison.Ordinal)))}}
                promql_expr_test:
                  - expr: sum by (alertname, backup, repository, gateway) (count_over_time(ALERTS{alertstate="firing"}[{{range}}]))
                    eval_time: {{range}}
                    exp_samples: [{{string.Join(", ", firing.Select(alert => alert.Sample(alert.Times)))}}]
                  - expr: min by (alertname, backup, repository, gateway) (min_over_time(timestamp(ALERTS{alertstate="firing"})[{{range}}:{{evaluation.TotalHours}}h])) / 3600
                    eval_time: {{range}}
                    exp_samples: [{{string.Join(", ", firing.Select(alert => alert.Sample(alert.FirstHour)))}}]

            """;
    }

    public void Dispose() => _backups.ForEach(backup => backup.Dispose());

    /// <summary>The runs of a new backup: a little late by chance, the third one skipped, and by the day an hour later in winter.</summary>
    /// <param name="end">How a run ends, by its number from the event on.</param>
    private IEnumerable<PlannedRun> Runs(Func<int, RunEnd>? end = null)
    {
        var first = TimeSpan.FromHours(2.5);
        for (var (number, due) = (0, first); due < length; number++, due += interval)
        {
            var lateness = Least(interval / 48, TimeSpan.FromMinutes(30)) * _chance.NextDouble();
            var winter = interval >= Day && due > length * 0.3 && due < length * 0.6 ? Hour : TimeSpan.Zero;
            var kind = end?.Invoke((int)Math.Floor((due - Event) / interval)) ?? RunEnd.Archive;
            yield return new PlannedRun(due + lateness + winter, number == 2 && kind == RunEnd.Archive ? RunEnd.Skipped : kind);
        }
    }

    /// <summary>A group shows the last report that its gateway got since it started. For rarer backups than weekly ones it keeps
    /// its memory: the rules look back two weeks.</summary>
    /// <param name="movedAt">From then on, reports go to another gateway.</param>
    private void Add(
        string name, IEnumerable<PlannedRun> runs, Func<TimeSpan, int, SimulatedSource>? source = null, TimeSpan? movedAt = null,
        IReadOnlyList<string?>? repositories = null)
    {
        var backup = new SimulatedBackup(interval, source ?? ((time, _) => Usual(time)), repositories ?? [null]);
        _backups.Add(backup);
        var reports = backup.Reports(runs).ToList();
        AddGroup(name, "a", [.. reports.Where(report => movedAt is null || report.Time < movedAt)],
            interval <= 7 * Day ? _gatewayRestart : TimeSpan.Zero);
        if (movedAt is not null)
            AddGroup(name, "b", [.. reports.Where(report => report.Time >= movedAt)], TimeSpan.Zero);
    }

    private void AddGroup(string name, string gateway, IReadOnlyList<(TimeSpan Time, RunReport Report)> reports, TimeSpan restart)
    {
        var shown = new Dictionary<string, Dictionary<int, double>>();
        for (var i = 0; i < reports.Count; i++)
        {
            var from = (int)Math.Ceiling(reports[i].Time / Hour);
            var to = i + 1 < reports.Count ? (int)Math.Ceiling(reports[i + 1].Time / Hour) : (int)(length / Hour) + 1;
            if (reports[i].Time < restart)
                to = Math.Min(to, (int)(restart / Hour));
            foreach (var (series, value) in Samples(reports[i].Report, name, gateway, reports[i].Time))
                for (var hour = from; hour < to; hour++)
                {
                    if (!shown.TryGetValue(series, out var values))
                        shown[series] = values = [];
                    values[hour] = value;
                }
        }
        foreach (var (series, values) in shown)
            AddSeries(series, time => values.TryGetValue((int)(time / Hour), out var value) ? value : null);
    }

    private static IEnumerable<(string Series, double Value)> Samples(RunReport report, string name, string gateway, TimeSpan time)
    {
        string Labels(IEnumerable<LabelPair> labels) => string.Join(", ", new[]
        {
            new LabelPair("job", "assimilator"), new LabelPair("instance", "web1"), new LabelPair("backup", name), new LabelPair("gateway", gateway),
        }.Concat(labels).Select(label => $"{label.Name}=\"{label.Value}\""));
        return MetricCatalog.Families(report, "1").SelectMany(family => family.Metrics.Select(metric => ($"{family.Name}{{{Labels(metric.Labels)}}}", metric.Value)))
            .Append(($"push_time_seconds{{{Labels([])}}}", time.TotalSeconds))
            .Append(($"push_failure_time_seconds{{{Labels([])}}}", 0));
    }

    /// <summary>Equal values that follow each other as promtool abbreviates them.</summary>
    private void AddSeries(string name, Func<TimeSpan, double?> valueAt)
    {
        var values = Enumerable.Range(0, (int)(length / Hour) + 1).Select(hour => valueAt(hour * Hour)).ToList();
        var runs = new List<string>();
        for (var (start, end) = (0, 0); start < values.Count; start = end)
        {
            while (end < values.Count && values[end] == values[start])
                end++;
            var value = values[start]?.ToString("R", CultureInfo.InvariantCulture) ?? (start > 0 ? "stale" : "_");
            runs.Add(value == "stale" ? end - start > 1 ? $"stale _x{end - start - 2}" : "stale" : $"{value}x{end - start - (value == "_" ? 0 : 1)}");
        }
        _series.Add($"- {{series: '{name}', values: '{string.Join(' ', runs)}'}}");
    }

    /// <summary>On some days a dump is written at three o'clock, and removed a day later.</summary>
    private Func<TimeSpan, int, SimulatedSource> WithPeaks(Func<TimeSpan, bool> isPeak)
    {
        bool IsWritten(TimeSpan from, TimeSpan to)
        {
            for (var day = Math.Max(0, (int)from.TotalDays); day <= to.TotalDays; day++)
                if (isPeak(day * Day) && (day * Day) + (3 * Hour) is var written && written > from && written <= to)
                    return true;
            return false;
        }
        return (time, _) => new(
            IsWritten(time - (interval > Day ? interval + Day : Day), time) ? 100e9 : 40e9, IsWritten(time - interval, time) ? 61e9 : 1e9);
    }

    private static double Size(TimeSpan time) => 100e9 * (1 + (0.0005 * time.TotalDays));

    /// <summary>Slowly growing data, of which a good deal changes.</summary>
    private SimulatedSource Usual(TimeSpan time) => new(Size(time), Size(time) * Math.Min(0.15, 0.02 * interval.TotalDays) * ((time.TotalHours * 0.618) % 1));

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [GeneratedRegex(@"\b(assimilator|borg|push)_\w+")]
    private static partial Regex MetricName();
}

/// <summary>An alert that is expected to fire.</summary>
/// <param name="Place">The gateway, and for one of several repositories its name: <c>a/usb</c>.</param>
internal sealed record FiringAlert(string History, string Name, string Place, string FirstHour, string Times)
{
    /// <param name="words">Of a line of the expectations; the first one is the schedule.</param>
    public static FiringAlert Parse(string[] words) => new(words[1], words[2], words[3], words[4], words[5]);

    public string Sample(string value)
    {
        var place = Place.Split('/');
        var repository = place.Length > 1 ? $", repository=\"{place[1]}\"" : "";
        return $"{{labels: '{{alertname=\"{Name}\", backup=\"{History}\", gateway=\"{place[0]}\"{repository}}}', value: {value}}}";
    }
}
