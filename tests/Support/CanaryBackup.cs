using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Assimilator.Tests.Support;

/// <summary>A backup whose secrets are canaries, and that says as much as it can, everywhere: at the highest level, to the
/// terminal, to syslog, into a textfile and to a gateway. Each of its children notes what it can see of the others.</summary>
internal sealed class CanaryBackup : IDisposable
{
    private readonly StringBuilder _syslog = new();

    public CanaryBackup(PushgatewayServer gateway)
    {
        GatewayUrl = gateway.Url;
        Backup = new TestBackup(gateway) { Label = $"canary-{Guid.NewGuid():N}" };
        var key = Backup.Directory.Write("planted/key", Canary.Token);
        Backup.Directory.MakeDirectory("metrics");
        Backup.Remove("repository", "passphrase_file").Set("repository", "identity_file", key)
            .Set("repository", "location", "ssh://borg@backup.example.org/./web")
            .Set("logging", "level", "debug").Set("logging", "syslog", "true").Set("retention", "daily", "7")
            .Set("textfile", "path", Backup.Directory["metrics/canary.prom"])
            .Set("pushgateway", "retries", "1").Set("pushgateway", "timeout", "5s")
            .Set("backup", "shutdown_timeout", "4s");
        Script("preexec", "exit 0");
        Script("postexec", "exit 0");
        StandIn("echo \"$JSON\"");
    }

    public TestBackup Backup { get; }

    public string GatewayUrl { get; set; }

    /// <summary>What stands in front of the gateway's host.</summary>
    public string UserInfo { get; set; } = "";

    /// <summary>Lines to stand at the end of the configuration.</summary>
    public string FurtherLines { get; set; } = "";

    public string Syslog => _syslog.ToString();

    /// <summary>What the borg processes got for a passphrase, each as its digest.</summary>
    public IReadOnlyList<string> ReceivedDigests =>
        File.Exists(Backup.Directory["received"]) ? File.ReadAllLines(Backup.Directory["received"]) : [];

    public static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public void Script(string section, string body) => Backup.AddScript(section, "1", $"{Observe($"{section}.seen")}\n{body}");

    /// <summary>Sets a borg that has the passphrase in <c>$SECRET</c>, and as JSON has it in <c>$QUOTED</c>.</summary>
    public void StandIn(string create, string prune = "echo \"$LIST\" >&2", string compact = "exit 0")
    {
        const string take = "SECRET=$({ cat <&3; } 2>/dev/null)";
        string Body(string command, string body) => $"""
            {Observe($"{command}.seen")}
            {take}
            QUOTED=$(printf %s "$SECRET" | sed 's/[\\"]/\\&/g')
            printf %s "$SECRET" | sha256sum | cut -d' ' -f1 >> '{Backup.Directory["received"]}'
            {body}
            """;
        Backup.WithStandIn(Body("create", create), Body("prune", prune), Body("compact", compact));
    }

    /// <summary>Runs the published binary, with this test for its syslog.</summary>
    public ProgramResult Run()
    {
        Backup.Set("pushgateway", "url", GatewayUrl.Replace("://", $"://{UserInfo}", StringComparison.Ordinal));
        File.AppendAllText(Backup.WriteConfiguration(), FurtherLines);
        var log = Backup.Directory["log"];
        using var daemon = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        daemon.Bind(new UnixDomainSocketEndPoint(log));
        var listener = new Thread(() => Listen(daemon));
        listener.Start();
        string[] command = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--bind", log, "/dev/log",
            Repository.Binary, "-c", Backup.ConfigurationFile];
        var result = Programs.Run(command[0], command[1..], Backup.Environment);
        using var end = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        end.SendTo([], new UnixDomainSocketEndPoint(log));
        listener.Join();
        File.Delete(log);
        return result;
    }

    /// <summary>Everything in which the canary shows, by name. What was planted does not count.</summary>
    public IReadOnlyList<string> FindIn(ProgramResult result, params (string Name, string Text)[] further) =>
    [
        .. further.Concat([("standard output", result.Output), ("standard error", result.Error), ("syslog", Syslog)])
            .Concat(Directory.EnumerateFiles(Backup.Directory.Path, "*", SearchOption.AllDirectories)
                .Where(path => path != Backup.ConfigurationFile && !path.StartsWith(Backup.Directory["planted"], StringComparison.Ordinal))
                .Select(path => (path, File.ReadAllText(path))))
            .Where(item => Canary.IsIn(item.Item2)).Select(item => item.Item1),
    ];

    public void Dispose() => Backup.Dispose();

    /// <summary>Shell lines that note what a child can see: its environment, that of the program, and all arguments.</summary>
    private string Observe(string file) =>
        $"cat /proc/$$/environ /proc/$PPID/environ /proc/[0-9]*/cmdline 2>&1 | tr '\\0' '\\n' > '{Backup.Directory[file]}'";

    private void Listen(Socket daemon)
    {
        var buffer = new byte[64 * 1024];
        while (daemon.Receive(buffer) is > 0 and var count)
            _syslog.AppendLine(Encoding.UTF8.GetString(buffer, 0, count));
    }
}
