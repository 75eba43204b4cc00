using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Run;
using Assimilator.State;
using Assimilator.Terminal;
using Assimilator.Tests.Support;
using Assimilator.Tests.Unit;

namespace Assimilator.Tests.Real;

/// <summary>How a run ends.</summary>
internal enum RunEnd
{
    Archive,
    Fails,
    Skipped,

    /// <summary>It never reports.</summary>
    Killed,
}

/// <summary>A run as it is planned.</summary>
/// <param name="Start">Since the beginning of time, which is 1970.</param>
internal sealed record PlannedRun(TimeSpan Start, RunEnd End = RunEnd.Archive);

/// <summary>What is backed up at a time.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="NewData">How many of them were not there at the run before.</param>
/// <param name="Repository">The id of the repository.</param>
internal sealed record SimulatedSource(double Size, double NewData, string Repository = "a1");

/// <summary>The reports of a backup whose borg is simulated. Everything else, from the state file to the metrics, is the program's
/// own.</summary>
/// <param name="interval">As it is configured.</param>
/// <param name="source">What is backed up at the start of a run, by the number of archives so far.</param>
internal sealed class SimulatedBackup(TimeSpan interval, Func<TimeSpan, int, SimulatedSource> source, IReadOnlyList<string?> repositories) : IDisposable
{
    private readonly TestDirectory _directory = TestDirectory.InMemory();
    private readonly SettableClock _clock = new();
    private readonly Dictionary<string, List<(TimeSpan Time, double NewData)>> _kept = [];
    private int _archives;

    /// <summary>The reports that arrive, with the time of their arrival.</summary>
    public IEnumerable<(TimeSpan Time, RunReport Report)> Reports(IEnumerable<PlannedRun> runs)
    {
        var configuration = Samples.Configuration with
        {
            State = new StateSettings(_directory.Path),
            Repositories = [.. repositories.Select(name => Samples.Repository with { Name = name, Location = $"/srv/{name}", Interval = interval })],
        };
        using var messages = new Messages(LogLevel.Error, syslog: null);
        foreach (var run in runs)
        {
            _clock.Now = DateTimeOffset.UnixEpoch + run.Start;
            var context = new RunContext(new Dictionary<string, string>(), _clock, Interruption: null!, messages);
            var memory = new RunMemory(configuration, context);
            var report = memory.Recall(NewReport.Of(configuration, _clock.Now));
            if (run.End == RunEnd.Killed)
                continue;
            var duration = run.End == RunEnd.Archive ? interval / 8 > TimeSpan.FromHours(2) ? TimeSpan.FromHours(2) : interval / 8 : TimeSpan.FromSeconds(2);
            _clock.Now += duration;
            report = After(run, report) with { Duration = duration };
            memory.Remember(report);
            yield return (run.Start + duration, report);
            memory.Close(report, isPushed: true);
        }
    }

    public void Dispose() => _directory.Dispose();

    private RunReport After(PlannedRun run, RunReport report) => run.End switch
    {
        RunEnd.Skipped => report with { Preexec = new(75, TimeSpan.FromSeconds(1)), Ending = RunEnding.Skipped },
        RunEnd.Fails => report with
        {
            Preexec = ScriptsResult.None,
            Postexec = ScriptsResult.None,
            Repositories = [.. report.Repositories.Select(repository => repository.With(Samples.Step(StepKind.Create, 2), _clock.Now))],
        },
        _ => report with { Preexec = ScriptsResult.None, Postexec = ScriptsResult.None, Repositories = WithArchives(run, report) },
    };

    private IReadOnlyList<RepositoryReport> WithArchives(PlannedRun run, RunReport report)
    {
        var now = source(run.Start, _archives++);
        return [.. report.Repositories.Select(repository => WithArchive(run, repository, now))];
    }

    private RepositoryReport WithArchive(PlannedRun run, RepositoryReport repository, SimulatedSource now)
    {
        var id = $"{repository.Name}{now.Repository}";
        if (!_kept.TryGetValue(id, out var kept))
            _kept[id] = kept = [];
        var newData = kept.Count == 0 ? now.Size : now.NewData;
        // What the first one holds is still needed.
        kept.Add((run.Start, kept.Count == 0 ? 0 : newData));
        var pruned = kept.Except(Kept(kept)).ToList();
        kept.RemoveAll(pruned.Contains);
        var step = Samples.Step(StepKind.Create, 0) with
        {
            Archive = new ArchiveFacts
            {
                Name = $"test-{run.Start.TotalSeconds}",
                Id = $"{run.Start.TotalSeconds}",
                RepositoryId = id,
                Stats = new() { OriginalSize = (long)now.Size, Nfiles = (long)(now.Size / 1e5), DeduplicatedSize = (long)newData },
                CacheStats = new() { UniqueCsize = (long)(now.Size + kept.Sum(archive => archive.NewData)) },
            },
        };
        var prune = Samples.Step(StepKind.Prune, 0) with
        {
            Prune = new() { Kept = [.. kept.Select(archive => Reference(archive.Time))], Deleted = [.. pruned.Select(archive => Reference(archive.Time))] },
        };
        var done = repository.With(step, _clock.Now).With(prune, _clock.Now).With(Samples.Step(StepKind.Compact, 0), _clock.Now);
        return done with { Memory = done.Memory with { Archives = prune.Prune.Kept } };
    }

    private static ArchiveReference Reference(TimeSpan time) => new($"test-{time.TotalSeconds}", $"{time.TotalSeconds}");

    /// <summary>As with <c>daily = 7</c>, <c>weekly = 4</c> and <c>monthly = 6</c>.</summary>
    private static IEnumerable<(TimeSpan Time, double NewData)> Kept(IEnumerable<(TimeSpan Time, double NewData)> archives)
    {
        var all = archives.ToList();
        IEnumerable<(TimeSpan, double)> LastOfEach(Func<TimeSpan, object> period, int count) =>
            all.GroupBy(archive => period(archive.Time)).TakeLast(count).Select(group => group.Last());
        return LastOfEach(time => (int)time.TotalDays, 7).Union(LastOfEach(time => ((int)time.TotalDays + 3) / 7, 4))
            .Union(LastOfEach(time => (DateTimeOffset.UnixEpoch + time).ToString("yyyyMM", null), 6));
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
