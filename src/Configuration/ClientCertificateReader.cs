using Assimilator.Posix;
using Assimilator.Pushgateway;

namespace Assimilator.Configuration;

/// <summary>Reads the certificate by which this host shows the gateway who it is.</summary>
internal static class ClientCertificateReader
{
    /// <summary>Null without one, or when it is unusable.</summary>
    public static ClientCertificate? Read(ConfigurationValues values, Uri? url)
    {
        var (certificateKey, keyKey) = (Schema.ClientCertFile, Schema.ClientKeyFile);
        if (!values.Has(certificateKey))
        {
            if (values.Has(keyKey))
                values.Add(certificateKey, "is missing: client_key_file is the key of a certificate");
            return null;
        }
        if (url?.Scheme == Uri.UriSchemeHttp)
            values.Add(certificateKey,
                "a client certificate needs TLS: use https:// in url");
        if (PathReader.ReadExistingFile(values, certificateKey) is not { } certificateFile)
            return null;
        if (Certificates.Read(certificateFile) is not { } certificates)
        {
            values.Add(certificateKey,
                $"{certificateFile} {TextFile.Read(certificateFile).Failure ?? "contains no PEM certificate"}");
            return null;
        }
        var holdsKey = TextFile.Read(certificateFile).Text?.Contains("PRIVATE KEY-----",
            StringComparison.Ordinal) == true;
        if (!holdsKey && !values.Has(keyKey))
        {
            values.Add(keyKey, $"is missing, and {certificateFile} contains no private key");
            return null;
        }
        if (holdsKey && SecretReader.ReadText(values, certificateKey) is null)
            return null;
        // An expired one does not keep a backup from being made: the gateway may refuse its report, no more.
        if (Certificates.WhyNotNow(certificates[0], DateTime.UtcNow) is { } fault)
            values.Warn(certificateKey, $"the certificate in {certificateFile} {fault}",
                "the gateway will probably refuse it");
        return ReadKey(values, certificateFile, values.Has(keyKey) ? keyKey : certificateKey);
    }

    private static ClientCertificate? ReadKey(ConfigurationValues values, string certificateFile, Key key)
    {
        if (SecretReader.ReadText(values, key) is not var (keyFile, text))
            return null;
        // "ENCRYPTED PRIVATE KEY" of PKCS #8, and "Proc-Type: 4,ENCRYPTED" of what was before it.
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            values.Add(key, $"the key in {keyFile} is encrypted",
                $"decrypt it into a new file, and set client_key_file to that: openssl pkey -in {keyFile} "
                    + "-out new.key");
            return null;
        }
        var certificate = new ClientCertificate(certificateFile, keyFile);
        if (certificate.Load().Problem is not { } problem)
            return certificate;
        values.Add(key, problem);
        return null;
    }
}
