using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Assimilator.Tests.Support;

/// <summary>A server program of one test's own, on loopback, ended with the test.</summary>
internal sealed class Server : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> GivenPorts = new();

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private bool _isEnded;

    /// <summary>Starts a server and waits until it answers.</summary>
    public Server(
        string program, IEnumerable<string> arguments, Func<bool> isReady, IReadOnlyDictionary<string, string?>? environment = null)
    {
        _process = Programs.Start(program, arguments, environment);
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            Wait.Until(() => _process.HasExited || isReady(), () => $"{program} answers; it said: {Log}");
            if (_process.HasExited)
                throw new InvalidOperationException($"{program} ended at once: {Log}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>A port that was free a moment ago, no other test has got, and the kernel gives to no client.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            if (GivenPorts.TryAdd(port, true) && !Accepts(port))
                return port;
        }
    }

    public static bool Accepts(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_isEnded)
            return;
        _isEnded = true;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
    }
}
