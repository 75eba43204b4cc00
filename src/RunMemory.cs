using Assimilator.Configuration;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>What one run hands to the next: recalled when the run begins, remembered when it has ended.</summary>
internal sealed class RunMemory(BackupConfiguration configuration, Messages messages)
{
    private readonly StateFile _file = new(configuration.State.Directory, configuration.Backup.Name);
    private BackupState? _state;

    /// <summary>Adds to the report what earlier runs left, and marks this run as in progress. A state that cannot be used
    /// is put aside: the run goes on without.</summary>
    public RunReport Recall(RunReport report)
    {
        var recalled = Look(report);
        if (_state is null)
        {
            var aside = _file.SetAside();
            messages.Warning("when this backup last succeeded is not known here; the Pushgateway keeps what it knows",
                aside is null ? null : $"the unusable state is kept as {aside}");
        }
        var begun = (_state ?? new BackupState { Version = BackupState.CurrentVersion }) with
        {
            InterruptedRuns = recalled.InterruptedRuns ?? 0,
            RunInProgress = new RunState(report.StartedAt, Environment.ProcessId),
        };
        if (_file.Write(begun) is { } failure)
            messages.Warning(failure);
        return recalled;
    }

    /// <summary>Adds to the report what earlier runs left, and changes nothing on disk.</summary>
    public RunReport Look(RunReport report)
    {
        (_state, var failure) = _file.Read();
        if (failure is not null)
            messages.Warning($"the state is not usable: {failure}");
        if (_state is null)
            return report;
        if (_state.RunInProgress is { } lost)
            messages.Warning($"the run of {lost.StartedAt:yyyy-MM-dd HH:mm:ss}Z never reported: it was killed, or the power failed");
        return report with
        {
            LastSuccess = _state.LastSuccess,
            InterruptedRuns = _state.InterruptedRuns + (_state.RunInProgress is null ? 0 : 1),
        };
    }

    /// <summary>Writes down what the next run must know.</summary>
    /// <returns>False if it could not be written.</returns>
    public bool Remember(RunReport report)
    {
        var ended = (_state ?? new BackupState { Version = BackupState.CurrentVersion }) with
        {
            LastSuccess = report.LastSuccess,
            // A success is reported together with the runs lost before it, and ends their count.
            InterruptedRuns = report.HasArchive ? 0 : report.InterruptedRuns ?? 0,
            RunInProgress = null,
        };
        if (report is { HasArchive: true, Create.Output: { } output })
        {
            var archive = output.Archive;
            ended = ended with
            {
                LastArchive = new ArchiveState(
                    output.ArchiveName, archive.OriginalSize, archive.CompressedSize, archive.DeduplicatedSize, archive.NFiles),
            };
        }
        if (_file.Write(ended) is not { } failure)
            return true;
        messages.Warning(failure);
        return false;
    }
}
