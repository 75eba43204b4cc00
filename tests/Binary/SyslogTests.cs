using System.Net.Sockets;
using System.Text;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

public sealed class SyslogTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn(create: "exit 2")
        .Set("logging", "syslog", "true").Set("logging", "level", "warning");

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void Messages_reach_the_local_syslog()
    {
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        daemon.Bind(new UnixDomainSocketEndPoint(_backup.Directory["log"]));
        daemon.ReceiveTimeout = 10_000;
        _backup.WriteConfiguration();
        // A /dev of its own, in which this test is the daemon.
        Programs.Run("bwrap",
            ["--bind", "/", "/", "--dev", "/dev", "--bind", _backup.Directory["log"], "/dev/log", Repository.Binary,
                "-c", _backup.ConfigurationFile], _backup.Environment);
        var buffer = new byte[4096];
        var message = Encoding.UTF8.GetString(buffer, 0, daemon.Receive(buffer));
        Assert.Matches(@"\A<75>assimilator\[\d+\]: error: borg create ended with exit code 2\z", message);
    }

    [Fact]
    public void A_missing_syslog_is_said_and_no_more()
    {
        _backup.WithStandIn().WriteConfiguration();
        var result = Programs.Run("bwrap",
            ["--bind", "/", "/", "--dev", "/dev", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("assimilator: warning: cannot write to syslog: /dev/log: ", result.Error, StringComparison.Ordinal);
    }
}
