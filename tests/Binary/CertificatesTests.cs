using System.Text;
using Assimilator.Pushgateway;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

public sealed class CertificatesTests
{
    [Fact]
    public void What_stands_between_certificates_may_be_in_any_encoding()
    {
        using var directory = new TestDirectory();
        var pem = File.ReadAllText(new CertificateAuthority(directory).CertificateFile);
        File.WriteAllText(directory["bundle"], $"# Behörde eins\n{pem}\n# Behörde zwei\n{pem}", Encoding.Latin1);
        Assert.Equal(2, Certificates.Read(directory["bundle"])?.Count);
    }

    [Fact]
    public void A_bundle_may_be_long()
    {
        using var directory = new TestDirectory();
        var pem = File.ReadAllText(new CertificateAuthority(directory).CertificateFile);
        File.WriteAllText(directory["bundle"], $"{pem}{new string('#', 3 * 1024 * 1024)}\n{pem}");
        Assert.Equal(2, Certificates.Read(directory["bundle"])?.Count);
    }
}
