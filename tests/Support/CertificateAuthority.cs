namespace Assimilator.Tests.Support;

/// <summary>A certificate authority of one test's own, by openssl.</summary>
internal sealed class CertificateAuthority
{
    private readonly TestDirectory _directory;

    public CertificateAuthority(TestDirectory directory)
    {
        _directory = directory;
        OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", _directory["ca.key"], "-out", CertificateFile);
    }

    public string CertificateFile => _directory["ca.pem"];

    /// <summary>A certificate for a server.</summary>
    /// <param name="name">For example <c>IP:127.0.0.1</c> or <c>DNS:example.org</c>.</param>
    public (string Certificate, string Key) Issue(string name, int days = 2)
    {
        var (key, request, certificate) = (_directory["server.key"], _directory["server.csr"], _directory["server.pem"]);
        OpenSsl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server",
            "-keyout", key, "-out", request);
        var extensions = _directory.Write("extensions", $"subjectAltName={name}\n");
        OpenSsl("x509", "-req", "-in", request, "-CA", CertificateFile, "-CAkey", _directory["ca.key"], "-CAcreateserial",
            "-days", $"{days}", "-extfile", extensions, "-out", certificate);
        return (certificate, key);
    }

    private static void OpenSsl(params string[] arguments) => Programs.RunOrThrow("openssl", arguments);
}
