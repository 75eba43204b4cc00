using System.Diagnostics;
using Assimilator.Posix;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>A child whose standard output another one reads, through a pipe of the kernel. What it wrote counts only if
/// it ended with 0: until then the pipe stays open, so that the reader cannot take a failure for the end.</summary>
internal sealed unsafe class PipedChild : IDisposable
{
    private readonly ChildCommand _command;
    private readonly Interruption _interruption;
    private readonly SafeFileHandle _writingEnd;
    private readonly WakePipe _hasEnded = new();
    private readonly CancellationTokenSource _stopReader = new(), _stop = new();
    private readonly Task<ChildExit> _run;

    private PipedChild(ChildCommand command, Interruption interruption, Action<ReadOnlySpan<byte>> stderr,
        Action<ChildExit> onFailure)
    {
        (_command, _interruption) = (command, interruption);
        (Output, _writingEnd) = LibC.CreatePipe();
        _run = Task.Factory.StartNew(
            () => Run(stderr, onFailure), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>What the reader reads as its standard input.</summary>
    public SafeFileHandle Output { get; }

    /// <summary>Cancelled when the child has failed: the reader must end, and must not get the end of its input
    /// before.</summary>
    public CancellationToken StopReader => _stopReader.Token;

    /// <summary>Starts the child.</summary>
    /// <param name="stderr">Gets what it writes to its standard error, piece by piece, on another thread.</param>
    /// <param name="onFailure">Called, on another thread, if it fails for a reason of its own: not because the reader
    /// has ended.</param>
    public static PipedChild Start(ChildCommand command, Interruption interruption, Action<ReadOnlySpan<byte>> stderr,
        Action<ChildExit> onFailure) => new(command, interruption, stderr, onFailure);

    /// <summary>It has written something before it ended.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>Waits for the first byte.</summary>
    /// <returns>False if the child has ended without one, or has failed.</returns>
    public bool WaitForOutput()
    {
        var polled = stackalloc LibC.PollDescriptor[2];
        polled[0] = new() { Descriptor = (int)Output.DangerousGetHandle(), Events = LibC.PollIn };
        polled[1] = new() { Descriptor = _hasEnded.Descriptor, Events = LibC.PollIn };
        while ((polled[0].Received | polled[1].Received) == 0)
            _ = LibC.Poll(polled, 2, ChildProcess.ToMilliseconds(wait: null));
        HasOutput = (polled[0].Received & LibC.PollIn) != 0;
        return HasOutput && !StopReader.IsCancellationRequested;
    }

    /// <summary>How the child ended, once this is disposed.</summary>
    public ChildExit Exit => _run.GetAwaiter().GetResult();

    /// <summary>To be called when the reader has ended, or was never started: the child is ended if nobody has read all
    /// it has to say.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAny(_run);
        Output.Dispose();
        _writingEnd.Dispose();
        _hasEnded.Dispose();
        _stopReader.Dispose();
        _stop.Dispose();
    }

    private ChildExit Run(Action<ReadOnlySpan<byte>> stderr, Action<ChildExit> onFailure)
    {
        try
        {
            var exit = ChildProcess.Run(
                _command with { Output = _writingEnd, Stop = _stop.Token }, _interruption, static _ => { }, stderr);
            if (exit.IsGood)
                exit = WaitForOthers(exit);
            if (!exit.IsGood && !_stop.IsCancellationRequested)
                onFailure(exit);
            if (!exit.IsGood)
                _stopReader.Cancel();
            return exit;
        }
        catch
        {
            _stopReader.Cancel();
            throw;
        }
        finally
        {
            _hasEnded.Wake();
        }
    }

    /// <summary>A process that the child has left behind may go on writing, as in a shell's pipe, for as long as the
    /// child itself might have.</summary>
    private ChildExit WaitForOthers(ChildExit exit)
    {
        var startedAt = Stopwatch.GetTimestamp();
        _writingEnd.Dispose();
        using var wake = _interruption.Watch();
        using var stopping = _stop.Token.Register(wake.Wake);
        var polled = stackalloc LibC.PollDescriptor[2];
        // Without an event to wait for, only the end of all writers is told.
        polled[0] = new() { Descriptor = (int)Output.DangerousGetHandle() };
        polled[1] = new() { Descriptor = wake.Descriptor, Events = LibC.PollIn };
        TimeSpan? left;
        do
        {
            left = _command.Timeout - exit.Duration - Stopwatch.GetElapsedTime(startedAt);
            _ = LibC.Poll(polled, 2, ChildProcess.ToMilliseconds(left));
        } while ((polled[0].Received | polled[1].Received) == 0 && !(left <= TimeSpan.Zero));
        return polled[0].Received != 0 ? exit
            : polled[1].Received != 0 ? exit with { WasToldToEnd = true }
            : exit with { TimedOutAfter = _command.Timeout };
    }
}
