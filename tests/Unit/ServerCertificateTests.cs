using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Assimilator.Pushgateway;

namespace Assimilator.Tests.Unit;

/// <summary>Whoever looks for the reason of a refusal must not turn it into its opposite.</summary>
public sealed class ServerCertificateTests
{
    [Theory]
    [InlineData("gateway.example.org")]
    [InlineData("other.example.org")]
    public void Nothing_that_the_platform_finds_fault_with_is_believed(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Named(new CertificateRequest("CN=gateway.example.org", key, HashAlgorithmName.SHA256))
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var known = new X509Chain();
        known.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        known.ChainPolicy.CustomTrustStore.Add(certificate);
        known.Build(certificate);
        using var unknown = new X509Chain();
        unknown.Build(certificate);
        var authorities = new CertificateAuthorities([certificate], "this system");
        var server = new ServerCertificate("gateway", host, authorities);

        Assert.True(new ServerCertificate("gateway", "gateway.example.org", authorities).Verify(certificate, known, SslPolicyErrors.None));
        // All sums of the three flags, whatever the chain and the certificate look like otherwise.
        for (var errors = 1; errors <= 7; errors++)
        {
            foreach (var chain in new[] { known, unknown, null })
            {
                Assert.Throws<CertificateRefusedException>(() => server.Verify(certificate, chain, (SslPolicyErrors)errors));
                Assert.Throws<CertificateRefusedException>(() => server.Verify(null, chain, (SslPolicyErrors)errors));
            }
        }
    }

    [Fact]
    public void A_name_in_the_subject_alone_is_not_believed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=g", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.Build(certificate);
        var server = new ServerCertificate("gateway", "g", new CertificateAuthorities([certificate], "this system"));
        Assert.Throws<CertificateRefusedException>(() => server.Verify(certificate, chain, SslPolicyErrors.None));
    }

    private static CertificateRequest Named(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(request.SubjectName.Name[3..]);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    [Fact]
    public void The_policy_trusts_these_authorities_alone_and_asks_nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        var policy = new CertificateAuthorities([certificate], "this system").Policy();

        Assert.Equal(X509ChainTrustMode.CustomRootTrust, policy.TrustMode);
        Assert.Equal(certificate, Assert.Single(policy.CustomTrustStore));
        Assert.Equal(X509VerificationFlags.NoFlag, policy.VerificationFlags);
        Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
        Assert.True(policy.DisableCertificateDownloads);
    }
}
