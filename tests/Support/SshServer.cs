namespace Assimilator.Tests.Support;

/// <summary>A real sshd on loopback with keys of its own, that lets the current user in.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly Server _server;

    /// <param name="directory">Of the test.</param>
    /// <param name="options">Further lines of its configuration.</param>
    public SshServer(TestDirectory directory, string options = "")
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
            {options}

            """);
        _server = new Server("/usr/sbin/sshd", ["-D", "-e", "-f", configuration], () => Server.Accepts(Port));
    }

    public int Port { get; }

    public string IdentityFile { get; }

    public string KnownHosts { get; }

    /// <summary>How often somebody was let in.</summary>
    public int Logins => _server.Log.Split("Accepted publickey").Length - 1;

    /// <summary>Puts an ssh in front that knows this server: ssh finds its own configuration by the user's home in the
    /// password file, not by HOME.</summary>
    /// <param name="before">Shell lines that it runs first.</param>
    public void Introduce(TestBackup backup, string before = "")
    {
        var configuration = backup.Directory.Write("ssh config",
            $"UserKnownHostsFile {KnownHosts}\nStrictHostKeyChecking yes\n");
        var ssh = backup.Directory.WriteScript("bin/ssh", $"{before}\nexec /usr/bin/ssh -F '{configuration}' \"$@\"");
        backup.Environment["PATH"] = $"{Path.GetDirectoryName(ssh)}:{backup.Environment["PATH"]}";
    }

    /// <summary>The address of a directory on this host.</summary>
    public string LocationOf(string path) => $"ssh://{Environment.UserName}@127.0.0.1:{Port}{path}";

    public void Dispose() => _server.Dispose();

    private static string MakeKey(TestDirectory directory, string name)
    {
        Programs.RunOrThrow("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", directory[name]]);
        return directory[name];
    }
}
