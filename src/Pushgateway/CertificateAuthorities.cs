using System.Security.Cryptography.X509Certificates;

namespace Assimilator.Pushgateway;

/// <summary>Whose signature under a certificate is believed.</summary>
/// <param name="certificates">Never none.</param>
/// <param name="origin">Where they come from, as a message names it.</param>
internal sealed class CertificateAuthorities(X509Certificate2Collection certificates, string origin)
{
    // As Go's crypto/x509 has them; the OpenSSL in this executable only knows where Debian keeps them.
    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL 6
        "/etc/ssl/ca-bundle.pem", // SUSE
        "/etc/pki/tls/cacert.pem", // OpenELEC
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7 and later
        "/etc/ssl/cert.pem", // Alpine
    ];

    private static readonly string[] Directories = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

    public string Origin => origin;

    /// <summary>Those of <c>ca_file</c>.</summary>
    /// <returns>Null if there is none in it.</returns>
    public static CertificateAuthorities? Of(string caFile) =>
        Certificates.Read(caFile) is { } certificates ? new(certificates, caFile) : null;

    /// <summary>Those of the system. As with OpenSSL and Go, <c>SSL_CERT_FILE</c> says where the bundle is, and
    /// <c>SSL_CERT_DIR</c> which directories hold further ones.</summary>
    /// <returns>Null if there are none.</returns>
    public static CertificateAuthorities? OfSystem(IReadOnlyDictionary<string, string> environment)
    {
        var file = environment.GetValueOrDefault("SSL_CERT_FILE") is { Length: > 0 } givenFile ? givenFile : null;
        var directory = environment.GetValueOrDefault("SSL_CERT_DIR") is { Length: > 0 } givenDirectory ? givenDirectory
            : null;
        var found = new X509Certificate2Collection();
        foreach (var bundle in file is null ? Bundles : [file])
        {
            if (found.Count == 0)
                found.AddRange(Certificates.Read(bundle) ?? []);
        }
        // Where a system has its bundle, its directories contain the same once more.
        if (found.Count == 0 || directory is not null)
        {
            foreach (var single in (directory?.Split(':') ?? Directories).SelectMany(FilesIn))
                found.AddRange(Certificates.Read(single) ?? []);
        }
        var origin = file is null && directory is null ? "this system" : string.Join(" and ",
            new[] { file is null ? null : $"SSL_CERT_FILE={file}", directory is null ? null
                : $"SSL_CERT_DIR={directory}" }.OfType<string>());
        return found.Count > 0 ? new(found, origin) : null;
    }

    /// <summary>How a certificate is verified: up to one of these authorities, all signatures and times, without asking
    /// anybody for revoked or missing certificates.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(certificates);
        return policy;
    }

    private static string[] FilesIn(string directory)
    {
        try
        {
            return Directory.GetFiles(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
