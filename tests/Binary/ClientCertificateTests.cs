using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>The certificate by which a host shows the gateway who it is.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private const string Nginx12 = "ssl_protocols TLSv1.2;", Nginx13 = "ssl_protocols TLSv1.3;";
    private const string Unset = "set client_cert_file and client_key_file";

    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "instance", "h");
    private readonly CertificateAuthority _authority;
    private readonly CertificateAuthority _clients;
    private readonly KeyPair _server;

    public ClientCertificateTests()
    {
        _authority = new CertificateAuthority(_backup.Directory);
        _clients = new CertificateAuthority(_backup.Directory, "clients");
        _server = _authority.Issue("IP:127.0.0.1");
        _backup.Set("pushgateway", "ca_file", _authority.CertificateFile);
    }

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("EC", "pkcs8")]
    [InlineData("EC", "traditional")]
    [InlineData("RSA", "pkcs8")]
    [InlineData("RSA", "traditional")]
    public void A_real_gateway_takes_it(string kind, string format)
    {
        var client = _clients.Issue("DNS:client", "client", "extendedKeyUsage=clientAuth", kind);
        if (format == "traditional")
        {
            var key = _backup.Directory["traditional.key"];
            CertificateAuthority.OpenSsl("pkey", "-in", client.Key, "-traditional", "-out", key);
            client = client with { Key = key };
        }
        using var gateway = Pushgateway();
        Delivers(Https(gateway), client);
    }

    [Theory]
    [InlineData(Nginx12)]
    [InlineData(Nginx13)]
    public void Its_issuers_are_sent_along(string protocol)
    {
        var intermediate = _clients.Intermediate();
        var client = intermediate.Issue("DNS:client", "client");
        var chain = _backup.Directory.Write("client-chain.pem",
            File.ReadAllText(client.Certificate) + File.ReadAllText(intermediate.CertificateFile) + File.ReadAllText(client.Key));
        using var nginx = Nginx(protocol + " ssl_verify_depth 2;");
        Delivers(nginx.Url, new KeyPair(chain, client.Key));
        // The key may stand in the same file.
        _backup.Remove("pushgateway", "client_key_file");
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_gateway_that_wants_none_gets_none_and_takes_the_report()
    {
        using var nginx = new NginxServer(_backup.Directory, _server);
        Delivers(nginx.Url, _clients.Issue("DNS:client", "client"));
    }

    [Theory]
    [InlineData(Nginx12)]
    [InlineData(Nginx13)]
    public void Without_one_nginx_says_so(string protocol)
    {
        using var nginx = Nginx(protocol);
        NotDelivered(nginx.Url, "the gateway answered 400 Bad Request: 400 No required SSL certificate was sent",
            $"the gateway requires a client certificate: {Unset}");
    }

    [Theory]
    [InlineData(Nginx12)]
    [InlineData(Nginx13)]
    public void Nginx_refuses_one_of_another_authority(string protocol)
    {
        using var nginx = Nginx(protocol);
        Set(_authority.Issue("DNS:client", "client"));
        NotDelivered(nginx.Url, "the gateway answered 400 Bad Request: 400 The SSL certificate error",
            "the gateway rejects the certificate in client_cert_file: check its issuer and expiry");
    }

    [Theory]
    [InlineData("TLS12")]
    [InlineData("TLS13")]
    public void Without_one_the_real_gateway_says_so(string protocol)
    {
        using var gateway = Pushgateway(protocol);
        IsRefused(gateway, "certificate");
    }

    [Theory]
    [InlineData("TLS12")]
    [InlineData("TLS13")]
    public void The_real_gateway_refuses_one_of_another_authority(string protocol)
    {
        using var gateway = Pushgateway(protocol);
        var client = _authority.Issue("DNS:client", "client");
        Set(client);
        IsRefused(gateway, client.Certificate);
    }

    /// <summary>Under TLS 1.3 the refusal comes after the handshake: the report may meet a closed connection instead.</summary>
    private void IsRefused(PushgatewayServer gateway, string hint)
    {
        var result = _backup.Set("pushgateway", "url", Https(gateway)).Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Matches($"the TLS connection to {gateway.Url.Split('/')[^1]} failed: .*certificate.*\n.*{Regex.Escape(hint)}"
            + "|closed the connection without an answer", result.Error);
    }

    [Fact]
    public void An_expired_one_is_a_warning_and_the_backup_is_made()
    {
        var end = DateTime.UtcNow.AddDays(-3);
        var client = _clients.Issue("DNS:client", "client", from: DateTime.UtcNow.AddDays(-9), until: end);
        using var gateway = Pushgateway();
        _backup.Set("pushgateway", "url", Https(gateway));
        Set(client);
        var warning = $"assimilator: warning: {_backup.ConfigurationFile}:13: [pushgateway] client_cert_file: the certificate in "
            + $"{client.Certificate} expired on {Words.Time(end)}\nassimilator: hint: the gateway will probably refuse it\n";

        var validated = _backup.Run("validate");
        var result = _backup.Run();

        Assert.Equal((0, warning), (validated.ExitCode, validated.Error));
        Assert.StartsWith(warning, result.Error, StringComparison.Ordinal);
        Assert.Contains($": the gateway ", result.Error, StringComparison.Ordinal);
        Assert.Contains("create", _backup.Calls());
        Assert.Equal(1, result.ExitCode);
    }

    private static string Https(PushgatewayServer gateway) => gateway.Url.Replace("http:", "https:", StringComparison.Ordinal);

    private PushgatewayServer Pushgateway(string protocol = "TLS13") => new($"--web.config.file={_backup.Directory.Write("web.yml",
        $"""
        tls_server_config:
          cert_file: {_server.Certificate}
          key_file: {_server.Key}
          max_version: {protocol}
          client_auth_type: RequireAndVerifyClientCert
          client_ca_file: {_clients.CertificateFile}
        """)}");

    private NginxServer Nginx(string directives) => new(
        _backup.Directory, _server, $"{directives} ssl_verify_client on; ssl_client_certificate {_clients.CertificateFile};");

    private void Set(KeyPair client) => _backup
        .Set("pushgateway", "client_cert_file", client.Certificate).Set("pushgateway", "client_key_file", client.Key);

    private void Delivers(string url, KeyPair client)
    {
        Set(client);
        var result = _backup.Set("pushgateway", "url", url).Run();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private void NotDelivered(string url, string words, string hint) =>
        Words.IsNotDelivered(_backup.Set("pushgateway", "url", url), url, words, hint);
}
