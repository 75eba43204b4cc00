using System.Diagnostics;
using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Hooks;
using Assimilator.Processes;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>One run of one backup, top to bottom. Each step adds to the report what it did, and says whether the next one
/// may run.</summary>
internal sealed class BackupRun(
    BackupConfiguration configuration, IReadOnlyDictionary<string, string> environment, Interruption interruption,
    Messages messages)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly RunMemory _memory = new(configuration, messages);
    private RunLock? _lock;
    private bool _mayRun = true;
    private bool _isDelivered;
    private RunReport _report = new() { StartedAt = DateTimeOffset.UtcNow, Interval = configuration.Backup.Interval };

    /// <summary>Runs to the end, whatever happens on the way.</summary>
    /// <returns>The exit code.</returns>
    public int Execute()
    {
        Guarded(TakeLock);
        using (_lock)
        {
            if (_mayRun)
            {
                Guarded(RecallState);
                Guarded(BackUp);
                Guarded(RunPostexec);
                Guarded(RememberState);
            }
            Guarded(Report);
            if (_mayRun)
                Guarded(CloseState);
        }
        messages.Info(RunSummary.Ended(_report, _isDelivered, ExitCode));
        return ExitCode;
    }

    private int ExitCode => _isDelivered || _report.ExitCode != ExitCodes.Success ? _report.ExitCode : ExitCodes.Attention;

    private void BackUp()
    {
        if (RunPreexec() && PathsExist() && Create() && Prune())
            Compact();
    }

    private void TakeLock()
    {
        var wait = configuration.Backup.LockWait;
        (_lock, var result) = RunLock.Take(
            configuration.State.Directory, configuration.Backup.Name, wait, interruption,
            onWait: () => messages.Info($"another run of {configuration.Backup.Name} is in progress, waiting for it"),
            out var failure);
        _mayRun = result != LockResult.Busy;
        if (result == LockResult.Busy && !interruption.IsRequested)
        {
            messages.Error($"another run of {configuration.Backup.Name} is still in progress after {Quantities.Duration(wait)}",
                "if it hangs, end it; the lock goes with its process");
            _report = _report with { IsSkipped = true };
        }
        if (result == LockResult.Unavailable)
        {
            messages.Warning($"running without a lock: {failure}", "check [state] directory");
            _report = _report with { WantsAttention = true };
        }
    }

    private void RecallState() => _report = _memory.Recall(_report);

    private bool RunPreexec()
    {
        var step = Scripts(ScriptEnvironment.Preexec).RunUntilFailure(ScriptEnvironment.Preexec, configuration.Preexec);
        _report = _report with { Preexec = step, IsSkipped = step.ReturnCode == ExitCodes.TemporaryFailure };
        if (interruption.IsRequested || _report.IsSkipped)
            return false;
        if (step.ReturnCode != 0 && !configuration.Hooks.ContinueOnFailure)
            messages.Error("borg is not run, because preexec failed", "[hooks] on_failure = continue runs it all the same");
        return step.ReturnCode == 0 || configuration.Hooks.ContinueOnFailure;
    }

    private bool PathsExist()
    {
        var missing = configuration.Backup.PathsMustExist
            ? PathCheck.FindMissing(configuration.Paths, interruption).ToList()
            : [];
        foreach (var (path, problem) in missing)
            messages.Error($"the path {path} {problem}", path.Contains(" /", StringComparison.Ordinal)
                ? "each path has a line of its own in [paths]"
                : "is it mounted? paths_must_exist = false leaves it to borg");
        return missing.Count == 0 && !interruption.IsRequested;
    }

    private bool Create()
    {
        messages.Info($"creating an archive in {configuration.Repository.Location}");
        var borg = Borg().Run(BorgCommandLine.Create(configuration), configuration.Borg.CreateTimeout, selfTest: true);
        if (borg.Exit.StartFailure is not null)
        {
            messages.Error(RunSummary.Failed("create", borg));
            return false;
        }
        var create = CreateStep.Of(borg, out var problem);
        _report = _report with { Create = create };
        if (create.HasArchive)
        {
            _report = _report.WithSuccessAt(DateTimeOffset.UtcNow);
            _memory.RememberArchive(_report);
            messages.Info(RunSummary.Created(create));
            if (create.Output?.Archive?.Stats?.Nfiles == 0)
            {
                messages.Warning("the archive holds no files, so nothing is pruned", "is something not mounted?");
                _report = _report with { WantsAttention = true };
            }
            if (problem is not null)
            {
                messages.Warning($"{problem}, so some metrics are missing");
                _report = _report with { WantsAttention = true };
            }
        }
        else
        {
            messages.Error(RunSummary.Failed("create", borg));
        }
        return create.HasArchive && create.Output?.Archive?.Stats?.Nfiles != 0 && !interruption.IsRequested;
    }

    private bool Prune()
    {
        if (configuration.Retention is not { } retention)
            return false;
        if (_memory.FindSharing(_report) is { } other)
        {
            var name = Path.GetFileNameWithoutExtension(other.State);
            messages.Error($"nothing is pruned: the backup {name} of {other.Configuration} prunes the same archives of the same repository",
                $"let archive begin differently in each; if {name} is no more, or was only tried, or is this backup's old name: rm {other.State}");
            _report = _report with { WantsAttention = true };
            return false;
        }
        var borg = Borg().Run(
            BorgCommandLine.Prune(configuration, retention), configuration.Borg.PruneTimeout, selfTest: false);
        if (HasRun("prune", borg))
            _report = _report with { Prune = borg };
        if (borg.Status == BorgExitStatus.Error)
            return false;
        messages.Info(RunSummary.Pruned(borg));
        return retention.Compact && _report.Create is not { Borg.CompactsInPrune: true } && !interruption.IsRequested;
    }

    private void Compact()
    {
        var borg = Borg().Run(BorgCommandLine.Compact(configuration), configuration.Borg.CompactTimeout, selfTest: false);
        if (HasRun("compact", borg))
            _report = _report with { Compact = borg };
        if (borg.Status != BorgExitStatus.Error)
            messages.Info(RunSummary.Compacted(borg));
    }

    private void RunPostexec()
    {
        _report = _report with { Signal = interruption.Signal };
        var step = Scripts(ScriptEnvironment.Postexec).RunAll(ScriptEnvironment.Postexec, configuration.Postexec);
        _report = _report with { Postexec = step };
    }

    private void RememberState()
    {
        if (!_memory.Remember(_report))
            _report = _report with { WantsAttention = true, EarlierWarnedRuns = null };
    }

    private void Report()
    {
        _report = _report with { Signal = interruption.Signal, Duration = Stopwatch.GetElapsedTime(_startedAt) };
        _isDelivered = new ReportDelivery(configuration, environment, interruption, messages).Deliver(_report);
    }

    private void CloseState() => _memory.Close(_isDelivered ? _report : _report with { WantsAttention = true });

    /// <summary>A defect of our own costs one step, not the steps after it and not the report.</summary>
    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            messages.Unexpected(exception);
            _report = _report with { WantsAttention = true };
        }
    }

    private ScriptRun Scripts(string step) => new(
        configuration.Hooks, ScriptEnvironment.Of(step, configuration, _report, environment), interruption, messages);

    private BorgProcess Borg() => new(configuration, environment, interruption, messages);

    /// <summary>Says so when a later borg failed; one that could not be started has no result to report.</summary>
    private bool HasRun(string command, BorgResult borg)
    {
        if (borg.Status != BorgExitStatus.Success)
            messages.Error(RunSummary.Failed(command, borg));
        if (borg.Exit.StartFailure is null)
            return true;
        _report = _report with { WantsAttention = true };
        return false;
    }
}
