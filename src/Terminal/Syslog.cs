using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>Messages to the local syslog daemon (or journald) through <c>/dev/log</c>, as RFC 3164 has them.</summary>
internal sealed class Syslog : IDisposable
{
    private const string SocketPath = "/dev/log";
    private const int FacilityCron = 9;

    private readonly Socket _socket;

    private Syslog(Socket socket) => _socket = socket;

    /// <summary>Opens the daemon's socket.</summary>
    /// <param name="failure">Why it could not be opened, if null is returned.</param>
    public static Syslog? TryOpen(out string? failure)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            // A daemon that does not read must not stop a backup.
            socket.Blocking = false;
            failure = null;
            return new Syslog(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            failure = $"{SocketPath}: {exception.Message}";
            return null;
        }
    }

    public void Write(LogLevel severity, string line)
    {
        try
        {
            _socket.Send(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                    $"<{FacilityCron * 8 + (int)severity}>assimilator[{Environment.ProcessId}]: {line}")));
        }
        catch (SocketException)
        {
            // The terminal has the line; there is nobody else to tell.
        }
    }

    public void Dispose() => _socket.Dispose();
}
