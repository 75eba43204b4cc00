using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.State;

/// <summary>What one run hands to the next: recalled when the run begins, remembered as soon as there is something to
/// remember. A state that may be older than what the gateway was told is never handed on as the truth.</summary>
internal sealed class RunMemory(BackupConfiguration configuration, RunContext context)
{
    // Clocks are put right by seconds; by more only when they were plainly wrong.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private static readonly BackupState Nothing = new() { Version = BackupState.CurrentVersion };

    private readonly Messages _messages = context.Messages;
    private readonly StateFile _file = new(configuration.State.Directory!, configuration.Backup.Name);
    private BackupState? _state;
    private bool _isUnreachable;
    private bool _hasComplained;

    /// <summary>Adds to the report what earlier runs left, and marks this run as in progress. A state that is none is
    /// put aside; one that cannot be read this time is left alone. The run goes on without.</summary>
    public RunReport Recall(RunReport report)
    {
        var recalled = Look(report);
        if (_state is null)
        {
            var aside = _isUnreachable ? null : _file.SetAside();
            _messages.Warning("this host no longer knows the last success; the Pushgateway keeps the value it has",
                aside is null ? null : $"the old state file was renamed to {aside}");
            recalled = recalled with { EarlierWarnedRuns = 0 };
        }
        var isOfAnother = _state?.ConfigurationFile is { } other && File.Exists(other)
            && Resolved(other) != Resolved(configuration.File);
        if (isOfAnother)
        {
            _messages.Warning($"the name {configuration.Backup.Name} was last used by {_state!.ConfigurationFile}",
                "if you moved the file, this is shown once; otherwise rename one of the two: if they share a name, "
                    + "they hide each other's failures",
                isFault: true);
        }
        // Two configurations that swap their names leave nothing behind.
        foreach (var group in isOfAnother ? [] : GroupsLeftBehind())
            _messages.Warning($"this backup no longer reports as {group}, and will look silent there",
                $"if that is intended, delete that report: {context.Command("forget")}{group.Options}");
        // What cannot be written now was perhaps not written by the last run either.
        return Write(recalled, isInProgress: true) ? recalled : WithoutLastSuccess(recalled);
    }

    /// <summary>Adds to the report of a run without the lock what the run that holds it does not change.</summary>
    public RunReport Glance(RunReport report)
    {
        var (state, _) = _file.Read(out _);
        return report with
        {
            Repositories =
            [
                .. report.Repositories.Select(repository => repository with
                {
                    Memory = new()
                    {
                        FirstRun = state?.Of(repository.Series, report.Repositories.Count == 1).FirstRun,
                    },
                }),
            ],
        };
    }

    /// <summary>Adds to the report what earlier runs left, and leaves the state as it is.</summary>
    public RunReport LookOnly(RunReport report)
    {
        var recalled = Look(report);
        // What cannot be written now was perhaps not written by the last run either.
        return _state is null || _file.Write(_state) is null ? recalled : WithoutLastSuccess(recalled);
    }

    /// <summary>Adds to the report what earlier runs left, and writes nothing.</summary>
    /// <param name="isRunning">A run is in progress.</param>
    public RunReport Peek(RunReport report, bool isRunning) => Look(report, isRunning);

    /// <summary>Writes down at once that there is an archive: this run may still be killed.</summary>
    /// <returns>False if it could not be written.</returns>
    public bool RememberArchive(RunReport report) => Write(report, isInProgress: true);

    /// <summary>Writes down what the next run must know. The run counts as in progress until it has reported.</summary>
    /// <returns>False if it could not be written.</returns>
    public bool Remember(RunReport report)
    {
        if (Write(report, isInProgress: true))
            return true;
        // Only a new success puts the old state out of date; after a failure it is as good as it was.
        if (report.Repositories.Any(
            repository => repository.HasArchive && repository.LastSuccess != Stored(repository, report)))
            _file.Discard();
        return false;
    }

    /// <summary>Writes down that the run has reported, or has said why it could not.</summary>
    /// <param name="isPushed">The gateway has the report.</param>
    /// <returns>False if it could not be written.</returns>
    public bool Close(RunReport report, bool isPushed)
    {
        if (isPushed)
            _state = WithGroup(_state ?? Nothing);
        return Write(report, isInProgress: false);
    }

