using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>The promise of one static file: a root directory with nothing in it but the program, its configuration and a
/// static stand-in for borg.</summary>
public sealed class EmptyRootTests : IDisposable
{
    // Prints what borg prints; there is no shell in there that could.
    private const string StandIn =
        """
        #include <stdio.h>
        #include <string.h>
        int main(int count, char **arguments) {
            if (count > 1 && strcmp(arguments[1], "create") == 0)
                puts("{\"archive\": {\"name\": \"a\", \"stats\": {\"nfiles\": 42}}}");
            return 0;
        }
        """;

    private readonly PushgatewayServer _gateway = new();
    private readonly TestDirectory _directory = new();

    public void Dispose()
    {
        _directory.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Runs_and_pushes_by_host_name()
    {
        var root = MakeRoot($"url = http://gateway.test:{_gateway.Port}");
        // Part of the configuration of a host: how names are looked up. The modules named are not there.
        _directory.Write("root/etc/hosts", "127.0.0.1 gateway.test\n", "644");
        _directory.Write("root/etc/nsswitch.conf", "hosts: mymachines mdns4_minimal [NOTFOUND=return] files resolve dns\n", "644");

        var result = RunIn(root);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(42, _gateway.Samples("hosts")["assimilator_create_files_count"]);
        Assert.Equal(0, _gateway.Samples("hosts")["assimilator_return_code"]);
        Assert.Equal(
            ["assimilator", "borg", "data", "etc", "hosts.ini", "state"],
            Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("--setenv", "HOME", "")]
    public void Pushes_over_tls_with_a_client_certificate(params string[] environment)
    {
        var authority = new CertificateAuthority(_directory);
        var client = authority.Issue("DNS:client", "client");
        using var nginx = new NginxServer(_directory, authority.Issue("IP:127.0.0.1"),
            $"ssl_verify_client on; ssl_client_certificate {authority.CertificateFile};");
        var root = MakeRoot(
            $"url = {nginx.Url}\nca_file = /data/ca.pem\nclient_cert_file = /data/client.pem\nclient_key_file = /data/a %20:ä.key");
        File.Copy(authority.CertificateFile, _directory["root/data/ca.pem"]);
        File.Copy(client.Certificate, _directory["root/data/client.pem"]);
        File.Copy(client.Key, _directory["root/data/a %20:ä.key"]);

        var result = RunIn(root, environment);

        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static ProgramResult RunIn(string root, params string[] environment) => Programs.Run("bwrap",
        ["--bind", root, "/", "--clearenv", .. environment, "--die-with-parent", "/assimilator", "-c", "/hosts.ini"]);

    private string MakeRoot(string gateway)
    {
        var root = _directory.MakeDirectory("root");
        File.Copy(Repository.Binary, _directory["root/assimilator"]);
        var source = _directory.Write("borg.c", StandIn);
        Programs.RunOrThrow("clang", ["-static", "-o", _directory["root/borg"], source]);
        _directory.MakeDirectory("root/data");
        _directory.Write("root/hosts.ini",
            $"""
            [repository]
            location = /repository
            [paths]
            1 = /data
            [borg]
            path = /borg
            [retention]
            daily = 1
            [pushgateway]
            {gateway}
            instance = empty
            [state]
            directory = /state
            """);
        return root;
    }
}
