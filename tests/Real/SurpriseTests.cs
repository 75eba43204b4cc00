using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A static executable on a host full of what it could load: whatever way leads to the gateway, it finds it, and opens
/// nothing but what it says. Each test has a network of its own, with a name server.</summary>
public sealed partial class SurpriseTests : IDisposable
{
    private const string Bundle = "/etc/ssl/certs/ca-certificates.crt";
    private const string Resolver = "options timeout:1\nnameserver 127.0.0.1\n";
    private const string Names =
        "DNS:four.test,DNS:six.test,DNS:both.test,DNS:halfdead.test,DNS:stuck.test,DNS:mute.test,DNS:late.test,DNS:long.test,DNS:alias.test,DNS:four,DNS:own,"
        + "IP:127.0.0.1,IP:::1";

    /// <summary>Whoever loads this ends at once.</summary>
    private const string Trap = "__attribute__((constructor)) static void loaded(void) { __builtin_trap(); }";

    // A configuration of OpenSSL that the tools of this host may need.
    private const string OpenSslConfiguration =
        """
        openssl_conf = all
        [all]
        providers = providers
        engines = engines
        [providers]
        foreign = foreign
        [foreign]
        module = /usr/lib/ossl-modules/foreign.so
        activate = 1
        [engines]
        foreign = foreign_engine
        [foreign_engine]
        dynamic_path = /usr/lib/engines-3/foreign.so
        init = 1

        """;

    private static readonly Lazy<byte[]> TrapLibrary = new(() => TestRoot.Compile("trap.so", Trap, "-shared", "-fPIC", "-nostdlib"));

