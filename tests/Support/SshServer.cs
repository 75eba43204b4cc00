namespace Assimilator.Tests.Support;

/// <summary>A real sshd on loopback with keys of its own, that lets the current user in.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly Server _server;

    public SshServer(TestDirectory directory)
    {
        Port = Server.FreePort();
        IdentityFile = MakeKey(directory, "identity");
        var hostKey = MakeKey(directory, "host-key");
        KnownHosts = directory.Write("known_hosts", $"[127.0.0.1]:{Port} {File.ReadAllText($"{hostKey}.pub")}");
        if (Users.IsRoot)
            Directory.CreateDirectory("/run/sshd");
        var configuration = directory.Write("sshd_config",
            $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {hostKey}
            AuthorizedKeysFile {IdentityFile}.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no

            """);
        _server = new Server("/usr/sbin/sshd", ["-D", "-e", "-f", configuration], () => Server.Accepts(Port));
    }

    public int Port { get; }

    public string IdentityFile { get; }

    public string KnownHosts { get; }

    public void Dispose() => _server.Dispose();

    private static string MakeKey(TestDirectory directory, string name)
    {
        Programs.RunOrThrow("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", directory[name]]);
        return directory[name];
    }
}
