using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Client certificates that are none, found before anything runs.</summary>
public sealed class BrokenClientCertificateTests : IDisposable
{
    private const string Cert = "FILE:24: [pushgateway] client_cert_file: ";
    private const string Key = "FILE:25: [pushgateway] client_key_file: ";

    private readonly BrokenConfiguration _broken = new();

    public BrokenClientCertificateTests()
    {
        var directory = _broken.Backup.Directory;
        var authority = new CertificateAuthority(directory);
        authority.Issue("DNS:client", "client");
        authority.Issue("DNS:other", "other");
        authority.Issue("DNS:rsa", "rsa", key: "RSA");
        authority.Issue("DNS:ed", "ed", key: "ED25519");
        CertificateAuthority.OpenSsl("pkcs8", "-topk8", "-passout", "pass:hunter2", "-in", directory["client.key"], "-out", directory["pkcs8.key"]);
        CertificateAuthority.OpenSsl("ec", "-aes256", "-passout", "pass:hunter2", "-in", directory["client.key"], "-out", directory["old.key"]);
        CertificateAuthority.OpenSsl("x509", "-in", directory["client.pem"], "-outform", "DER", "-out", directory["client.der"]);
        directory.Write("broken.key", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n");
        directory.Write("open.key", File.ReadAllText(directory["client.key"]), "644");
        directory.Write("open.pem", File.ReadAllText(directory["client.pem"]) + File.ReadAllText(directory["client.key"]), "644");
    }

    public void Dispose() => _broken.Dispose();

    [Theory]
    [InlineData("missing.pem", "client.key", Cert + "DIR/missing.pem does not exist")]
    [InlineData("source", "client.key", Cert + "DIR/source is a directory, expected a file")]
    [InlineData("passphrase", "client.key", Cert + "DIR/passphrase contains no PEM certificate")]
    [InlineData("client.key", "client.key", Cert + "DIR/client.key contains no PEM certificate")]
    [InlineData("client.pem", "missing.key", Key + "DIR/missing.key does not exist")]
    [InlineData("client.pem", "passphrase", Key + "DIR/passphrase is not the private key of the certificate in DIR/client.pem")]
    [InlineData("client.pem", "broken.key", Key + "DIR/broken.key is not the private key of the certificate in DIR/client.pem")]
    [InlineData("client.pem", "other.key", Key + "DIR/other.key is not the private key of the certificate in DIR/client.pem")]
    [InlineData("client.pem", "rsa.key", Key + "DIR/rsa.key is not the private key of the certificate in DIR/client.pem")]
    [InlineData("rsa.pem", "client.key", Key + "DIR/client.key is not the private key of the certificate in DIR/rsa.pem")]
    [InlineData("ed.pem", "ed.key", Key + "DIR/ed.key is not the private key of the certificate in DIR/ed.pem")]
    [InlineData("client.pem", "open.key", Key + "DIR/open.key contains a secret, but is readable by everyone", "hint: chmod o= DIR/open.key")]
    [InlineData("open.pem", "client.key", Cert + "DIR/open.pem contains a secret, but is readable by everyone", "hint: chmod o= DIR/open.pem")]
    [InlineData("client.pem", "pkcs8.key", Key + "the key in DIR/pkcs8.key is encrypted",
        "hint: decrypt it into a new file, and set client_key_file to that: openssl pkey -in DIR/pkcs8.key -out new.key")]
    [InlineData("client.pem", "old.key", Key + "the key in DIR/old.key is encrypted",
        "hint: decrypt it into a new file, and set client_key_file to that: openssl pkey -in DIR/old.key -out new.key")]
    public void Is_refused(string certificate, string key, params string[] expected) => Append(
        $"client_cert_file = DIR/{certificate}\nclient_key_file = DIR/{key}").IsRefused(expected);

    [Fact]
    public void DER_is_refused() => Append("client_cert_file = DIR/client.der\nclient_key_file = DIR/client.key")
        .IsRefused([Cert + "DIR/client.der contains binary data, expected UTF-8 text"]);

    [Theory]
    [InlineData("client_cert_file = DIR/client.pem", "FILE:22: [pushgateway] client_key_file: is missing, and DIR/client.pem contains no private key")]
    [InlineData("client_key_file = DIR/client.key", "FILE:22: [pushgateway] client_cert_file: is missing: client_key_file is the key of a certificate")]
    [InlineData("client_cert_file = client.pem", Cert + Refusals.Absolute, Refusals.AbsoluteHint)]
    public void Half_of_it_is_refused(string line, params string[] expected) => Append(line).IsRefused(expected);

    [Fact]
    public void Without_tls_it_is_refused() => Append("client_cert_file = DIR/client.pem\nclient_key_file = DIR/client.key", "http")
        .IsRefused([Cert + "a client certificate needs TLS: use https:// in url"]);

    [Theory]
    [InlineData("DIR/client.pem", "DIR/client.key")]
    [InlineData("/DIR/client.pem", "/DIR//client.key")]
    public void What_is_right_is_in_order(string certificate, string key)
    {
        var result = Append($"client_cert_file = {certificate}\nclient_key_file = {key}").Run("validate");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private BrokenConfiguration Append(string lines, string scheme = "https") =>
        _broken.Append($"[pushgateway]\nurl = {scheme}://push.example.org\n{lines}");
}
