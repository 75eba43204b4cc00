using System.Diagnostics;
using System.Runtime.InteropServices;
using Assimilator.Posix;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.Processes;

/// <summary>The TERM, INT and HUP signals that this process got, and the time left to end.</summary>
internal sealed unsafe class Interruption : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Handled =
        [(PosixSignal.SIGTERM, LibC.SigTerm), (PosixSignal.SIGINT, LibC.SigInt), (PosixSignal.SIGHUP, LibC.SigHup)];

    private static readonly TimeSpan OneBreath = TimeSpan.FromSeconds(1);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private readonly Action<int> _onFirst;
    private readonly Lock _lock = new();
    private long _firstAt, _latestAt;
    private volatile int _count;
    private volatile int _latest;

    private Interruption(Action<int> onFirst)
    {
        _onFirst = onFirst;
        (_wakeReader, _wakeWriter) = LibC.CreatePipe();
    }

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

    /// <summary>Readable once for each signal: whoever polls it wakes up, and drains it by
    /// <see cref="Acknowledge"/>.</summary>
    public int WakeDescriptor => (int)_wakeReader.DangerousGetHandle();

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
        }
        byte wake = 1;
        _ = LibC.Write(_wakeWriter, &wake, 1);
        if (_count == 1)
            _onFirst(number);
    }

    /// <summary>Takes one wake-up out of <see cref="WakeDescriptor"/>; only to be called when that is
    /// readable.</summary>
    public void Acknowledge()
    {
        byte wake;
        _ = LibC.Read(_wakeReader, &wake, 1);
    }

    /// <summary>Waits, but not beyond the next signal.</summary>
    public void Wait(TimeSpan time)
    {
        if (IsRequested)
            return;
        var descriptor = new LibC.PollDescriptor { Descriptor = WakeDescriptor, Events = LibC.PollIn };
        if (LibC.Poll(&descriptor, 1, (int)time.TotalMilliseconds) > 0)
            Acknowledge();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _wakeReader.Dispose();
        _wakeWriter.Dispose();
    }
}
