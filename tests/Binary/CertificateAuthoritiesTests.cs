using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Whom the program trusts where ca_file says nothing: wherever the distribution keeps it.</summary>
public sealed class CertificateAuthoritiesTests : IDisposable
{
    private const string NoneFound = "no certificate authorities found on this system";

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
        Assert.Contains(NoneFound, result.Error, StringComparison.Ordinal);
        Assert.Contains("ca_file", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "DIR/none.pem")]
    [InlineData("SSL_CERT_FILE", "DIR/passphrase")]
    [InlineData("SSL_CERT_DIR", "DIR/none")]
    public void A_variable_that_leads_nowhere_leaves_none(string variable, string value)
    {
        _backup.Environment[variable] = Filled(value);
        Assert.Contains(NoneFound, RunWithEtc().Error, StringComparison.Ordinal);
    }

    /// <summary>Other authorities of the system do not help.</summary>
    [Fact]
    public void A_variable_is_named_when_its_authorities_do_not_know_the_gateway()
    {
        var other = new CertificateAuthority(_backup.Directory, "other");
        _backup.Environment["SSL_CERT_FILE"] = other.CertificateFile;
        Assert.Contains($"SSL_CERT_FILE={other.CertificateFile}", RunWithEtc().Error, StringComparison.Ordinal);
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
