using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator validate --online</c>: looks at everything that a run would use, and changes and writes
/// nothing.</summary>
internal sealed class OnlineValidation(BackupConfiguration configuration, RunContext context)
{
    /// <summary>A look is not worth the wait of a backup.</summary>
    private static readonly TimeSpan LongestLockWait = TimeSpan.FromSeconds(30);

    private readonly BackupConfiguration _configuration = configuration with
    {
        Repositories =
        [
            .. configuration.Repositories.Select(settings => settings.LockWait <= LongestLockWait ? settings
                : settings with { LockWait = LongestLockWait }),
        ],
    };

    private readonly Messages _messages = context.Messages;
    private readonly int _earlierProblems = context.Messages.Problems.Count;
    private bool _isUsable = true;

    /// <returns>The exit code.</returns>
    public int Run()
    {
        var report = DryRun.Report(_configuration, context, only: null);
        LookAtSources(report);
        var failed = new HashSet<string>();
        var previews = RepositoryPreview.Of(_configuration, context, BorgDialect.Of(report.Borg));
        foreach (var (preview, one) in previews.Zip(report.Repositories))
        {
            if (!failed.Contains(one.Location) && !context.Interruption.IsRequested && !LookAt(preview, one, report))
                failed.Add(one.Location);
        }
        if (!context.Interruption.IsRequested)
            _isUsable &= new ReportDelivery(_configuration, context).Look();
        if (context.Interruption.Signal is { } signal)
            return ExitCodes.SignalBase + signal;
        return failed.Count > 0 || !_isUsable ? ExitCodes.NoArchive
            : _messages.Problems.Count > _earlierProblems ? ExitCodes.Problems
            : ExitCodes.Success;
    }

    private void LookAtSources(RunReport report)
    {
        var (_, problems) = SourceCheck.Look(_configuration.Sources, report.Sources, context.Interruption);
        var mustExist = _configuration.Backup.PathsMustExist;
        SourceCheck.Show(problems, mustExist, _messages);
        _isUsable &= problems.Count == 0 || !mustExist;
        if (problems.Count == 0 && _configuration.Sources.Count > 0)
            _messages.Info($"{Quantities.Count(_configuration.Sources.Count, "source path")} can be read");
    }

    /// <returns>False if the repository cannot be used.</returns>
    private bool LookAt(RepositoryPreview preview, RepositoryReport one, RunReport report)
    {
        var messages = _messages.About(one.Label);
        switch (preview.Open(out var whyAbsent))
        {
            case RepositoryAccess.Failed:
                return false;
            case RepositoryAccess.Absent:
                messages.Warning($"the repository is absent: {whyAbsent}", "runs skip it: may_be_absent = true");
                return true;
        }
        var found = preview.Found!;
        messages.Info($"the repository {one.Location} can be opened"
            + (found.BorgVersion is { } version ? $" with borg {version}" : ""));
        if (one.Memory.Id is { } known && found.Id is { } id && id != known)
            messages.Warning($"this is not the repository of the last archive: its id is {id}, and was {known}",
                "was it created again? otherwise check [repository] location");
        messages.Info(preview.DescribeArchives(report.StartedAt));
        if (!context.Interruption.IsRequested)
            preview.Prune(one, report.StartedAt);
        return true;
    }
}
