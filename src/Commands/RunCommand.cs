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
        var (report, delivery) = result.IsValid ? BackUp(result.Configuration, commandLine.Repository, context)
            : ReportMisconfigured(result, context);
        var isPrinted = !commandLine.Json
            || PrintCommand.Run(RunJson.Of(report, delivery).Line, context.Messages) == ExitCodes.Success;
        return isPrinted ? report.ExitCode : ExitCodes.Worst([report.ExitCode, ExitCodes.InputOutput]);
    }

    private static (RunReport, Delivery) BackUp(BackupConfiguration configuration, string? only, RunContext context)
    {
        var run = new BackupRun(configuration, context, only);
        return (run.Execute(), run.Delivery);
    }

    /// <summary>Nothing is started with a wrong configuration, but it is reported if its report's identity is
    /// certain.</summary>
    private static (RunReport, Delivery) ReportMisconfigured(ConfigurationResult result, RunContext context)
    {
        var configuration = result.Configuration;
        var report = NewReport.Of(configuration, context.Clock.GetUtcNow()) with
        {
            Ending = RunEnding.Misconfigured,
            Problems = context.Messages.Problems,
        };
        if (!result.CanReport)
            return (Ended(report, isDelivered: false, context),
                Delivery.Of(configuration, isPushed: false, isWritten: false));
        // Without the lock the last success is not known: another run may be changing it right now.
        var (runLock, _) = RunLock.Take(
            configuration.State.Directory, configuration.Backup.Name, TimeSpan.Zero, context.Interruption, onWait: () =>
                { }, out _);
        using (runLock)
        {
            var memory = runLock is null ? null : new RunMemory(configuration, context);
            var delivery = new ReportDelivery(configuration, context);
            report = memory?.LookOnly(report) ?? report;
            delivery.Deliver(report);
            report = Ended(report, delivery.Result is { Pushed: true } or { TextfileWritten: true }, context);
            memory?.RememberMisconfigured(report, delivery.IsPushed);
            return (report, delivery.Result);
        }
    }

    private static RunReport Ended(RunReport report, bool isDelivered, RunContext context)
    {
        report = report with { Problems = context.Messages.Problems };
        RunSummary.Show(report, isDelivered, context.Messages);
        return report;
    }
}
