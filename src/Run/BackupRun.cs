using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>One run of one backup, top to bottom: lock, preexec, source paths, the steps of borg, postexec, state,
/// report. Whatever happens on the way, it is reported.</summary>
internal sealed class BackupRun(BackupConfiguration configuration, RunContext context)
{
    private readonly Interruption _interruption = context.Interruption;
    private readonly Messages _messages = context.Messages;
    private readonly RunMemory _memory = new(configuration, context.Messages);
    private readonly long _startedAt = context.Clock.GetTimestamp();

    /// <returns>The exit code.</returns>
    public int Execute()
    {
        var report = new RunReport
        {
            Backup = configuration.Backup.Name,
            StartedAt = context.Clock.GetUtcNow(),
            Interval = configuration.Backup.Interval,
            Repositories = [new() { Location = configuration.Repository.Location }],
        };
        var (runLock, isBusy) = Guarded(TakeLock, (null, false));
        using (runLock)
        {
            if (isBusy)
                return Deliver(report with { Ending = RunEnding.Skipped }).ExitCode;
            report = Guarded(() => _memory.Recall(report), report);
            report = Guarded(() => BackUp(report), report);
            report = Guarded(() => RunPostexec(report), report);
            var isStored = Guarded(() => _memory.Remember(Finished(report)), false);
            report = Deliver(isStored ? report : report with { EarlierWarnedRuns = null });
            Guarded(() => _memory.Close(report), false);
            return report.ExitCode;
        }
    }

    private (RunLock? Lock, bool IsBusy) TakeLock()
    {
        var (name, wait) = (configuration.Backup.Name, configuration.Backup.LockWait);
        var (runLock, result) = RunLock.Take(
            configuration.State.Directory, name, wait, _interruption,
            onWait: () => _messages.Info($"another run of {name} is in progress: waiting"), out var failure);
        if (result == LockResult.Unavailable)
            _messages.Warning($"running without a lock: {failure}", "check [state] directory", isFault: true);
        if (result == LockResult.Busy && !_interruption.IsRequested)
            _messages.Error($"another run of {name} is still in progress after {Quantities.Duration(wait)}",
                "if it hangs, kill it: the lock goes with the process");
        return (runLock, result == LockResult.Busy);
    }

    private RunReport BackUp(RunReport report)
    {
        var preexec = Scripts(ScriptEnvironment.Preexec, report).RunUntilFailure(configuration.Preexec);
        var isSkipped = preexec.ReturnCode == ExitCodes.TemporaryFailure;
        report = report with { Preexec = preexec, Ending = isSkipped ? RunEnding.Skipped : RunEnding.Completed };
        if (preexec.ReturnCode != 0 && !isSkipped && !configuration.Hooks.ContinueOnFailure)
            _messages.Error("borg does not run: preexec failed",
                "[hooks] on_failure = continue would run it anyway");
        var mayContinue = !isSkipped && (preexec.ReturnCode == 0 || configuration.Hooks.ContinueOnFailure);
        return mayContinue && !_interruption.IsRequested && PathsExist() ? RunSteps(report) : report;
    }

    private bool PathsExist()
    {
        var missing = configuration.Backup.PathsMustExist
            ? PathCheck.FindMissing(configuration.Paths, _interruption).ToList()
            : [];
        foreach (var (path, problem) in missing)
            _messages.Error($"the path {path} {problem}", path.Contains(" /", StringComparison.Ordinal)
                ? "put each path on a line of its own in [paths]"
                : "is it mounted? paths_must_exist = false leaves it to borg");
        return missing.Count == 0;
    }

    private RunReport RunSteps(RunReport report)
    {
        foreach (var step in Plan.Of(configuration))
        {
            var soFar = report.Repositories[0];
            if (_interruption.IsRequested || !Plan.MayRun(step.Kind, soFar)
                || (step.Kind == StepKind.Prune && IsShared(report)))
                break;
            // Borg's self-test takes a quarter of a short run, and the create has just passed it.
            var isCreate = step.Kind == StepKind.Create;
            var result = Guarded(() => new BorgProcess(configuration, context).Run(step, selfTest: isCreate), null);
            if (result is null)
                break;
            report = report with { Repositories = [soFar.With(result, context.Clock.GetUtcNow())] };
            if (result.Archive is not null)
                Guarded(() => _memory.RememberArchive(report), false);
            Show(result);
        }
        return report;
    }

    private void Show(StepResult result)
    {
        if (Summary.Of(result) is { } summary)
            _messages.Info(summary);
        if (result.UnreadableOutput is { } problem)
            _messages.Warning($"{problem}, so some metrics are missing");
        if (result.Archive is { Stats.Nfiles: 0 })
            _messages.Warning("the archive contains no files, so nothing is pruned", "is something not mounted?",
                isFault: true);
    }

    private bool IsShared(RunReport report)
    {
        if (_memory.FindSharing(report) is not { } other)
            return false;
        var name = Path.GetFileNameWithoutExtension(other.State);
        _messages.Error(
            $"nothing is pruned: {other.Configuration} (backup {name}) would prune the same archives",
            $"give each backup its own archive prefix; if {name} is obsolete, delete {other.State}", isFault: true);
        return true;
    }

    private RunReport RunPostexec(RunReport report)
    {
        report = report with { Signal = _interruption.Signal, Problems = _messages.Problems };
        return report with { Postexec = Scripts(ScriptEnvironment.Postexec, report).RunAll(configuration.Postexec) };
    }

    private RunReport Deliver(RunReport report)
    {
        // A signal from now on bounds the delivery, but does not change how the run ended.
        var final = Finished(report);
        var isDelivered = Guarded(() => new ReportDelivery(configuration, context).Deliver(final), false);
        final = final with { Problems = _messages.Problems };
        _messages.Info(Summary.Ended(final, isDelivered));
        return final;
    }

    private RunReport Finished(RunReport report) => report with
    {
        Signal = _interruption.Signal,
        Problems = _messages.Problems,
        Duration = context.Clock.GetElapsedTime(_startedAt),
    };

    /// <summary>A defect of our own costs one step, not the steps after it and not the report.</summary>
    private T Guarded<T>(Func<T> step, T otherwise)
    {
        try
        {
            return step();
        }
        catch (Exception exception)
        {
            _messages.Unexpected(exception);
            return otherwise;
        }
    }

    private Scripts Scripts(string step, RunReport report) => new(
        step, configuration.Hooks, ScriptEnvironment.Of(step, configuration, report, context.Environment), context);
}
