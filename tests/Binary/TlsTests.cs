using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>The gateway's certificate: believed only when everything about it is right, and why not in plain words.</summary>
public sealed class TlsTests : IDisposable
{
    private const string OwnAuthority = "ca_file";
    private const string RightUrl = "url";
    private const string NoName = "has no host name or IP address in subjectAltName";
    private const string NoNameHint = "subject";
    private const string Clock = "the clock of this host";
    private static readonly DateTime Now = DateTime.UtcNow;

    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "instance", "h");
    private readonly CertificateAuthority _authority;

    public TlsTests()
    {
        _authority = new CertificateAuthority(_backup.Directory);
        _backup.Set("pushgateway", "ca_file", _authority.CertificateFile);
    }

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("EC", "TLSv1.2")]
    [InlineData("EC", "TLSv1.3")]
    [InlineData("RSA", "TLSv1.2")]
    [InlineData("RSA", "TLSv1.3")]
    public void What_is_right_is_believed(string key, string protocol)
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1", key: key), $"ssl_protocols {protocol};");
        Delivers(nginx.Url);
    }

    [Fact]
    public void The_name_in_the_url_may_be_any_of_the_certificate()
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("DNS:other.example.org,DNS:localhost"));
        Delivers(nginx.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("IP:127.0.0.2,DNS:other.example.org", "other.example.org, 127.0.0.2")]
    [InlineData("DNS:127.0.0.1", "127.0.0.1")]
    public void Another_name_is_refused(string name, string shown)
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue(name));
        IsRefused(nginx.Url, $"is not for 127.0.0.1, but for {shown}", RightUrl);
    }

    [Fact]
    public void A_name_of_the_subject_alone_is_none()
    {
        var pair = CertificateAuthority.SelfSigned(_backup.Directory, "localhost", "localhost");
        _backup.Set("pushgateway", "ca_file", pair.Certificate);
        using var nginx = new NginxServer(_backup.Directory, pair);
        IsRefused(nginx.Url, NoName, NoNameHint);
    }

    [Theory]
    [InlineData("127.0.0.1", "DNS:foo.example.org")]
    [InlineData("localhost", "IP:10.0.0.1")]
    [InlineData("localhost", "email:a@example.org")]
    public void A_name_of_the_subject_is_none_beside_names_of_another_kind(string host, string name)
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue(name, file: host));
        var url = nginx.Url.Replace("127.0.0.1", host, StringComparison.Ordinal);
        if (name.StartsWith("email", StringComparison.Ordinal))
            IsRefused(url, NoName, NoNameHint);
        else
            IsRefused(url, $"is not for {host}, but for {name.Split(':')[1]}", RightUrl);
    }

    [Fact]
    public void An_expired_one_is_refused()
    {
        var end = Now.AddDays(-3);
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1", from: Now.AddDays(-9), until: end));
        IsRefused(nginx.Url, $"expired on {Words.Time(end)}", Clock);
    }

    [Fact]
    public void One_of_the_future_is_refused()
    {
        var begin = Now.AddDays(3);
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1", from: begin, until: Now.AddDays(9)));
        IsRefused(nginx.Url, $"is not valid before {Words.Time(begin)}", Clock);
    }

    [Fact]
    public void One_of_an_expired_authority_is_refused()
    {
        var end = Now.AddDays(-3);
        var intermediate = _authority.Intermediate(from: Now.AddDays(-9), until: end);
        using var nginx = new NginxServer(_backup.Directory, Chain(intermediate.Issue("IP:127.0.0.1"), intermediate));
        IsRefused(nginx.Url, "has an issuer whose certificate is not valid now", Clock);
    }

    [Fact]
    public void One_of_another_authority_is_refused()
    {
        var other = new CertificateAuthority(_backup.Directory, "other");
        using var nginx = new NginxServer(_backup.Directory, other.Issue("IP:127.0.0.1"));
        _backup.Set("pushgateway", "ca_file", _authority.Issue("DNS:x", "x").Certificate);
        IsRefused(nginx.Url, $"is from an authority that {_backup.Directory["x.pem"]} does not know: CN=Test authority",
            OwnAuthority);
    }

    [Fact]
    public void One_that_sends_an_unknown_root_along_is_refused()
    {
        using var nginx = new NginxServer(_backup.Directory, Chain(_authority.Issue("IP:127.0.0.1"), _authority));
        _backup.Set("pushgateway", "ca_file", _authority.Issue("DNS:x", "x").Certificate);
        IsRefused(nginx.Url, $"is from an authority that {_backup.Directory["x.pem"]} does not know: CN=Test authority", OwnAuthority);
    }

    [Fact]
    public void One_of_an_authority_that_the_system_does_not_know_is_refused()
    {
        _backup.Remove("pushgateway", "ca_file");
        _backup.Environment["SSL_CERT_FILE"] = _backup.Environment["SSL_CERT_DIR"] = "";
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1"));
        IsRefused(nginx.Url, "is from an authority that this system does not know: CN=Test authority", OwnAuthority);
    }

    [Fact]
    public void One_that_is_signed_by_itself_is_refused_unless_it_is_meant()
    {
        var pair = CertificateAuthority.SelfSigned(_backup.Directory, "self", "self", "IP:127.0.0.1");
        using var nginx = new NginxServer(_backup.Directory, pair);
        IsRefused(nginx.Url, $"is self-signed and unknown to {_authority.CertificateFile}",
            "compare its fingerprint with the one on the server; if they match, set ca_file to a copy of it");
        _backup.Set("pushgateway", "ca_file", pair.Certificate);
        Delivers(nginx.Url);
    }

    [Fact]
    public void One_of_an_intermediate_authority_needs_that_ones_certificate()
    {
        var intermediate = _authority.Intermediate();
        var pair = intermediate.Issue("IP:127.0.0.1");
        using (var complete = new NginxServer(_backup.Directory, Chain(pair, intermediate)))
            Delivers(complete.Url);
        using var nginx = new NginxServer(_backup.Directory, pair);
        IsRefused(nginx.Url, $"is from an authority that {_authority.CertificateFile} does not know: CN=intermediate",
            OwnAuthority);
    }

    [Fact]
    public void One_that_is_for_clients_is_refused()
    {
        using var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1", extension: "extendedKeyUsage=clientAuth"));
        IsRefused(nginx.Url, "is not valid: ", null);
    }

    [Fact]
    public void A_proxy_needs_one_of_its_own_name()
    {
        const string url = "https://push.invalid";
        _backup.Set("pushgateway", "url", url).Set("pushgateway", "retries", "0");
        using (var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1")))
        {
            _backup.Environment["https_proxy"] = nginx.Url;
            Words.IsNotDelivered(
                _backup, url, $"the proxy {nginx.Authority} does not connect to push.invalid", "check https_proxy and no_proxy");
        }
        using var other = new NginxServer(_backup.Directory, _authority.Issue("DNS:push.invalid"));
        _backup.Environment["https_proxy"] = other.Url;
        Words.IsNotDelivered(_backup, url, "the proxy's certificate is not for 127.0.0.1, but for push.invalid", null);
    }

    [Fact]
    public void A_proxy_is_verified_on_the_way_to_a_gateway_without_TLS_too()
    {
        const string url = "http://push.invalid";
        _backup.Set("pushgateway", "url", url).Set("pushgateway", "retries", "0");
        using (var nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1")))
        {
            _backup.Environment["http_proxy"] = nginx.Url;
            Assert.DoesNotContain("certificate", _backup.Run().Error, StringComparison.Ordinal);
        }
        using (var other = new NginxServer(_backup.Directory, _authority.Issue("DNS:push.invalid")))
        {
            _backup.Environment["http_proxy"] = other.Url;
            Words.IsNotDelivered(_backup, url, "the proxy's certificate is not for 127.0.0.1, but for push.invalid", null);
        }
    }

    [Fact]
    public void Everything_that_is_wrong_is_said()
    {
        var end = Now.AddDays(-3);
        var pair = _authority.Issue("DNS:other.example.org", from: Now.AddDays(-9), until: end);
        using var nginx = new NginxServer(_backup.Directory, pair);
        IsRefused(nginx.Url, $"expired on {Words.Time(end)}, and is not for 127.0.0.1, but for other.example.org", Clock);
    }

    private KeyPair Chain(KeyPair pair, CertificateAuthority issuer) => pair with
    {
        Certificate = _backup.Directory.Write("chain.pem", File.ReadAllText(pair.Certificate) + File.ReadAllText(issuer.CertificateFile)),
    };

    private void Delivers(string url)
    {
        var result = _backup.Set("pushgateway", "url", url).Run();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private void IsRefused(string url, string words, string? hint) =>
        Words.IsNotDelivered(_backup.Set("pushgateway", "url", url), url, $"the gateway's certificate {words}", hint);
}
