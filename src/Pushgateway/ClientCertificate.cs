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
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            return (SslStreamCertificateContext.Create(certificate, Certificates.Read(CertificateFile), offline: true),
                null);
        }
        catch (Exception exception) when (exception
            is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            return (null,
                $"{KeyFile} is not the private key of the certificate in {CertificateFile}: {exception.Message}");
        }
    }
}
