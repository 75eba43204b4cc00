using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Every odd host that the program has to work on, one root directory for each: it backs up, and a real Pushgateway,
/// reached over TLS by its name, has the right report.</summary>
public sealed class RootsTests(RootsTests.Gateway gateway) : IClassFixture<RootsTests.Gateway>
{
    private const string DebianBundle = "/etc/ssl/certs/ca-certificates.crt";
    private const string RedHatBundle = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem";
    private const string SuseBundle = "/var/lib/ca-certificates/ca-bundle.pem", SuseDirectory = "/var/lib/ca-certificates/pem";

    private static readonly string[] Proc = ["--proc", "/proc"], Dev = ["--dev", "/dev"], Temporary = ["--tmpfs", "/tmp"];

    private const string NoState =
        """
        assimilator: warning: running without a lock: cannot open /state/NAME.lock: Read-only file system
        assimilator: hint: check [state] directory
        assimilator: warning: cannot write /state/NAME.json: Read-only file system
        assimilator: hint: until the state can be written, only the Pushgateway knows the last success

        """;

    private static readonly IReadOnlyDictionary<string, Scene> Scenes = new Dictionary<string, Scene>
    {
        ["nothing at all"] = new(),
        ["busybox"] = new(root => root.WriteExecutable("bin/busybox", File.ReadAllBytes("/bin/busybox")).Link("bin/sh", "busybox")
            .Write("borg", "#!/bin/sh\n" + TestBackup.StandInVersion + "\n[ $1 != create ] || echo '{\"archive\": {\"name\": \"a\", \"stats\": {\"nfiles\": 42}}}'\n", "755")),
        ["a container"] = new() { Entry = [.. Proc, .. Dev, .. Temporary] },
        ["no /proc"] = new() { Entry = [.. Dev, .. Temporary] },
        ["no /dev"] = new() { Entry = [.. Proc, .. Temporary] },

        ["authorities of Debian and Alpine"] = new() { Bundle = DebianBundle },
        ["authorities of Fedora"] = new() { Bundle = "/etc/pki/tls/certs/ca-bundle.crt" },
        ["authorities of RHEL"] = new(root => root.Link("/etc/pki/tls/certs/ca-bundle.crt", RedHatBundle)) { Bundle = RedHatBundle },
        ["authorities of RHEL, extracted alone"] = new() { Bundle = RedHatBundle },
        ["authorities of Alpine, base alone"] = new() { Bundle = "/etc/ssl/cert.pem" },
        ["authorities of SUSE"] = new(root => root.Link("/etc/ssl/ca-bundle.pem", SuseBundle)) { Bundle = SuseBundle },
        ["authorities of SUSE, each by itself"] = new(root => root.Link("/etc/ssl/certs", SuseDirectory)) { Bundle = $"{SuseDirectory}/own.pem" },
        ["authorities in a place of their own"] = new() { Bundle = "/own.pem", Entry = ["--setenv", "SSL_CERT_FILE", "/own.pem"] },

        ["read-only but for the state"] = new() { Entry = ["--tmpfs", "/state", "--remount-ro", "/"] },
        ["read-only"] = new(root => root.Write("state/.keep", "")) { Entry = ["--remount-ro", "/"], ExitCode = 1, Error = NoState },
        ["a name server that is none"] = new(root => root.Write("/etc/resolv.conf", "nameserver 192.0.2.1\n")),
        ["modules for names that are not there"] = new(root => root.Write(
            "/etc/nsswitch.conf", "hosts: mymachines mdns4_minimal [NOTFOUND=return] files resolve dns\n")),
        ["a time zone that is not there"] = new() { Entry = ["--setenv", "TZ", "Europe/Vienna"] },
        ["a language that is not there"] = new() { Entry = ["--setenv", "LC_ALL", "tr_TR.ISO-8859-9"] },
        ["a user whom nobody knows"] = new() { Entry = ["--unshare-user", "--uid", "4711", "--gid", "4711"] },
        ["a home that is not there"] = new() { Entry = ["--setenv", "HOME", "/home/nobody"] },

        ["512 MiB of address space"] = new() { Before = ["prlimit", "--as=536870912"] },
        ["64 MiB of data"] = new() { Before = ["prlimit", "--data=67108864"] },
        ["one processor"] = new() { Before = ["taskset", "-c", "0"] },
        ["the system calls of a service"] = new(root => root.Confine("@system-service")),
        ["32 descriptors"] = new() { Before = ["prlimit", "--nofile=32"] },
        ["a stack of 256 KiB"] = new() { Before = ["prlimit", "--stack=262144"] },
    };

