using System.Net;
using System.Net.Sockets;
using System.Text;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Ports that speak something else than what url says.</summary>
public sealed class TlsProtocolTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "instance", "h");
    private readonly CertificateAuthority _authority;

    public TlsProtocolTests()
    {
        _authority = new CertificateAuthority(_backup.Directory);
        _backup.Set("pushgateway", "ca_file", _authority.CertificateFile);
    }

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("TLSv1")]
    [InlineData("TLSv1.1")]
    public void What_is_older_than_tls_12_is_not_spoken(string protocol)
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1", key: "RSA"),
            $"ssl_protocols {protocol}; ssl_ciphers ALL:@SECLEVEL=0;");
        NotDelivered(nginx.Url, "does not speak TLS 1.2 or 1.3", null);
    }

    [Fact]
    public void Ciphers_that_only_the_gateway_knows()
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1"),
            "ssl_protocols TLSv1.2; ssl_ciphers NULL@SECLEVEL=0;");
        NotDelivered(nginx.Url,
            "handshake failure", null);
    }

    [Fact]
    public void The_real_gateway_without_tls()
    {
        using var gateway = new PushgatewayServer();
        NotDelivered($"https://127.0.0.1:{gateway.Port}", $"127.0.0.1:{gateway.Port} does not speak TLS", "if the gateway has no TLS, use http:// in url; otherwise check the port");
    }

    [Theory]
    [InlineData("220 mail.example.org ESMTP\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0")]
    public void Something_else(string greeting)
    {
        using var listener = Serve(greeting);
        NotDelivered($"https://{listener.LocalEndpoint}", $"{listener.LocalEndpoint} does not speak TLS", "if the gateway has no TLS, use http:// in url; otherwise check the port");
    }

    [Fact]
    public void Nothing_at_all()
    {
        using var listener = Serve("");
        _backup.Set("pushgateway", "retries", "0").Set("pushgateway", "timeout", "2s");
        NotDelivered($"https://{listener.LocalEndpoint}", $"timed out setting up TLS with {listener.LocalEndpoint}",
            "is the gateway running, and does this port speak TLS?");
    }

    [Fact]
    public void A_connection_that_is_closed()
    {
        using var listener = Serve(null);
        _backup.Set("pushgateway", "retries", "0");
        NotDelivered($"https://{listener.LocalEndpoint}", $"{listener.LocalEndpoint} closed the connection without an answer",
            "does this port speak TLS, and is a client certificate wanted?");
    }

    [Fact]
    public void A_gateway_that_speaks_tls_while_url_says_http()
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1"));
        NotDelivered($"http://{nginx.Authority}", "the gateway answered 400 Bad Request: 400 The plain HTTP request was sent to HTTPS port",
            "this port speaks TLS: use https:// in url");
    }

    [Fact]
    public void The_real_gateway_that_speaks_tls_while_url_says_http()
    {
        var pair = _authority.Issue("IP:127.0.0.1");
        using var gateway = new PushgatewayServer($"--web.config.file={_backup.Directory.Write("web.yml",
            $"tls_server_config:\n  cert_file: {pair.Certificate}\n  key_file: {pair.Key}\n")}");
        var result = _backup.Set("pushgateway", "url", gateway.Url).Run();
        Assert.Equal(1, result.ExitCode);
        // It resets the connection behind its answer, which may be lost by that.
        Assert.Matches("(the gateway answered 400 Bad Request|closed the connection without an answer).*\n.*https://", result.Error);
    }

    private void NotDelivered(string url, string words, string? hint) =>
        Words.IsNotDelivered(_backup.Set("pushgateway", "url", url), url, words, hint);

    /// <summary>A port where everybody gets the same greeting; with nothing to say, silence, and null closes it at once.</summary>
    private static TcpListener Serve(string? greeting)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            var clients = new List<TcpClient>();
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                clients.Add(client);
                if (greeting is null)
                    client.Close();
                else
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
            }
        });
        return listener;
    }
}
