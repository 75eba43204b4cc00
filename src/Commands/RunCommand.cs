using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator run</c>.</summary>
internal static class RunCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (commandLine.DryRun)
            return result.IsValid ? new DryRun(result.Configuration, context, commandLine.Repository).Execute()
                : ExitCodes.Configuration;
        return result.IsValid
            ? new BackupRun(result.Configuration, context, commandLine.Repository).Execute()
            : ReportMisconfigured(result, context);
    }

    /// <summary>Nothing is started with a wrong configuration, but it is reported if its report's identity is
    /// certain.</summary>
    private static int ReportMisconfigured(ConfigurationResult result, RunContext context)
    {
        if (!result.CanReport)
            return ExitCodes.Configuration;
        var configuration = result.Configuration;
        var report = NewReport.Of(configuration, context.Clock.GetUtcNow()) with
        {
            Ending = RunEnding.Misconfigured,
            Problems = context.Messages.Problems,
        };
        // Without the lock the last success is not known: another run may be changing it right now.
        var (runLock, _) = RunLock.Take(
            configuration.State.Directory, configuration.Backup.Name, TimeSpan.Zero, context.Interruption, onWait: () =>
                { }, out _);
        using (runLock)
        {
            var memory = runLock is null ? null : new RunMemory(configuration, context);
            var delivery = new ReportDelivery(configuration, context);
            delivery.Deliver(memory?.LookOnly(report) ?? report);
            if (delivery.IsPushed)
                memory?.RememberGroup();
        }
        return report.ExitCode;
    }
}
