using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>Shows what a run would do, and lets borg try as far as that changes nothing: no script runs, and nothing is
/// written or pushed.</summary>
/// <param name="only">The one repository that somebody chose; null for all.</param>
internal sealed class DryRun(BackupConfiguration configuration, RunContext context, string? only = null)
{
    private readonly Interruption _interruption = context.Interruption;
    private readonly Messages _messages = context.Messages;
    private readonly int _earlierProblems = context.Messages.Problems.Count;

    /// <returns>The exit code.</returns>
    public int Execute()
    {
        var report = Report(configuration, context, only);
        _messages.Info("a run would take these steps:");
        foreach (var step in PlannedSteps.Of(configuration, report, context.Environment))
            _messages.About(step.Label).Info(step.ToString());
        _messages.Info("trying them without changing anything:");
        var isGood = Try(report);
        if (_interruption.Signal is { } signal)
            return ExitCodes.SignalBase + signal;
        var hasProblems = _messages.Problems.Count > _earlierProblems;
        _messages.Info(!isGood ? "dry run: the run would FAIL (see above)"
            : hasProblems ? "dry run: problems (see above)"
            : "dry run OK");
        return !isGood ? ExitCodes.NoArchive : hasProblems ? ExitCodes.Problems : ExitCodes.Success;
    }

    /// <summary>The report of a run that would start now. A run that is in progress is told.</summary>
    public static RunReport Report(BackupConfiguration configuration, RunContext context, string? only)
    {
        var name = configuration.Backup.Name;
        var isRunning = RunLock.IsHeld(configuration.State.Directory, name);
        if (isRunning)
            context.Messages.Info($"a run of {name} is in progress: borg may have to wait for it");
        var report = new RunMemory(configuration, context).Peek(
            NewReport.Of(configuration, context.Clock.GetUtcNow(), only), isRunning);
        report = InstalledBorg.AddTo(report, configuration, context);
        foreach (var problem in MissingFeatures.Of(configuration, report.Borg))
            context.Messages.Warning(problem.Message, problem.Hint);
        return report;
    }

    /// <returns>False if a run would make no archive, or not in every repository.</returns>
    private bool Try(RunReport report)
    {
        var (_, problems) = SourceCheck.Look(configuration.Sources, report.Sources, _interruption);
        var mustExist = configuration.Backup.PathsMustExist;
        SourceCheck.Show(problems, mustExist, _messages);
        if (problems.Count > 0 && configuration.Preexec.Count > 0)
            _messages.Info("preexec did not run: would it make the path available?");
        var hasSources = problems.Count == 0 || !mustExist;
        var isGood = hasSources;
        var failed = new HashSet<string>();
        foreach (var (preview, one) in RepositoryPreview.Of(configuration, context, BorgDialect.Of(report.Borg))
            .Zip(report.Repositories))
        {
            if (one.IsLeftOut || failed.Contains(one.Location) || _interruption.IsRequested)
                continue;
            var access = preview.Open(out var whyAbsent);
            if (access == RepositoryAccess.Absent)
                _messages.About(one.Label).Info($"skipped: {whyAbsent}");
            if (access == RepositoryAccess.Failed)
                failed.Add(one.Location);
            isGood &= access != RepositoryAccess.Failed;
            if (access != RepositoryAccess.Open || !hasSources || _interruption.IsRequested)
                continue;
            isGood &= one.Stream is not null || preview.Create();
            // What is missing keeps a run from pruning.
            if (problems.Count == 0 || one.Stream is not null)
                preview.Prune(one, report.StartedAt);
        }
        return isGood;
    }
}
