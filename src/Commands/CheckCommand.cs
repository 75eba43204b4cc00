using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator check</c>: checks repositories and reads files back, when that is due or somebody asks for
/// it. The next run reports the result.</summary>
internal static class CheckCommand
{
    /// <returns>0, 1 or 2, as a monitoring plugin, unless a signal ended it.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return (int)StatusLevel.Critical;
        var configuration = result.Configuration;
        if (configuration.Check is null && !commandLine.Now && !commandLine.Drill)
        {
            context.Messages.Error("the configuration has no [check], so nothing is due",
                "to check now: --now; to read files back now: --drill");
            return (int)StatusLevel.Warning;
        }
        var (runLock, isBusy) = LockedCommand.Take(configuration, context);
        using (runLock)
        {
            var level = isBusy ? StatusLevel.Warning : Check(configuration, commandLine, context);
            return context.Interruption.Signal is { } signal ? ExitCodes.SignalBase + signal : (int)level;
        }
    }

    private static StatusLevel Check(
        BackupConfiguration configuration, CommandLine commandLine, RunContext context)
    {
        var memory = new RunMemory(configuration, context);
        var report = InstalledBorg.AddTo(
            memory.LookOnly(NewReport.Of(configuration, context.Clock.GetUtcNow(), commandLine.Repository)),
            configuration, context);
        using var connections = new SharedConnections(configuration, context);
        var all = RepositorySteps.Of(configuration, context, BorgDialect.Of(report.Borg), connections);
        foreach (var (place, steps) in all.Index())
        {
            var one = report.Repositories[place];
            if (!one.IsLeftOut && !context.Interruption.IsRequested && report.IsFirstInRepository(one))
                report = report.With(steps.Check(one, commandLine.Now));
            if (!one.IsLeftOut && !context.Interruption.IsRequested)
                report = report.With(steps.ReadBack(report.Repositories[place], commandLine.Drill, commandLine.Seed));
        }
        var isStored = memory.RememberRepositories(report, commandLine.Definition.Name);
        var checkedNow = report.Repositories.Where(repository => !repository.IsLeftOut).ToList();
        foreach (var repository in checkedNow)
            context.Messages.About(repository.Label).Info(
                (WasInVain(repository, commandLine) ? "NOT checked (see above); " : "")
                    + CheckSummary.Of(repository, report.IsFirstInRepository(repository)));
        var level = checkedNow.Max(CheckSummary.LevelOf);
        var isUndone = !isStored || context.Messages.Problems.Count > 0 || context.Interruption.IsRequested;
        return level == StatusLevel.Ok && isUndone ? StatusLevel.Warning : level;
    }

    /// <summary>What somebody asked for did not come to a verdict.</summary>
    private static bool WasInVain(RepositoryReport repository, CommandLine commandLine) =>
        (commandLine.Now || commandLine.Drill) && !repository.Steps.Any(step => step.IsVerdict);
}