    private static readonly string[] LibraryDirectories =
        ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];

    private static readonly string[] Modules =
    [
        "libnss_mdns4_minimal.so.2", "libnss_resolve.so.2", "libnss_myhostname.so.2", "libnss_systemd.so.2", "libnss_files.so.2",
        "libnss_dns.so.2", "libc.so.6", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3", "libicuuc.so.72",
        "gconv/UTF-16.so", "ossl-modules/foreign.so", "engines-3/foreign.so",
    ];

    /// <summary>Everything that the program and its children may open outside of /proc and /sys.</summary>
    private static readonly string[] Known =
    [
        "/", "/proc", "state", ".", "/state", "/dev/null", "/dev/urandom", "/data", "/borg", "/script", "/surprise.ini", "/state/surprise.lock",
        "/state/surprise.json", "/state/surprise.json.*.tmp", "surprise.json", "surprise.json.*.tmp",
        "/etc/group", "/etc/passwd", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/gai.conf",
        "/etc/services", "/etc/localtime", "/etc/ssl/certs", Bundle,
    ];

    /// <summary>Listens, but has no room for one more connection.</summary>
    private const string NeverAnswers =
        """
        import socket, sys, time
        server = socket.socket()
        server.bind(("127.0.0.9", int(sys.argv[1])))
        server.listen(0)
        clients = [socket.socket() for _ in range(4)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(("127.0.0.9", int(sys.argv[1])))
        open(sys.argv[2], "w")
        time.sleep(1000)
        """;

    private readonly TestDirectory _directory = new();
    private readonly IsolatedNetwork _network = new();
    private readonly Server _nameServer;

    public SurpriseTests() => _nameServer = _network.Start(
        "/usr/bin/python3", [Path.Combine(Repository.Root, "tests/Resources/dns-server.py")], 53);

    public void Dispose()
    {
        _nameServer.Dispose();
        _network.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("an IPv4 address of a name", "four.test", "127.0.0.1")]
    [InlineData("an IPv6 address of a name", "six.test", "::1")]
    [InlineData("both, and only IPv4 answers", "both.test", "127.0.0.1")]
    [InlineData("both, and only IPv6 answers", "both.test", "::1")]
    [InlineData("two addresses, and one answers", "halfdead.test", "127.0.0.1")]
    [InlineData("two addresses, and one never answers", "stuck.test", "127.0.0.1")]
    [InlineData("a name server that says nothing about IPv6", "mute.test", "127.0.0.1")]
    [InlineData("an alias", "alias.test", "127.0.0.1")]
    [InlineData("an answer to the second try", "late.test", "127.0.0.1")]
    [InlineData("an answer that takes TCP", "long.test", "127.0.0.1")]
    [InlineData("a search domain", "four", "127.0.0.1", "search nowhere.test test\n" + Resolver)]
    [InlineData("a silent name server first", "four.test", "127.0.0.1", "options timeout:1\nnameserver 127.0.0.53\nnameserver 127.0.0.1\n")]
    [InlineData("a name server that is not there first", "four.test", "127.0.0.1", "nameserver 127.0.0.54\nnameserver 127.0.0.1\n")]
    [InlineData("the name server of this host, by default", "four.test", "127.0.0.1", null)]
    [InlineData("the hosts file", "own", "127.0.0.1", null, "127.0.0.1 own\n")]
    [InlineData("the hosts file, by IPv6", "own", "::1", null, "::1 own\n")]
    [InlineData("an address", "127.0.0.1", "127.0.0.1", null)]
    [InlineData("an address of IPv6", "[::1]", "::1", null)]
    public void Finds_the_gateway_by(string way, string host, string address, string? resolver = Resolver, string hosts = "")
    {
        using var gateway = new TlsPushgatewayServer(_directory, Names, address, _network);
        using var stuck = _network.Start("/usr/bin/python3", ["-c", NeverAnswers, $"{gateway.Port}", _directory["stuck"]], () => File.Exists(_directory["stuck"]));
        using var root = new TestRoot($"https://{host}:{gateway.Port}");
        Fill(root, gateway, hosts);
        if (resolver is not null)
            root.Write("/etc/resolv.conf", resolver);

        var trace = _directory["trace"];
        root.Before.AddRange([.. _network.Entry, "strace", "-f", "-y", "-qq", "-s", "4096", "-o", trace,
            "-e", "trace=?open,openat,?openat2,execve,execveat,mmap,mprotect,?uselib"]);
        var result = root.Run("surprise");

        Assert.True(result.ExitCode == 0 && result.Error.Length == 0, $"by {way}: {result}");
        Assert.Equal(0, gateway.Samples("surprise")["assimilator_return_code"]);
        OpensOnlyWhatItSays(trace);
    }

    private static void OpensOnlyWhatItSays(string trace)
    {
        // Before it, bubblewrap does its own.
        var lines = File.ReadLines(trace).SkipWhile(line => !line.Contains("execve(\"/assimilator\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(["/assimilator", "/borg", "/script"], Matches(lines, Executed()));
        Assert.Empty(Matches(lines, MappedForExecution()));
        var opened = Matches(lines, Opened());
        Assert.Contains("/etc/passwd", opened);
        Assert.Contains(Bundle, opened);
        Assert.Equal([], opened.Select(path => Numbers().Replace(path, ".*.")).Except(Known).Where(path =>
            // Bubblewrap is not always done by then.
            path != "self/fd" && !path.StartsWith("/proc/", StringComparison.Ordinal) && !path.StartsWith("/sys/", StringComparison.Ordinal)));
    }

    private static List<string> Matches(IEnumerable<string> lines, Regex pattern) =>
        [.. lines.Select(line => pattern.Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)
            .Distinct().Order(StringComparer.Ordinal)];

    private static void Fill(TestRoot root, TlsPushgatewayServer gateway, string hosts)
    {
        foreach (var directory in LibraryDirectories)
        {
            for (var i = 0; i < Modules.Length; i++)
                root.WriteExecutable($"{directory}/{Modules[i]}", i % 2 == 0 ? TrapLibrary.Value : "garbage"u8.ToArray());
            root.Write($"{directory}/gconv/gconv-modules", "module INTERNAL UTF-16// UTF-16 1\n");
        }
        root.Write("/usr/lib/ssl/openssl.cnf", OpenSslConfiguration).Write("/etc/ssl/openssl.cnf", OpenSslConfiguration)
            .Write("/etc/ld.so.preload", "/lib/libc.so.6\n")
            .Write("/etc/nsswitch.conf",
                """
                passwd: systemd files
                group: systemd files
                hosts: mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] myhostname systemd files dns
                services: systemd files

                """)
            .Write("/etc/hosts", hosts)
            .Write("/etc/group", "private:x:4711:\n").Write("/etc/passwd", "private:x:4711:4711::/:/script\n")
            .Write(Bundle, File.ReadAllText(gateway.AuthorityFile))
            .WriteExecutable("script", File.ReadAllBytes(root["borg"]))
            .Set("preexec", "1 = /script");
        // A user of its own group may write its files: whether the group is one asks for users and groups.
        File.SetUnixFileMode(root["script"], UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        root.Entry.AddRange(["--unshare-user", "--uid", "4711", "--gid", "4711", "--proc", "/proc", "--dev", "/dev",
            "--setenv", "HOME", "/home/nobody", "--setenv", "LANG", "de_AT.ISO-8859-15",
            "--setenv", "OPENSSL_CONF", "/etc/ssl/openssl.cnf", "--setenv", "OPENSSL_MODULES", "/usr/lib/ossl-modules",
            "--setenv", "LD_PRELOAD", "/lib/libc.so.6", "--setenv", "LD_LIBRARY_PATH", "/lib", "--setenv", "GCONV_PATH", "/usr/lib/gconv"]);
    }

    [GeneratedRegex(@"^\d+ +execve(?:at)?\([^""]*""([^""]*)""")]
    private static partial Regex Executed();

    [GeneratedRegex(@"^\d+ +(?:mmap|mprotect)\([^)]*PROT_EXEC[^)]*\d<(/[^>]*)>")]
    private static partial Regex MappedForExecution();

    [GeneratedRegex(@"^\d+ +(?:open(?:at2?)?|uselib)\([^""]*""([^""]*)""")]
    private static partial Regex Opened();

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex Numbers();
}
