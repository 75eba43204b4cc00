using System.Globalization;

namespace Assimilator.Tests.Support;

/// <summary>A certificate and its key, in PEM.</summary>
internal sealed record KeyPair(string Certificate, string Key);

/// <summary>A certificate authority of one test's own, by openssl.</summary>
internal sealed class CertificateAuthority
{
    private readonly TestDirectory _directory;
    private readonly string _name;

    public CertificateAuthority(TestDirectory directory, string name = "ca")
        : this(directory, name, directory[$"{name}.pem"])
    {
        var issued = SelfSigned(directory, name, "Test authority");
        CertificateFile = issued.Certificate;
    }

    private CertificateAuthority(TestDirectory directory, string name, string certificateFile) =>
        (_directory, _name, CertificateFile) = (directory, name, certificateFile);

    public string CertificateFile { get; }

    /// <summary>A certificate that vouches for itself.</summary>
    public static KeyPair SelfSigned(TestDirectory directory, string file, string name, string? alternativeName = null, string key = "EC")
    {
        var pair = new KeyPair(directory[$"{file}.pem"], directory[$"{file}.key"]);
        OpenSsl(["req", "-x509", .. NewKey(key), "-days", "2", "-subj", $"/CN={name}", "-keyout", pair.Key, "-out", pair.Certificate,
            .. alternativeName is null ? Array.Empty<string>() : ["-addext", $"subjectAltName={alternativeName}"]]);
        return pair;
    }

    /// <summary>A certificate for a server.</summary>
    /// <param name="name">For example <c>IP:127.0.0.1</c> or <c>DNS:example.org</c>.</param>
    /// <param name="file">What its files are called.</param>
    /// <param name="extension">A further line of openssl's, such as <c>extendedKeyUsage=clientAuth</c>.</param>
    /// <param name="key">EC, RSA, or ED25519.</param>
    /// <param name="from">From when to when it is valid; by default from an hour ago for two days.</param>
    public KeyPair Issue(
        string name, string file = "server", string extension = "", string key = "EC", DateTime? from = null, DateTime? until = null,
        string digest = "sha256")
    {
        var request = _directory[$"{file}.csr"];
        var pair = new KeyPair(_directory[$"{file}.pem"], _directory[$"{file}.key"]);
        OpenSsl(["req", .. NewKey(key), "-subj", $"/CN={file}", "-keyout", pair.Key, "-out", request]);
        // Only `openssl ca` knows when a certificate begins.
        _directory.Write($"{_name}.index", "");
        var configuration = _directory.Write($"{_name}.cnf",
            $"""
            [ca]
            default_ca = own
            [own]
            database = {_directory[$"{_name}.index"]}
            new_certs_dir = {_directory.Path}
            rand_serial = yes
            policy = any
            [any]
            commonName = supplied
            [extensions]
            subjectAltName = {name}
            {extension}
            """);
        OpenSsl("ca", "-batch", "-notext", "-config", configuration, "-cert", CertificateFile, "-keyfile", _directory[$"{_name}.key"],
            "-md", key == "ED25519" ? "default" : digest, "-extensions", "extensions", "-in", request, "-out", pair.Certificate,
            "-startdate", Time(from ?? DateTime.UtcNow.AddHours(-1)), "-enddate", Time(until ?? DateTime.UtcNow.AddDays(2)));
        return pair;
    }

    /// <summary>An authority that this one vouches for.</summary>
    /// <param name="extension">A further line of openssl's, such as <c>nameConstraints=critical,permitted;DNS:example.org</c>.</param>
    public CertificateAuthority Intermediate(
        string file = "intermediate", string extension = "", DateTime? from = null, DateTime? until = null)
    {
        var pair = Issue("DNS:intermediate", file, $"basicConstraints=critical,CA:TRUE\n{extension}", from: from, until: until);
        return new CertificateAuthority(_directory, file, pair.Certificate);
    }

    public static void OpenSsl(params string[] arguments) => Programs.RunOrThrow("openssl", arguments);

    private static string[] NewKey(string key) => key switch
    {
        "EC" => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        "RSA" => ["-newkey", "rsa:2048", "-nodes"],
        _ => ["-newkey", key, "-nodes"],
    };

    private static string Time(DateTime time) => time.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
}
