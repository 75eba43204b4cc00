using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Assimilator.Processes;

namespace Assimilator.Pushgateway;

/// <summary>Where the system keeps the certificates it trusts. The OpenSSL in this executable only knows where Debian
/// keeps them.</summary>
internal static class CertificateAuthorities
{
    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
        "/etc/pki/tls/certs/ca-bundle.crt", // older RHEL
        "/etc/ssl/ca-bundle.pem", // SUSE
        "/etc/ssl/cert.pem", // Alpine
        "/etc/pki/tls/cacert.pem", // OpenELEC
        "/usr/share/pki/ca-trust-source/ca-bundle.trust.crt",
    ];

    /// <summary>Points the TLS library to the system's bundle, unless <c>SSL_CERT_FILE</c> or <c>SSL_CERT_DIR</c> is set.
    /// To be called before the first connection.</summary>
    /// <returns>False if there is no bundle anywhere.</returns>
    public static bool UseSystemBundle(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.ContainsKey("SSL_CERT_FILE") || environment.ContainsKey("SSL_CERT_DIR"))
            return true;
        if (Bundles.FirstOrDefault(File.Exists) is not { } bundle)
            return false;
        // .NET's own function changes a copy of the environment that the TLS library does not see.
        return LibC.SetEnvironment("SSL_CERT_FILE", bundle, overwrite: 0) == 0;
    }

    /// <summary>The certificates of a file in PEM.</summary>
    /// <returns>Null if the file cannot be read or holds something else.</returns>
    public static X509Certificate2Collection? Read(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : null;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
