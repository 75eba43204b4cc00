using System.Security.Cryptography.X509Certificates;
using Assimilator.Files;
using Assimilator.Native;

namespace Assimilator.Pushgateway;

/// <summary>Whose signature under a certificate is believed.</summary>
/// <param name="certificates">Never none.</param>
/// <param name="origin">Where they come from, as a message names it.</param>
/// <param name="remark">What is wrong with a place that should have held some; null if nothing is.</param>
internal sealed class CertificateAuthorities(X509Certificate2Collection certificates, string origin, string? remark)
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

    public string? Remark => remark;

    /// <summary>Those of <c>ca_file</c>.</summary>
    /// <returns>Null if there is none in it.</returns>
    public static CertificateAuthorities? Of(string caFile) =>
        Certificates.Read(caFile) is { } certificates ? new(certificates, caFile, null) : null;

    /// <summary>Those of the system. As with OpenSSL and Go, <c>SSL_CERT_FILE</c> says where the bundle is, and
    /// <c>SSL_CERT_DIR</c> which directories hold further ones.</summary>
    /// <returns>Null and what is wrong if there are none.</returns>
    public static CertificateAuthorities? OfSystem(IReadOnlyDictionary<string, string> environment, out string? remark)
    {
        var file = environment.GetValueOrDefault("SSL_CERT_FILE") is { Length: > 0 } givenFile ? givenFile : null;
        var directory = environment.GetValueOrDefault("SSL_CERT_DIR") is { Length: > 0 } givenDirectory ? givenDirectory : null;

        X509Certificate2Collection? certificates = null;
        var open = file is not null && FileTrust.Of(file, LibC.StatusOf(file)) is [var place, ..] ? place : null;
        foreach (var bundle in open is not null ? [] : file is null ? Bundles : [file])
            certificates ??= Certificates.Read(bundle);
        remark = open is not null ? $"SSL_CERT_FILE is {file}, but {open.Path} {open.Problem}"
            : file is not null && certificates is null ? $"SSL_CERT_FILE is {file}, which holds no certificate in PEM"
            : null;
        // Where a system has its bundle in its place, the directories hold the same once more.
        if (certificates is null || file is not null || directory is not null)
        {
            var found = InDirectories(directory?.Split(':') ?? Directories, out var hasOpen);
            if (directory is not null && found.Count == 0)
                remark ??= $"SSL_CERT_DIR is {directory}, where there is no certificate in PEM"
                    + (hasOpen ? " that nobody else could change" : "");
            found.AddRange(certificates ?? []);
            certificates = found;
        }
        return certificates.Count > 0 ? new(certificates, "this system", remark) : null;
    }

    /// <summary>How a certificate is verified: up to one of these authorities, all signatures and times, without asking anybody
    /// for revoked or missing certificates.</summary>
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

    private static X509Certificate2Collection InDirectories(IEnumerable<string> directories, out bool hasOpen)
    {
        hasOpen = false;
        var certificates = new X509Certificate2Collection();
        foreach (var directory in directories)
        {
            foreach (var file in FilesIn(directory))
            {
                if (FileTrust.Of(file, LibC.StatusOf(file)).Count > 0)
                    hasOpen = true;
                else
                    certificates.AddRange(Certificates.Read(file) ?? []);
            }
        }
        return certificates;
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
