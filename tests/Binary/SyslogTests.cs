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
        Assert.Matches(@"\A<75>assimilator\[\d+\]: error: borg create exited with code 2\z", message);
    }

    /// <summary>As under systemd: the journal takes the priority from the beginning of the line.</summary>
    [Theory]
    [InlineData("$(stat -L -c %d:%i \"$0\")", "<3>")]
    [InlineData("1:2", "[0-9T:-]+Z ")]
    public void The_journal_gets_priorities_and_others_the_time(string stream, string expected)
    {
        _backup.Remove("logging", "syslog").WriteConfiguration();
        var journal = _backup.Directory.Write("journal", "");
        Programs.Run("sh", ["-c", $"exec 2>>\"$0\"; JOURNAL_STREAM={stream} exec \"$1\" -c \"$2\"", journal, Repository.Binary, _backup.ConfigurationFile],
            _backup.Environment);
        Assert.Matches($@"\A{expected}assimilator: error: borg create exited with code 2\n", File.ReadAllText(journal));
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
