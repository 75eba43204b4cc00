using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Assimilator.Tests.Support;

/// <summary>A server program of one test's own, on loopback, ended with the test.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    /// <summary>Starts a server and waits until it answers.</summary>
    public Server(
        string program, IEnumerable<string> arguments, Func<bool> isReady, IReadOnlyDictionary<string, string?>? environment = null)
    {
        _process = Processes.Start(program, arguments, environment);
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Wait.Until(() => _process.HasExited || isReady(), $"{program} answers; it said: {Log}");
        if (_process.HasExited)
            throw new InvalidOperationException($"{program} ended at once: {Log}");
    }

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
