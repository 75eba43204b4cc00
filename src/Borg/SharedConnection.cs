using System.Diagnostics;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>One connection to a host for several processes of borg: an ssh of our own keeps it open, and borg's ssh
/// uses it through a socket. Without it, borg's ssh connects by itself.</summary>
/// <param name="connect">Connects, listens at the socket, and does nothing else.</param>
internal sealed class SharedConnection(ChildCommand connect, string socket, RunContext context) : IDisposable
{
    /// <summary>Borg does not wait longer for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task? _run;
    private long _startedAt;
    private volatile bool _mayTry = true;

    /// <summary>Opens it, unless it is open.</summary>
    /// <returns>The socket; null if there is no connection, or not yet.</returns>
    public string? Open()
    {
        if (_run is null or { IsCompleted: true } && _mayTry)
            Start();
        while (_run is { IsCompleted: false })
        {
            if (File.Exists(socket))
            {
                _mayTry = true;
                return socket;
            }
            if (context.Interruption.IsRequested || Stopwatch.GetElapsedTime(_startedAt) > Patience)
                return null;
            Task.WaitAny([_run], Tick);
        }
        return null;
    }

    public void Dispose()
    {
        _stop.Cancel();
        if (_run is not null)
            Task.WaitAny(_run);
        TryDelete();
        _stop.Dispose();
    }

    /// <summary>An ssh that refuses an option, or that the host does not let in, is not tried again.</summary>
    private void Start()
    {
        _mayTry = false;
        if (!TryDelete())
            return;
        _startedAt = Stopwatch.GetTimestamp();
        // The kernel ends it with the thread that started it, so that has to be one of its own.
        _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void Run()
    {
        var lines = LineSplitter.OfText(line =>
        {
            context.Messages.Debug($"shared connection: {line}");
            _mayTry |= BorgLog.NetworkFailureIn(line) is not null;
        });
        context.Messages.Debug($"running {connect.Executable} {string.Join(' ', connect.Arguments)}");
        ChildProcess.Run(
            BoundChild.Of(connect with { Stop = _stop.Token }), context.Interruption, static _ => { }, lines.Write);
        lines.Complete();
    }

    /// <summary>A run that was killed together with its ssh has left it.</summary>
    private bool TryDelete()
    {
        try
        {
            File.Delete(socket);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