    /// <summary>Writes down that a run did not start, because its configuration is wrong.</summary>
    /// <param name="isPushed">The gateway has the report.</param>
    public void RememberMisconfigured(RunReport report, bool isPushed)
    {
        if (_state is not null)
            _file.Write((isPushed ? WithGroup(_state) : _state) with
            {
                LastReport = report,
                Runs = [.. _state.Runs.Append(PastRun.Of(report)).TakeLast(PastRun.MostKept)],
            });
    }

    /// <summary>Writes down what a command by hand did to the repositories; everything else stays as it is.</summary>
    /// <param name="command">Its name.</param>
    /// <returns>False if it could not be written.</returns>
    public bool RememberRepositories(RunReport report, string command)
    {
        var failure = _isUnreachable ? "cannot read the state, so it is left unchanged"
            : _file.Write((_state ?? Nothing) with
            {
                Repositories = Repositories(report),
                Borg = report.LatestBorg,
                LastCommand = new CommandState(command, context.Clock.GetUtcNow()),
            });
        if (failure is not null)
            _messages.Error(failure);
        return failure is null;
    }

    private BackupState WithGroup(BackupState state) => ReportedGroup.Of(configuration) is not { } group ? state
        : state with
        {
            ReportedGroups =
            [
                .. state.ReportedGroups.Where(other => other != group).TakeLast(ReportedGroup.MostKept - 1), group,
            ],
        };

    /// <summary>Also those of an earlier name: the first run of a name takes them over.</summary>
    private IReadOnlyList<ReportedGroup> GroupsLeftBehind()
    {
        var current = ReportedGroup.Of(configuration);
        // There may be hundreds of other states, and each takes a millisecond.
        if (_state is null || (_state.LastReport is not null && _state.ReportedGroups.All(group => group == current)))
            return [];
        var groups = LeftBehind.Of(current, _state, Others(), Resolved(configuration.File));
        if (_state.LastReport is null)
            _state = _state with { ReportedGroups = [.. groups.TakeLast(ReportedGroup.MostKept - 1)] };
        return groups;
    }

    /// <summary>The states of backups with other names.</summary>
    private IReadOnlyList<BackupState> Others() =>
    [
        .. StateDirectory.Read(configuration.State.Directory!).Where(other => other.Name != configuration.Backup.Name)
            .Select(other => other.State with
            {
                ConfigurationFile = other.State.ConfigurationFile is { } file ? Resolved(file) : null,
            }),
    ];

    private RunReport Look(RunReport report, bool isRunning = false)
    {
        (_state, var failure) = _file.Read(out _isUnreachable);
        if (failure is not null)
            _messages.Warning($"cannot use the state: {failure}");
        if (_state is null)
            return report;
        if (_state.RunInProgress is { } lost && !isRunning)
            _messages.Warning($"the run of {lost.StartedAt:yyyy-MM-dd HH:mm:ss}Z never reported",
                "it was killed, or the power failed");
        var others = StateDirectory.Others(configuration.State.Directory!, except: configuration.Backup.Name,
            withVerified: _state.Repositories.Any(known => known.Memory.DamagedSince is not null));
        return report with
        {
            Repositories =
            [
                .. report.Repositories.Select(repository => Look(
                    report, repository, _state.Of(repository.Series, report.Repositories.Count == 1), isRunning) with
                {
                    Others = others,
                }),
            ],
            HasMemory = _state.Repositories.Count > 0,
            Sources = _state.Sources,
            Borg = _state.Borg,
            EarlierWarnedRuns = _state.WarnedRuns ?? 0,
            InterruptedRuns = _state.RunInProgress is null ? _state.InterruptedRuns : (_state.InterruptedRuns ?? 0) + 1,
        };
    }

    private RepositoryReport Look(
        RunReport report, RepositoryReport repository, RepositoryMemory memory, bool isRunning)
    {
        var isWrong = memory.LastSuccess > context.Clock.GetUtcNow() + ClockTolerance;
        if (isWrong)
            _messages.About(repository.Label).Warning(
                $"the recorded last success, {memory.LastSuccess:yyyy-MM-dd HH:mm:ss}Z, lies in the future: ignored",
                "check this host's clock; the next success corrects the record", isFault: true);
        IReadOnlyList<ArchiveState> archives =
        [
            .. _state!.Archives.Where(
                archive => archive.Repository == repository.Name && archive.Stream == repository.Stream),
        ];
        return repository with
        {
            Memory = memory with
            {
                LastSuccess = isWrong ? null : memory.LastSuccess,
                FirstRun = memory.FirstRun ?? report.StartedAt,
                RunsWithoutArchive = memory.RunsWithoutArchive ?? 0,
                IsPruneHeld = HasRetention(repository) ? memory.IsPruneHeld : null,
                UnreportedSince = memory.UnreportedSince ?? (isRunning ? null : _state!.RunInProgress?.StartedAt),
            },
            IsLastSuccessWrong = isWrong,
            Usual = ArchiveHistory.Usual(archives, report.StartedAt),
            LastDuration = archives.Count > 0 ? archives[^1].Duration : null,
        };
    }