    public static TheoryData<string> Names => [.. Scenes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Works_on_a_host_with(string name)
    {
        var scene = Scenes[name];
        var backup = $"root{Scenes.Keys.ToList().IndexOf(name)}";
        using var root = new TestRoot($"https://{TestRoot.Host}:{gateway.Server.Port}");
        root.Write("/etc/hosts", $"127.0.0.1 {TestRoot.Host}\n").Write(scene.Bundle, File.ReadAllText(gateway.Server.AuthorityFile));
        scene.Prepare?.Invoke(root);
        root.Entry.AddRange(scene.Entry);
        root.Before.AddRange(scene.Before);

        var result = root.Run(backup);

        var error = Regex.Replace(result.Error, "^assimilator: backup created in .*\n", "", RegexOptions.Multiline);
        Assert.Equal(scene.Error, error.Replace(backup, "NAME", StringComparison.Ordinal));
        Assert.Equal(scene.ExitCode, result.ExitCode);
        var samples = gateway.Server.Samples(backup);
        Assert.Equal(TestRoot.FilesCount, samples["assimilator_create_files_count"]);
        Assert.Equal(scene.ExitCode, samples["assimilator_return_code"]);
        Assert.Equal((0, 0), (samples["borg_prune_return_code"], samples["assimilator_compact_return_code"]));
    }

    [Fact]
    public void Leaves_nothing_behind_but_its_state()
    {
        using var root = new TestRoot($"https://{TestRoot.Host}:{gateway.Server.Port}");
        root.Write("/etc/hosts", $"127.0.0.1 {TestRoot.Host}\n").Write(DebianBundle, File.ReadAllText(gateway.Server.AuthorityFile));
        var before = root.WriteConfiguration("main").Entries();

        Assert.Equal(0, root.Run("main").ExitCode);

        Assert.Equal(["/state", "/state/main.json", "/state/main.lock"], root.Entries().Except(before));
    }

    [Theory]
    [InlineData]
    [InlineData("--setenv", "HOME", "")]
    public void Shows_a_client_certificate(params string[] entry)
    {
        using var directory = new TestDirectory();
        var authority = new CertificateAuthority(directory);
        var client = authority.Issue("DNS:client", "client");
        using var nginx = new NginxServer(directory, authority.Issue("IP:127.0.0.1"),
            $"ssl_verify_client on; ssl_client_certificate {authority.CertificateFile};");
        using var root = new TestRoot(
            $"{nginx.Url}\nca_file = /data/ca.pem\nclient_cert_file = /data/client.pem\nclient_key_file = /data/a %20:ä.key");
        root.Write("data/ca.pem", File.ReadAllText(authority.CertificateFile))
            .Write("data/client.pem", File.ReadAllText(client.Certificate))
            .Write("data/a %20:ä.key", File.ReadAllText(client.Key), "600");
        root.Entry.AddRange(entry);

        var result = root.Run("empty");

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>How one host differs from a root directory that holds no more than it takes.</summary>
    private sealed record Scene(Func<TestRoot, TestRoot>? Prepare = null)
    {
        public string Bundle { get; init; } = DebianBundle;

        /// <summary>Further words of bubblewrap.</summary>
        public string[] Entry { get; init; } = [];

        /// <summary>A command that starts it.</summary>
        public string[] Before { get; init; } = [];

        public int ExitCode { get; init; }

        /// <summary>All that is said on standard error.</summary>
        public string Error { get; init; } = "";
    }

    /// <summary>One gateway for all; each pushes a group of its own.</summary>
    public sealed class Gateway : IDisposable
    {
        private readonly TestDirectory _directory = new();

        public Gateway() => Server = new TlsPushgatewayServer(_directory, $"DNS:{TestRoot.Host}");

        internal TlsPushgatewayServer Server { get; }

        public void Dispose()
        {
            Server.Dispose();
            _directory.Dispose();
        }
    }
}
