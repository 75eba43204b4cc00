using System.Diagnostics;
using System.Runtime.InteropServices;
using Assimilator.Posix;

namespace Assimilator.Processes;

/// <summary>The TERM, INT and HUP signals that this process got, and the time left to end.</summary>
internal sealed unsafe class Interruption : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Handled =
        [(PosixSignal.SIGTERM, LibC.SigTerm), (PosixSignal.SIGINT, LibC.SigInt), (PosixSignal.SIGHUP, LibC.SigHup)];

    private static readonly TimeSpan OneBreath = TimeSpan.FromSeconds(1);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly List<WakePipe> _watchers = [];
    private readonly Action<int> _onFirst;
    private readonly Lock _lock = new();
    private long _firstAt, _latestAt;
    private volatile int _count;
    private volatile int _latest;

    private Interruption(Action<int> onFirst) => _onFirst = onFirst;

    /// <summary>From the first signal to the end of this process; each backup sets its own before it runs.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What a child gets of <see cref="ShutdownTimeout"/> to end by itself.</summary>
    public TimeSpan Grace => ShutdownTimeout / 3;

    /// <summary>What postexec leaves of <see cref="ShutdownTimeout"/> to the report.</summary>
    public TimeSpan ReservedForReport => ShutdownTimeout / 4;

    /// <summary>How many signals have come so far.</summary>
    public int Count => _count;

    /// <summary>The number of the first signal, which decides the exit code; null as long as none came.</summary>
    public int? Signal { get; private set; }

    /// <summary>The number of the last signal, which is the one to hand on.</summary>
    public int LatestSignal => _latest;

    public bool IsRequested => _count > 0;

    /// <summary>What is left of <see cref="ShutdownTimeout"/>, not below zero; null as long as no signal
    /// came.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            lock (_lock)
            {
                if (_count == 0)
                    return null;
                var left = ShutdownTimeout - Stopwatch.GetElapsedTime(_firstAt);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Begins to listen. A signal that was ignored when this process started (nohup) stays ignored; one that
    /// was blocked was so by accident.</summary>
    /// <param name="onFirst">Told the number of the first signal.</param>
    public static Interruption Listen(Action<int> onFirst)
    {
        var interruption = new Interruption(onFirst);
        LibC.Unblock([.. Handled.Select(handled => handled.Number)]);
        foreach (var (signal, number) in Handled)
        {
            if (LibC.IsIgnored(number))
                continue;
            interruption._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interruption.Record(number);
            }));
        }
        return interruption;
    }

    /// <summary>Takes note of one signal. timeout(1), a shell whose terminal closes, and systemd send two in one
    /// breath: that is one wish, not two.</summary>
    public void Record(int number)
    {
        lock (_lock)
        {
            if (_count > 0 && Stopwatch.GetElapsedTime(_latestAt) < OneBreath)
                return;
            _latestAt = Stopwatch.GetTimestamp();
            if (_count == 0)
                _firstAt = _latestAt;
            Signal ??= number;
            _latest = number;
            _count++;
            _watchers.ForEach(watcher => watcher.Wake());
        }
        if (_count == 1)
            _onFirst(number);
    }

    /// <summary>A pipe that wakes whoever polls it at each signal from now on.</summary>
    public WakePipe Watch()
    {
        var watcher = new WakePipe(onDispose: Forget);
        lock (_lock)
            _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>Waits, but not beyond the next signal.</summary>
    public void Wait(TimeSpan time)
    {
        using var watcher = Watch();
        if (IsRequested)
            return;
        var descriptor = new LibC.PollDescriptor { Descriptor = watcher.Descriptor, Events = LibC.PollIn };
        _ = LibC.Poll(&descriptor, 1, (int)time.TotalMilliseconds);
    }

    /// <summary>What is typed up to the end of the line; null if a signal comes first.</summary>
    public string? ReadLine()
    {
        using var watcher = Watch();
        var polled = stackalloc LibC.PollDescriptor[2];
        polled[0] = new() { Descriptor = 0, Events = LibC.PollIn };
        polled[1] = new() { Descriptor = watcher.Descriptor, Events = LibC.PollIn };
        while (!IsRequested && polled[0].Received == 0)
            _ = LibC.Poll(polled, 2, ChildProcess.ToMilliseconds(wait: null));
        return IsRequested ? null : LibC.ReadLine();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Forget(WakePipe watcher)
    {
        lock (_lock)
            _watchers.Remove(watcher);
    }
}