    private static RunReport WithoutLastSuccess(RunReport report) => report with
    {
        Repositories = [.. report.Repositories.Select(repository => repository with
        {
            Memory = repository.Memory with { LastSuccess = null, FirstRun = null, RunsWithoutArchive = null },
        })],
        HasMemory = false,
    };

    private bool HasRetention(RepositoryReport repository) => configuration.Repositories.Any(
        settings => settings.Series == repository.Series && settings.Retention is not null);

    private bool Write(RunReport report, bool isInProgress)
    {
        // Only a new success is worth more than a state that may be there.
        if (_isUnreachable && !report.HasAnyArchive)
            return false;
        var state = (_state ?? Nothing) with
        {
            Version = BackupState.CurrentVersion,
            LastSuccess = null,
            PruneScope = null,
            Repositories = Repositories(isInProgress ? report : report.WithRunCounted()),
            Sources = report.HasAnyArchive ? report.Sources : _state?.Sources ?? [],
            Borg = report.LatestBorg,
            Archives = Archives(report),
            Runs = Runs(report, isInProgress),
            LastReport = isInProgress ? _state?.LastReport : report,
            // A success is reported together with the runs lost before it, and ends their count.
            WarnedRuns = isInProgress ? report.EarlierWarnedRuns : report.WarnedRuns,
            InterruptedRuns = report.HasArchive && !isInProgress ? 0 : report.InterruptedRuns,
            RunInProgress = isInProgress ? new RunState { StartedAt = report.StartedAt } : null,
            ConfigurationFile = configuration.File,
        };
        if (_file.Write(state) is not { } failure)
        {
            _state = state;
            return true;
        }
        if (!_hasComplained)
            _messages.Warning(failure, "until the state can be written, only the Pushgateway knows the last success",
                isFault: true);
        _hasComplained = true;
        return false;
    }

    private DateTimeOffset? Stored(RepositoryReport repository, RunReport report) =>
        _state?.Of(repository.Series, report.Repositories.Count == 1).LastSuccess;

    /// <summary>A last success that cannot be true stays until a success replaces it, so that each report until then
    /// says so. A repository that is not configured any more may come back.</summary>
    private IReadOnlyList<RepositoryState> Repositories(RunReport report) =>
    [
        .. report.Repositories.Select(repository => new RepositoryState(repository.Location, repository.Memory with
        {
            LastSuccess = repository.LastSuccess ?? (repository.IsLastSuccessWrong ? Stored(repository, report) : null),
        })
        {
            Stream = repository.Stream,
        }),
        .. (_state?.Repositories ?? []).ExceptBy(
            report.Repositories.Select(repository => repository.Series), other => other.Series),
    ];

    /// <summary>One configuration may be reached by several links.</summary>
    private static string Resolved(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return file;
        }
    }

    /// <summary>The last archives with this run's, which is written more than once.</summary>
    private IReadOnlyList<ArchiveState> Archives(RunReport report) => ArchiveHistory.Thin(
        (_state?.Archives ?? []).Where(archive => archive.StartedAt != report.StartedAt)
            .Concat(report.Repositories.Where(repository => repository.HasArchive).Select(repository => new ArchiveState
            {
                StartedAt = report.StartedAt,
                Duration = repository.Step(StepKind.Create)!.Duration,
                Repository = repository.Name,
                Stream = repository.Stream,
                Name = repository.Archive!.Name,
                IsFirst = repository.IsFirstArchive,
                Stats = repository.Archive.Stats,
            })));

    /// <summary>The last runs, with one that never reported, and with this one once it has ended.</summary>
    private IReadOnlyList<PastRun> Runs(RunReport report, bool isInProgress)
    {
        var runs = (_state?.Runs ?? []).Where(run => run.StartedAt != report.StartedAt);
        if (_state?.RunInProgress is { } lost && lost.StartedAt != report.StartedAt)
            runs = runs.Append(new PastRun { StartedAt = lost.StartedAt });
        return [.. (isInProgress ? runs : runs.Append(PastRun.Of(report))).TakeLast(PastRun.MostKept)];
    }
}
