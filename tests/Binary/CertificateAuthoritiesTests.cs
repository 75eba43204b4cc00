using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Whom the program trusts where ca_file says nothing: wherever the distribution keeps it.</summary>
public sealed class CertificateAuthoritiesTests : IDisposable
{
    private const string NoneFound = "no certificate authorities were found on this system, so no TLS certificate can be trusted";
    private const string NoneFoundHint = "install ca-certificates, or set ca_file, or SSL_CERT_FILE";

    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "instance", "h");
    private readonly CertificateAuthority _authority;
    private readonly NginxServer _nginx;

    public CertificateAuthoritiesTests()
    {
        _authority = new CertificateAuthority(_backup.Directory);
        _nginx = new NginxServer(_backup.Directory, _authority.Issue("IP:127.0.0.1"));
        _backup.Set("pushgateway", "url", _nginx.Url);
        _backup.Environment["SSL_CERT_FILE"] = null;
        _backup.Environment["SSL_CERT_DIR"] = null;
    }

    public void Dispose()
    {
        _nginx.Dispose();
        _backup.Dispose();
    }

    [Theory]
    [InlineData("ssl/certs/ca-certificates.crt")]
    [InlineData("pki/tls/certs/ca-bundle.crt")]
    [InlineData("ssl/ca-bundle.pem")]
    [InlineData("pki/tls/cacert.pem")]
    [InlineData("pki/ca-trust/extracted/pem/tls-ca-bundle.pem")]
    [InlineData("ssl/cert.pem")]
    [InlineData("ssl/certs/0a1b2c3d.0")]
    [InlineData("pki/tls/certs/own.pem")]
    public void A_distributions_place_is_known(string place)
    {
        _backup.Directory.Write($"etc/{place}", File.ReadAllText(_authority.CertificateFile));
        var result = RunWithEtc();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void A_system_without_any_is_said()
    {
        var result = RunWithEtc();
        Assert.Equal($"assimilator: error: the report was not delivered to {Group}: {NoneFound}\nassimilator: hint: {NoneFoundHint}\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "DIR/open.pem", "SSL_CERT_FILE is DIR/open.pem, but DIR/open.pem is writable by everybody, who could change it")]
    [InlineData("SSL_CERT_DIR", "DIR/open", "SSL_CERT_DIR is DIR/open, where there is no certificate in PEM that nobody else could change")]
    public void What_others_could_change_is_not_believed(string variable, string value, string words)
    {
        const UnixFileMode everybody = (UnixFileMode)0x1b6;
        foreach (var name in new[] { "open.pem", "open/ca.pem" })
            File.SetUnixFileMode(_backup.Directory.Write(name, File.ReadAllText(_authority.CertificateFile)), everybody);
        _backup.Environment[variable] = Filled(value);
        Assert.Equal(
            $"assimilator: error: the report was not delivered to {Group}: {NoneFound}; {Filled(words)}\nassimilator: hint: {NoneFoundHint}\n",
            RunWithEtc().Error);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "DIR/none.pem", "SSL_CERT_FILE is DIR/none.pem, which holds no certificate in PEM")]
    [InlineData("SSL_CERT_FILE", "DIR/passphrase", "SSL_CERT_FILE is DIR/passphrase, which holds no certificate in PEM")]
    [InlineData("SSL_CERT_DIR", "DIR/none", "SSL_CERT_DIR is DIR/none, where there is no certificate in PEM")]
    public void A_variable_that_leads_nowhere_is_said(string variable, string value, string words)
    {
        _backup.Environment[variable] = Filled(value);
        var result = RunWithEtc();
        Assert.Equal(
            $"assimilator: error: the report was not delivered to {Group}: {NoneFound}; {Filled(words)}\nassimilator: hint: {NoneFoundHint}\n", result.Error);

        // Other authorities of the system are still there, but do not help.
        var other = new CertificateAuthority(_backup.Directory, "other");
        _backup.Directory.Write("etc/ssl/certs/ca-certificates.crt", File.ReadAllText(other.CertificateFile));
        Assert.Contains($" CN=Test authority; {Filled(words)}\n", RunWithEtc().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "DIR/ca.pem")]
    [InlineData("SSL_CERT_DIR", "DIR/none:DIR/own")]
    public void A_variable_is_honoured(string variable, string value)
    {
        _backup.Directory.Write("own/ca.pem", File.ReadAllText(_authority.CertificateFile));
        _backup.Environment[variable] = Filled(value);
        var result = _backup.Run();
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    private string Group => $"{_nginx.Url}/metrics/job/assimilator/instance/h/backup/test";

    private string Filled(string text) => text.Replace("DIR/", $"{_backup.Directory.Path}/", StringComparison.Ordinal);

    /// <summary>Runs a backup on a system whose <c>/etc</c> holds what the test has put there, and nothing else.</summary>
    private ProgramResult RunWithEtc()
    {
        _backup.WriteConfiguration();
        var etc = _backup.Directory.MakeDirectory("etc");
        return Programs.Run("bwrap",
            ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", etc, "/etc", "--die-with-parent", Repository.Binary, "-c", _backup.ConfigurationFile],
            _backup.Environment);
    }
}
