using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Assimilator.Pushgateway;

/// <summary>The certificate by which this host shows the gateway who it is.</summary>
/// <param name="CertificateFile">The certificate, then those of its issuers that are to be sent along, in PEM.</param>
/// <param name="KeyFile">Its private key; may be the same file.</param>
internal sealed record ClientCertificate(string CertificateFile, string KeyFile)
{
    /// <summary>Reads both files, as they are by now: a certificate may be renewed while a backup runs.</summary>
    /// <returns>Nothing and what is wrong if they do not fit.</returns>
    public (SslStreamCertificateContext? Context, string? Problem) Load()
    {
        if (Certificates.Read(CertificateFile) is not { } certificates)
            return (null, $"{CertificateFile} holds no certificate in PEM");
        try
        {
            // OpenSSL itself reads the key: .NET's own readers of all kinds of keys would take 50 KB of this executable.
            // To it, what follows two slashes is a host.
            using var key = SafeEvpPKeyHandle.OpenKeyFromProvider("default", $"file:/{KeyFile.TrimStart('/')}");
            return WithKey(certificates[0], key) is { } certificate
                ? (SslStreamCertificateContext.Create(certificate, certificates, offline: true), null)
                : (null, $"{KeyFile} holds a key that is neither RSA nor EC");
        }
        catch (ArgumentException)
        {
            return (null, $"{KeyFile} is not the key of the certificate in {CertificateFile}");
        }
        catch (CryptographicException)
        {
            return (null, $"{KeyFile} holds no private key in PEM");
        }
    }

    private static X509Certificate2? WithKey(X509Certificate2 certificate, SafeEvpPKeyHandle key)
    {
        if (Opened(() => new RSAOpenSsl(key)) is { } rsa)
            return certificate.CopyWithPrivateKey(rsa);
        return Opened(() => new ECDsaOpenSsl(key)) is { } ec ? certificate.CopyWithPrivateKey(ec) : null;
    }

    /// <summary>Null if the key is of another kind.</summary>
    private static T? Opened<T>(Func<T> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
