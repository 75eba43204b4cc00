using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator check</c>: checks repositories and reads files back, when that is due or somebody asks for
/// it. The next run reports the result.</summary>
internal static class CheckCommand
{
    /// <returns>0, 1 or 2, as a monitoring plugin.</returns>
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
            return (int)(isBusy ? StatusLevel.Warning : Check(configuration, commandLine, context));
    }

    private static StatusLevel Check(
        BackupConfiguration configuration, CommandLine commandLine, RunContext context)
    {
        var memory = new RunMemory(configuration, context);
        var report = memory.LookOnly(NewReport.Of(configuration, context.Clock.GetUtcNow(), commandLine.Repository));
        foreach (var settings in configuration.Repositories)
        {
            var repository = report.Repositories.First(one => one.Series == settings.Series);
            if (repository.IsLeftOut || context.Interruption.IsRequested)
                continue;
            var steps = new RepositorySteps(configuration, settings, context.About(settings.Name));
            report = report.With(steps.Check(repository, commandLine.Now, commandLine.Drill, commandLine.Seed));
        }
        var isStored = memory.RememberRepositories(report);
        var checkedNow = report.Repositories.Where(repository => !repository.IsLeftOut).ToList();
        foreach (var repository in checkedNow)
            context.Messages.About(repository.Name).Info(CheckSummary.Of(repository));
        var level = checkedNow.Max(CheckSummary.LevelOf);
        var isUndone = !isStored || context.Messages.Problems.Count > 0 || context.Interruption.IsRequested;
        return level == StatusLevel.Ok && isUndone ? StatusLevel.Warning : level;
    }
}
