using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Assimilator.Pushgateway;

/// <summary>Finds a certificate that could be forged: one with a weak key, or signed in a way that is out of use.</summary>
internal static class WeakCertificate
{
    private const string Pss = "1.2.840.113549.1.1.10";

    // What can be forged goes by many a name, so what cannot is listed: what Go knows, and Ed448.
    private static readonly string[] SafeSignatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", // RSA with SHA-256, SHA-384, SHA-512
        "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3", // these within RSASSA-PSS
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", // ECDSA with the same
        "1.3.101.112", "1.3.101.113", // Ed25519, Ed448
    ];

    /// <summary>The platform leaves this to the TLS library, which looks at it only where its own configuration says so.</summary>
    public static string? Find(X509Chain? chain)
    {
        for (var i = 0; i < chain?.ChainElements.Count; i++)
        {
            // What an authority signs under its own certificate says nothing.
            if (Weakness(chain.ChainElements[i].Certificate, isAnchor: i > 0 && i == chain.ChainElements.Count - 1) is { } weakness)
                return weakness;
        }
        return null;
    }

    private static string? Weakness(X509Certificate2 certificate, bool isAnchor)
    {
        var key = certificate.PublicKey.EncodedKeyValue.RawData;
        var weakKey = certificate.PublicKey.Oid.Value switch
        {
            "1.2.840.113549.1.1.1" or Pss => BitsOfModulus(key) < 2048 ? "has an RSA key of less than 2048 bits, which can be broken" : null,
            "1.2.840.10045.2.1" => BitsOfPoint(key) < 224 ? "has an EC key of less than 224 bits, which can be broken" : null,
            "1.3.101.112" or "1.3.101.113" => null,
            "1.2.840.10040.4.1" => "has a DSA key, which is out of use",
            _ => "has a key that is neither of RSA nor of an elliptic curve",
        };
        if (weakKey is not null || isAnchor)
            return weakKey;
        Oid[] algorithms = certificate.SignatureAlgorithm.Value is Pss ? HashesOfPss(certificate.RawData) : [certificate.SignatureAlgorithm];
        return algorithms.FirstOrDefault(algorithm => !SafeSignatures.Contains(algorithm.Value)) is { } weak
            ? $"is signed with {weak.FriendlyName ?? weak.Value}, expected SHA-256 or better"
            : null;
    }

    /// <summary>Of the modulus alone: the exponent, which makes a key longer but not better, may have any length.</summary>
    private static int BitsOfModulus(byte[] key)
    {
        var modulus = new AsnReader(key, AsnEncodingRules.DER).ReadSequence().ReadIntegerBytes().Span.TrimStart((byte)0);
        return modulus.Length * 8;
    }

    /// <summary>Of one coordinate; a point may be compressed.</summary>
    private static int BitsOfPoint(byte[] key) => key is [4 or 6 or 7, ..] ? (key.Length - 1) / 2 * 8 : (key.Length - 1) * 8;

    /// <summary>RSASSA-PSS names two in its parameters (RFC 4055), its own and that of its mask; what it does not name is SHA-1.</summary>
    private static Oid[] HashesOfPss(byte[] certificate)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        fields.ReadEncodedValue();
        var algorithm = fields.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.HasData ? algorithm.ReadSequence() : null;
        var own = Parameter(0);
        var mask = Parameter(1);
        mask?.ReadObjectIdentifier();
        return [Hash(own), Hash(mask?.ReadSequence())];

        AsnReader? Parameter(int number)
        {
            var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
            return parameters is { HasData: true } && parameters.PeekTag() == tag ? parameters.ReadSequence(tag).ReadSequence() : null;
        }

        static Oid Hash(AsnReader? identifier) => new(identifier?.ReadObjectIdentifier() ?? "1.3.14.3.2.26");
    }
}
