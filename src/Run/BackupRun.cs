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
/// <param name="only">The one repository that somebody chose; null for all.</param>
internal sealed class BackupRun(BackupConfiguration configuration, RunContext context, string? only = null)
{
    private readonly Interruption _interruption = context.Interruption;
    private readonly Messages _messages = context.Messages;
    private readonly RunMemory _memory = new(configuration, context);
    private readonly long _startedAt = context.Clock.GetTimestamp();

    /// <summary>Who has the report, once the run has ended.</summary>
    public Delivery Delivery { get; private set; } = Delivery.Of(configuration, isPushed: false, isWritten: false);

    public RunReport Execute()
    {
        var report = NewReport.Of(configuration, context.Clock.GetUtcNow(), only);
        var (runLock, isBusy) = Guarded(TakeLock, (null, false));
        using (runLock)
        {
            // The run before this one may have ended just now.
            report = report with { StartedAt = context.Clock.GetUtcNow() };
            if (isBusy)
                return Deliver(Guarded(() => _memory.Glance(report), report) with { Ending = RunEnding.Skipped });
            report = Guarded(() => _memory.Recall(report), report);
            report = Guarded(() => BackUp(report), report);
            report = Guarded(() => RunPostexec(report), report);
            var isStored = Guarded(() => _memory.Remember(Finished(report)), false);
            report = Deliver(isStored ? report : report with { EarlierWarnedRuns = null });
            Guarded(() => _memory.Close(report, Delivery.Pushed == true), false);
            return report;
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
                "if it hangs, stop it with kill, not kill -9, so that borg and postexec can finish");
        return (runLock, result == LockResult.Busy);
    }

    private RunReport BackUp(RunReport report)
    {
        var preexec = ScriptsOf(ScriptEnvironment.Preexec, report).RunUntilFailure(configuration.Preexec);
        var isSkipped = preexec.ReturnCode == ExitCodes.TemporaryFailure;
        report = report with { Preexec = preexec, Ending = isSkipped ? RunEnding.Skipped : RunEnding.Completed };
        if (preexec.ReturnCode != 0 && !isSkipped && !configuration.Hooks.ContinueOnFailure)
            _messages.Error("not running borg: preexec failed",
                "fix the script; [hooks] on_failure = continue backs up without what it prepares");
        var mayContinue = !isSkipped && (preexec.ReturnCode == 0 || configuration.Hooks.ContinueOnFailure);
        if (!mayContinue || _interruption.IsRequested || WithSources(report) is not { } checkedReport)
            return report;
        return _interruption.IsRequested ? report : RunBorg(checkedReport);
    }

    /// <summary>Looks at the source paths.</summary>
    /// <returns>Null if borg must not run.</returns>
    private RunReport? WithSources(RunReport report)
    {
        var (sources, problems) = SourceCheck.Look(configuration.Sources, report.Sources, _interruption);
        var mustExist = configuration.Backup.PathsMustExist;
        SourceCheck.Show(problems, mustExist, _messages);
        return problems.Count > 0 && mustExist ? null
            : report with { Sources = sources, HasReadSources = problems.Count == 0 };
    }

    /// <summary>First every archive, then the upkeep of each repository.</summary>
    private RunReport RunBorg(RunReport before)
    {
        before = InstalledBorg.AddTo(before, configuration, context);
        using var connections = new SharedConnections(configuration, context);
        var all = RepositorySteps.Of(configuration, context, BorgDialect.Of(before.Borg), connections);
        var report = ForEach(all, before, (steps, one, series) => steps.Create(one, series, before), Remember);
        if (configuration.Hooks.PostexecAfterCreate)
            report = RunPostexec(report);
        report = ForEach(all, report, (steps, one, _) => steps.Prune(one, before));
        report = ForEach(all, report, (steps, one, series) => one == series[0] ? steps.Compact(one, series) : one);
        return ForEach(all, report, Check, Remember);
    }

    private RepositoryReport Check(
        RepositorySteps steps, RepositoryReport one, IReadOnlyList<RepositoryReport> series)
    {
        if (!Plan.MayCheck(series))
            return one;
        // What concerns the whole repository is done with the first of its series.
        if (one == series[0])
            one = steps.Check(one);
        return _interruption.IsRequested ? one : steps.ReadBack(one);
    }

    /// <summary>The next repository may take days.</summary>
    private void Remember(RunReport report)
    {
        if (report.HasAnyArchive || report.Repositories.Any(repository => repository.Step(StepKind.Check) is not null))
            Guarded(() => _memory.RememberArchive(report), false);
    }

    /// <param name="step">Gets one series, and all in its repository.</param>
    private RunReport ForEach(
        IReadOnlyList<RepositorySteps> all, RunReport report,
        Func<RepositorySteps, RepositoryReport, IReadOnlyList<RepositoryReport>, RepositoryReport> step,
        Action<RunReport>? afterEach = null)
    {
        for (var i = 0; i < all.Count && !_interruption.IsRequested; i++)
        {
            var one = report.Repositories[i];
            if (one.IsLeftOut)
                continue;
            var series = report.SeriesIn(one.Location);
            var done = Guarded(() => step(all[i], one, series), one);
            if (ReferenceEquals(done, one))
                continue;
            report = report.With(done);
            afterEach?.Invoke(report);
        }
        return report;
    }

    private RunReport RunPostexec(RunReport report)
    {
        if (report.Postexec is not null)
            return report;
        report = report with { Signal = _interruption.Signal, Problems = _messages.Problems };
        return report with { Postexec = ScriptsOf(ScriptEnvironment.Postexec, report).RunAll(configuration.Postexec) };
    }

    private RunReport Deliver(RunReport report)
    {
        // A signal from now on bounds the delivery, but does not change how the run ended.
        var final = Finished(report);
        var isDelivered = Guarded(() =>
        {
            var delivery = new ReportDelivery(configuration, context);
            var isComplete = delivery.Deliver(final);
            Delivery = delivery.Result;
            return isComplete;
        }, false);
        final = final with
        {
            Problems = _messages.Problems,
            Duration = context.Clock.GetElapsedTime(_startedAt),
        };
        RunSummary.Show(final, isDelivered, _messages);
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

    private Scripts ScriptsOf(string step, RunReport report) => new(
        step, configuration.Hooks, ScriptEnvironment.Of(step, configuration, report, context.Environment), context);
}
