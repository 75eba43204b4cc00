using System.Diagnostics;
using Assimilator.Posix;

namespace Assimilator.Processes;

/// <summary>How one child comes to its end: told when its time is up, or a signal or its command says so,
/// and killed with all it has started when it does not end in its grace.</summary>
internal sealed class ChildEnding(ChildCommand command, Interruption interruption, int processId)
{
    // A process that hangs in the kernel, or that is another user's by now, survives SIGKILL.
    private static readonly TimeSpan PatienceAfterKill = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WakeEvery = TimeSpan.FromMilliseconds(500);

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private int _signalsHandedOn;
    private TimeSpan? _toldAt;
    private TimeSpan? _wakesAt;
    private TimeSpan? _killedAt;

    /// <summary>Since the child was started.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>Whether the child was told to end.</summary>
    public bool IsTold => _toldAt is not null;

    /// <summary>Whether a child that is still there now will not go any more.</summary>
    public bool IsInVain => _killedAt is { } killedAt && Elapsed >= killedAt + PatienceAfterKill;

    /// <summary>The limit at which the child was told to end; null if there was none.</summary>
    public TimeSpan? TimedOutAfter { get; private set; }

    /// <summary>Tells or kills the child when it is time to.</summary>
    /// <returns>How long to wait for something to happen.</returns>
    public TimeSpan? EnforceLimits()
    {
        if (interruption.Count >= command.EndsAtSignal && interruption.Count > _signalsHandedOn)
            HandOnSignal();
        if (_toldAt is null && command.Stop.IsCancellationRequested)
            Tell(LibC.SigTerm, timedOutAfter: null);
        if (_toldAt is null && command.Timeout is { } timeout && Elapsed >= timeout)
            Tell(LibC.SigTerm, timedOutAfter: timeout);
        if (_toldAt is null && TimeLeftAfterSignal() is { } left && left <= TimeSpan.Zero)
            Tell(LibC.SigTerm, timedOutAfter: Elapsed);
        if (_toldAt is { } toldAt && _killedAt is null && Elapsed >= toldAt + command.Grace)
            Kill();
        if (_killedAt is null && _wakesAt <= Elapsed)
            Wake(command.WakeSignal!.Value);
        return TimeToNextLimit();
    }

    /// <summary>Kills the child, which must not have been reaped yet, and its process group.</summary>
    public void Kill()
    {
        _ = LibC.Kill(-processId, LibC.SigKill);
        _killedAt ??= Elapsed;
    }

    private void HandOnSignal()
    {
        _signalsHandedOn = interruption.Count;
        if (_toldAt is null)
            // Of all signals, borg ends at once only after this one.
            Tell(LibC.SigTerm, timedOutAfter: null);
        else
            Kill();
    }

    private void Tell(int signal, TimeSpan? timedOutAfter)
    {
        _toldAt = Elapsed;
        TimedOutAfter = timedOutAfter;
        // To the child alone: borg needs its ssh to unlock the repository.
        _ = LibC.Kill(processId, signal);
        _wakesAt = command.WakeSignal is null ? null : _toldAt + WakeEvery;
    }

    private void Wake(int signal)
    {
        _ = LibC.Kill(processId, signal);
        _wakesAt = Elapsed + WakeEvery;
    }

    /// <summary>How long a child that outlives a signal may still run.</summary>
    private TimeSpan? TimeLeftAfterSignal() => command.EndsAtSignal > 1
        ? interruption.Remaining - interruption.ReservedForReport - command.Grace
        : null;

    private TimeSpan? TimeToNextLimit()
    {
        if (_killedAt is { } killedAt)
            return killedAt + PatienceAfterKill - Elapsed;
        if (_toldAt is { } toldAt)
            return (_wakesAt < toldAt + command.Grace ? _wakesAt.Value : toldAt + command.Grace) - Elapsed;
        var timeout = command.Timeout - Elapsed;
        var afterSignal = TimeLeftAfterSignal();
        return timeout is null || afterSignal < timeout ? afterSignal : timeout;
    }
}
