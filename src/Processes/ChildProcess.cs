using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>One child process from start to exit: both its pipes drained as it writes, signals handed on, every wait
/// bounded by the command's own limits.</summary>
internal sealed unsafe class ChildProcess
{
    // What a child wrote just before it exited is in the pipe already; only something it left behind can still write.
    private static readonly TimeSpan DrainAfterExit = TimeSpan.FromSeconds(1);

    // A process that hangs in the kernel, or that is another user's by now, survives SIGKILL.
    private static readonly TimeSpan PatienceAfterKill = TimeSpan.FromSeconds(5);

    private readonly ChildCommand _command;
    private readonly Interruption _interruption;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly int _processId;
    private readonly IReadOnlySet<int> _elders;
    private int _signalsHandedOn;
    private TimeSpan? _endedAt;
    private TimeSpan? _killedAt;
    private TimeSpan? _timedOutAfter;

    private ChildProcess(ChildCommand command, Interruption interruption, int processId, IReadOnlySet<int> elders)
    {
        _elders = elders;
        _command = command;
        _interruption = interruption;
        _processId = processId;
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>Runs a child to its end. Output goes to the two sinks in pieces as it arrives. Reaps whatever child has ended
    /// before: not for a process that has others of its own to wait for.</summary>
    public static ChildExit Run(
        ChildCommand command, Interruption interruption, Action<ReadOnlySpan<byte>> stdout, Action<ReadOnlySpan<byte>> stderr)
    {
        LibC.ReapOrphans();
        var elders = ProcessTree.OwnChildren();
        var output = LibC.CreatePipe();
        var error = LibC.CreatePipe();
        using var outputReader = output.Read;
        using var errorReader = error.Read;
        int processId, errorNumber;
        using (output.Write)
        using (error.Write)
            (processId, errorNumber) = Spawn.Start(command, output.Write, error.Write);
        if (processId == 0)
            return NotStarted(errorNumber);

        var child = new ChildProcess(command, interruption, processId, elders);
        try
        {
            return child.Attend(outputReader, stdout, errorReader, stderr);
        }
        catch
        {
            // Nobody would watch it any more.
            child.KillTree();
            throw;
        }
    }

    private static ChildExit NotStarted(int errorNumber) => new(errorNumber == LibC.NoEntry ? 127 : 126, TimeSpan.Zero)
    {
        StartFailure = errorNumber == LibC.NotExecutableFormat
            ? "not a program for this machine, or a script without a '#!' line"
            : LibC.ErrorText(errorNumber),
    };

    private ChildExit Attend(
        SafeFileHandle outputReader, Action<ReadOnlySpan<byte>> stdout,
        SafeFileHandle errorReader, Action<ReadOnlySpan<byte>> stderr)
    {
        using var exitReader = WatchForExit();
        const int output = 0, error = 1, exit = 2, signal = 3;
        var polled = stackalloc LibC.PollDescriptor[4];
        polled[output] = Readable(outputReader);
        polled[error] = Readable(errorReader);
        polled[exit] = Readable(exitReader);
        polled[signal] = new LibC.PollDescriptor { Descriptor = _interruption.WakeDescriptor, Events = LibC.PollIn };
        TimeSpan? exitedAt = null;

        while (exitedAt is null || polled[output].Descriptor >= 0 || polled[error].Descriptor >= 0)
        {
            var wait = exitedAt is { } at ? at + DrainAfterExit - Elapsed : EnforceLimits();
            if (exitedAt is not null && wait <= TimeSpan.Zero)
                break;
            if (exitedAt is null && _killedAt is { } killedAt && Elapsed >= killedAt + PatienceAfterKill)
                return LeftBehind();
            for (var i = 0; i < 4; i++)
                polled[i].Received = 0;
            if (LibC.Poll(polled, 4, ToMilliseconds(wait)) <= 0)
                continue;
            if (polled[output].Received != 0 && !Drain(outputReader, stdout))
                polled[output].Descriptor = -1;
            if (polled[error].Received != 0 && !Drain(errorReader, stderr))
                polled[error].Descriptor = -1;
            if (polled[signal].Received != 0)
                _interruption.Acknowledge();
            if (polled[exit].Received != 0)
            {
                exitedAt = Elapsed;
                polled[exit].Descriptor = -1;
            }
        }
        return Reap(exitedAt.Value);
    }

    /// <summary>Ends the child when its time is up or a signal is to end it, and kills what does not end in its grace.</summary>
    /// <returns>How long to wait for something to happen.</returns>
    private TimeSpan? EnforceLimits()
    {
        if (_interruption.Count >= _command.EndsAtSignal && _interruption.Count > _signalsHandedOn)
            HandOnSignal();
        if (_endedAt is null && _command.Timeout is { } timeout && Elapsed >= timeout)
            End(LibC.SigTerm, timedOutAfter: timeout);
        if (_endedAt is null && TimeLeftAfterSignal() is { } left && left <= TimeSpan.Zero)
            End(LibC.SigTerm, timedOutAfter: Elapsed);
        if (_endedAt is { } endedAt && _killedAt is null && Elapsed >= endedAt + _command.Grace)
            KillTree();
        return TimeToNextLimit();
    }

    private void HandOnSignal()
    {
        _signalsHandedOn = _interruption.Count;
        if (_endedAt is null)
            End(_interruption.LatestSignal, timedOutAfter: null);
        else
            KillTree();
    }

    private void End(int signal, TimeSpan? timedOutAfter)
    {
        _endedAt = Elapsed;
        _timedOutAfter = timedOutAfter;
        // To the child alone: borg needs its ssh alive to release the repository in good order.
        _ = LibC.Kill(_processId, signal);
    }

    private void KillTree()
    {
        _killedAt ??= Elapsed;
        ProcessTree.Kill(_processId, _elders);
    }

    /// <summary>How long a child that outlives a signal may still run.</summary>
    private TimeSpan? TimeLeftAfterSignal() => _command.EndsAtSignal > 1
        ? _interruption.Remaining - _interruption.ReservedForReport - _command.Grace
        : null;

    private TimeSpan? TimeToNextLimit()
    {
        if (_killedAt is { } killedAt)
            return killedAt + PatienceAfterKill - Elapsed;
        if (_endedAt is { } endedAt)
            return endedAt + _command.Grace - Elapsed;
        var timeout = _command.Timeout - Elapsed;
        var afterSignal = TimeLeftAfterSignal();
        return timeout is null || afterSignal < timeout ? afterSignal : timeout;
    }

    /// <summary>A pipe that becomes readable when the child has exited. The child stays a zombie until <see cref="Reap"/>,
    /// so its id cannot pass to a stranger while we may still signal it. A thread, because pidfd_open is missing in the
    /// kernels of long-lived distributions.</summary>
    private SafeFileHandle WatchForExit()
    {
        var (reader, writer) = LibC.CreatePipe();
        var watcher = new Thread(() =>
        {
            using (writer)
            {
                var information = stackalloc byte[LibC.SizeOfSignalInfo];
                while (LibC.WaitId(LibC.WaitForPid, _processId, information, LibC.WaitExited | LibC.WaitNoReap) != 0
                    && Marshal.GetLastPInvokeError() == LibC.InterruptedCall)
                {
                }
            }
        })
        { IsBackground = true };
        watcher.Start();
        return reader;
    }

    private ChildExit Reap(TimeSpan duration)
    {
        // What it has started was told to end together with it.
        if (_endedAt is not null)
            KillTree();
        // Should the exit code be lost, that must not read as a success.
        var status = LibC.SigKill;
        while (LibC.WaitPid(_processId, &status, 0) < 0 && Marshal.GetLastPInvokeError() == LibC.InterruptedCall)
        {
        }
        var signal = status & 0x7f;
        return new ChildExit(signal == 0 ? (status >> 8) & 0xff : 128 + signal, duration)
        {
            Signal = signal == 0 ? null : signal,
            WasToldToEnd = _endedAt is not null,
            TimedOutAfter = _timedOutAfter,
        };
    }

    private ChildExit LeftBehind() => new(128 + LibC.SigKill, Elapsed)
    {
        IsLeftBehind = true,
        TimedOutAfter = _timedOutAfter,
    };

    private static bool Drain(SafeFileHandle reader, Action<ReadOnlySpan<byte>> sink)
    {
        const int size = 64 * 1024;
        var buffer = stackalloc byte[size];
        var count = LibC.Read(reader, buffer, size);
        if (count < 0)
            return Marshal.GetLastPInvokeError() == LibC.InterruptedCall;
        if (count > 0)
            sink(new ReadOnlySpan<byte>(buffer, (int)count));
        return count > 0;
    }

    private static LibC.PollDescriptor Readable(SafeFileHandle file) =>
        new() { Descriptor = (int)file.DangerousGetHandle(), Events = LibC.PollIn };

    private static int ToMilliseconds(TimeSpan? wait) => wait switch
    {
        null => -1,
        { } time when time <= TimeSpan.Zero => 0,
        // Rounded up: rounded down, the last millisecond would be spent spinning.
        { } time => (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue),
    };
}
