using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Assimilator.Posix;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>One child process from start to exit: both its pipes drained as it writes, signals handed on, every wait
/// bounded by the command's own limits.</summary>
internal sealed unsafe class ChildProcess
{
    // What a child wrote just before it exited is in the pipe already; only something it left behind can still write.
    private static readonly TimeSpan DrainAfterExit = TimeSpan.FromSeconds(1);

    private readonly int _processId;
    private readonly Interruption _interruption;
    private readonly ChildEnding _ending;
    private readonly IReadOnlySet<int>? _elders;

    private ChildProcess(int processId, Interruption interruption, ChildEnding ending, IReadOnlySet<int>? elders)
    {
        _processId = processId;
        _interruption = interruption;
        _ending = ending;
        _elders = elders;
    }

    /// <summary>Runs a child to its end. Output goes to the two sinks in pieces as it arrives.</summary>
    public static ChildExit Run(
        ChildCommand command, Interruption interruption, Action<ReadOnlySpan<byte>> stdout,
            Action<ReadOnlySpan<byte>> stderr)
    {
        ProcessTree.ReapOrphans();
        var elders = command.LeavesOrphans ? null : ProcessTree.OwnChildren();
        var output = LibC.CreatePipe();
        var error = LibC.CreatePipe();
        using var outputReader = output.Read;
        using var errorReader = error.Read;
        int processId, errorNumber;
        using (output.Write)
        using (error.Write)
            (processId, errorNumber) = ProcessTree.Start(
                () => Spawn.Start(command, command.Output ?? output.Write, error.Write));
        if (processId == 0)
            return ChildExit.NotStarted(errorNumber);

        var ending = new ChildEnding(command, interruption, processId);
        try
        {
            return new ChildProcess(processId, interruption, ending, elders)
                .Attend(outputReader, stdout, errorReader, stderr, command.Stop);
        }
        catch
        {
            // Nobody would watch it any more.
            ending.Kill();
            throw;
        }
    }

    private ChildExit Attend(
        SafeFileHandle outputReader, Action<ReadOnlySpan<byte>> stdout,
        SafeFileHandle errorReader, Action<ReadOnlySpan<byte>> stderr, CancellationToken stop)
    {
        using var exitReader = WatchForExit();
        using var wake = _interruption.Watch();
        using var stopping = stop.Register(wake.Wake);
        const int output = 0, error = 1, exit = 2, signal = 3;
        var polled = stackalloc LibC.PollDescriptor[4];
        polled[output] = Readable(outputReader);
        polled[error] = Readable(errorReader);
        polled[exit] = Readable(exitReader);
        polled[signal] = new LibC.PollDescriptor { Descriptor = wake.Descriptor, Events = LibC.PollIn };
        TimeSpan? exitedAt = null;

        while (exitedAt is null || polled[output].Descriptor >= 0 || polled[error].Descriptor >= 0)
        {
            var wait = exitedAt is { } at ? at + DrainAfterExit - _ending.Elapsed : _ending.EnforceLimits();
            if (exitedAt is not null && wait <= TimeSpan.Zero)
                break;
            for (var i = 0; i < 4; i++)
                polled[i].Received = 0;
            _ = LibC.Poll(polled, 4, ToMilliseconds(wait));
            if (polled[output].Received != 0 && !Drain(outputReader, stdout))
                polled[output].Descriptor = -1;
            if (polled[error].Received != 0 && !Drain(errorReader, stderr))
                polled[error].Descriptor = -1;
            if (polled[signal].Received != 0)
                wake.Acknowledge();
            if (polled[exit].Received != 0)
            {
                exitedAt = _ending.Elapsed;
                polled[exit].Descriptor = -1;
            }
            if (exitedAt is null && _ending.IsInVain)
                return LeftBehind();
        }
        return Reap(exitedAt.Value);
    }

    /// <summary>A pipe that becomes readable when the child has exited. The child stays a zombie until
    /// <see cref="Reap"/>, so its id cannot pass to a stranger while we may still signal it. A thread, because
    /// pidfd_open is missing in the kernels of long-lived distributions.</summary>
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
        }, LibC.SmallStack)
        { IsBackground = true };
        watcher.Start();
        return reader;
    }

    private ChildExit Reap(TimeSpan duration)
    {
        // What it has started was told to end together with it.
        if (_ending.IsTold)
            _ending.Kill();
        var status = ProcessTree.Reap(_processId);
        if (_ending.IsTold && _elders is not null)
            ProcessTree.KillOrphans(_elders);
        var signal = status & 0x7f;
        return new ChildExit(signal == 0 ? (status >> 8) & 0xff : 128 + signal, duration)
        {
            Signal = signal == 0 ? null : signal,
            WasToldToEnd = _ending.IsTold,
            TimedOutAfter = _ending.TimedOutAfter,
        };
    }

    private ChildExit LeftBehind() => new(128 + LibC.SigKill, _ending.Elapsed)
    {
        IsLeftBehind = true,
        TimedOutAfter = _ending.TimedOutAfter,
    };

    // What is not read is not looked at.
    [SkipLocalsInit]
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

    /// <summary>For poll(2); null waits for ever.</summary>
    public static int ToMilliseconds(TimeSpan? wait) => wait switch
    {
        null => -1,
        { } time when time <= TimeSpan.Zero => 0,
        // Rounded up: rounded down, the last millisecond would be spent spinning.
        { } time => (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue),
    };
}
