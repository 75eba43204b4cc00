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
        var authorities = new CertificateAuthorities([certificate], "this system", null);
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

    [Theory]
    [InlineData(2048, "SHA256", true, true)]
    [InlineData(2048, "SHA512", false, true)]
    [InlineData(1024, "SHA256", true, false)]
    public void A_weak_key_or_signature_is_not_believed(int bits, string hash, bool isPss, bool isBelieved)
    {
        using var key = RSA.Create(bits);
        var padding = isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        using var certificate = Named(new CertificateRequest("CN=g", key, new HashAlgorithmName(hash), padding))
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        IsBelieved(certificate, isBelieved);
    }

    [Theory]
    [InlineData("secp160r1", false)]
    [InlineData("nistP192", false)]
    [InlineData("nistP224", true)]
    [InlineData("nistP521", true)]
    public void A_weak_curve_is_not_believed(string curve, bool isBelieved)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var certificate = Named(new CertificateRequest("CN=g", key, HashAlgorithmName.SHA256))
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        IsBelieved(certificate, isBelieved);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.CrlSign, false)]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, true)]
    public void A_key_for_something_else_is_not_believed(X509KeyUsageFlags usage, bool isBelieved)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Named(new CertificateRequest("CN=g", key, HashAlgorithmName.SHA256));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        IsBelieved(certificate, isBelieved);
    }

    /// <summary>By the identifier of the algorithm in DER.</summary>
    [Theory]
    [InlineData("300d06092a864886f70d01010b0500", true)] // SHA-256 with RSA
    [InlineData("300d06092a864886f70d01010e0500", false)] // SHA-224 with RSA
    [InlineData("300d06092a864886f70d0101040500", false)] // MD5 with RSA
    [InlineData("300906052b0e0302030500", false)] // the same by its other name, 1.3.14.3.2.3
    [InlineData("300906052b0e03021d0500", false)] // SHA-1 with RSA by its other name
    [InlineData("300d06092a864886f70d01010a3000", false)] // RSASSA-PSS with SHA-1, which is the default of RFC 4055
    [InlineData("304106092a864886f70d01010a3034"
        + "a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120", true)] // RSASSA-PSS with SHA-256 twice
    [InlineData("303d06092a864886f70d01010a3030"
        + "a00f300d06096086480165030402010500a118301606092a864886f70d010108300906052b0e03021a0500a203020120", false)] // with SHA-1 for its mask
    [InlineData("302306092a864886f70d01010a3016"
        + "a00f300d06096086480165030402010500a203020120", false)] // which is the default
    [InlineData("303006092a864886f70d01010a3023"
        + "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120", false)]
    [InlineData("300406022a03", false)] // 1.2.3, which nobody knows
    public void A_signature_that_is_not_known_to_be_safe_is_not_believed(string algorithm, bool isBelieved)
    {
        using var key = RSA.Create(2048);
        using var certificate = Named(new CertificateRequest("CN=g", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            .Create(new("CN=g"), new Signer(key, algorithm), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        IsBelieved(certificate, isBelieved);
    }

    private sealed class Signer(RSA key, string algorithm) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString(algorithm);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }

    [Fact]
    public void A_name_in_the_subject_alone_is_not_believed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=g", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        IsBelieved(certificate, false);
    }

    // b.evil.org, and 0.0.0.0/0 behind the permitted evil.org.
    private const string ExcludedName = "3010a10e300c820a622e6576696c2e6f7267", ExcludedAddresses = "301ca00c300a82086576696c2e6f7267a10c300a87080000000000000000";

    /// <summary>The platform finds no fault with either.</summary>
    [Theory]
    [InlineData("a.evil.org", ExcludedName, false)]
    [InlineData("*.evil.org", ExcludedName, false)]
    [InlineData("*.evil.org", ExcludedAddresses, true)]
    [InlineData("*.evil.org", null, true)]
    public void A_wildcard_of_an_authority_that_is_not_for_every_name_is_not_believed(string name, string? constraints, bool isBelieved)
    {
        const string host = "b.evil.org";
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (constraints is not null)
            request.CertificateExtensions.Add(new X509Extension("2.5.29.30", Convert.FromHexString(constraints), true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Named(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256))
            .Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1]);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.Build(certificate);
        var server = new ServerCertificate("gateway", host, new CertificateAuthorities([authority], "this system", null));
        if (isBelieved)
            Assert.True(server.Verify(certificate, chain, SslPolicyErrors.None));
        else
            Assert.Throws<CertificateRefusedException>(() => server.Verify(certificate, chain, SslPolicyErrors.None));
    }

    private static CertificateRequest Named(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(request.SubjectName.Name[3..]);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static void IsBelieved(X509Certificate2 certificate, bool isBelieved)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.Build(certificate);
        var server = new ServerCertificate("gateway", "g", new CertificateAuthorities([certificate], "this system", null));
        if (isBelieved)
            Assert.True(server.Verify(certificate, chain, SslPolicyErrors.None));
        else
            Assert.Throws<CertificateRefusedException>(() => server.Verify(certificate, chain, SslPolicyErrors.None));
    }

    [Fact]
    public void The_policy_trusts_these_authorities_alone_and_asks_nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        var policy = new CertificateAuthorities([certificate], "this system", null).Policy();

        Assert.Equal(X509ChainTrustMode.CustomRootTrust, policy.TrustMode);
        Assert.Equal(certificate, Assert.Single(policy.CustomTrustStore));
        Assert.Equal(X509VerificationFlags.NoFlag, policy.VerificationFlags);
        Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
        Assert.True(policy.DisableCertificateDownloads);
    }
}
