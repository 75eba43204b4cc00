using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Assimilator.Terminal;

namespace Assimilator.Pushgateway;

/// <summary>The gateway's certificate is not accepted.</summary>
internal sealed class CertificateRefusedException(string message, string? hint) : AuthenticationException(message)
{
    public string? Hint => hint;
}

/// <summary>Explains why the certificate of a server is not accepted. .NET verifies it, by its subjectAltName
/// alone.</summary>
/// <param name="owner">Whose it is: gateway or proxy.</param>
/// <param name="host">The host that the connection is for.</param>
internal sealed class ServerCertificate(string owner, string host, CertificateAuthorities authorities)
{
    private readonly List<string> _faults = [];
    private string? _hint;

    /// <summary>To be called with what .NET found.</summary>
    /// <returns>True if that is nothing.</returns>
    /// <exception cref="CertificateRefusedException">Something is wrong with the certificate.</exception>
    public bool Verify(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate || chain is null)
            throw new CertificateRefusedException($"the {owner} sent no certificate", null);
        // Without a subjectAltName of the right kind, .NET accepts the subject.
        var isForHost = certificate.MatchesHostname(host, allowCommonName: false);
        if (errors == SslPolicyErrors.None && isForHost)
            return true;
        foreach (var status in chain.ChainStatus)
            AddChainFault(certificate, chain, status);
        if (!isForHost)
            AddNameFault(certificate);
        if (_faults.Count == 0)
            _faults.Add($"is not valid: {errors}");
        throw new CertificateRefusedException($"the {owner}'s certificate {string.Join(", and ", _faults)}", _hint);
    }

    private void AddChainFault(X509Certificate2 certificate, X509Chain chain, X509ChainStatus status)
    {
        const X509ChainStatusFlags unknownIssuer =
            X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        var now = DateTime.UtcNow;
        if ((status.Status & unknownIssuer) != 0 && certificate.Subject == certificate.Issuer)
            Add($"is self-signed and unknown to {authorities.Origin}",
                "compare its fingerprint with the one on the server; if they match, set ca_file to a copy of it");
        else if ((status.Status & unknownIssuer) != 0)
            Add($"is from an authority that {authorities.Origin} does not know: "
                + PlainText.Excerpt(chain.ChainElements[^1].Certificate.Issuer),
                "set ca_file to the certificate of that authority; "
                    + $"the {owner} must also send the intermediate certificates");
        else if (status.Status == X509ChainStatusFlags.NotTimeValid)
            Add(Certificates.WhyNotNow(certificate, now) ?? "has an issuer whose certificate is not valid now",
                $"the clock of this host says {Certificates.Time(now)}");
        else
            Add($"is not valid: {PlainText.Excerpt(status.StatusInformation)}", null);
    }

    private void AddNameFault(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names =>
                names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
            .ToList();
        if (names.Count == 0)
            Add("has no host name or IP address in subjectAltName",
                "reissue it with a subjectAltName; the name in its subject is ignored");
        else
            Add($"is not for {host}, but for {PlainText.Excerpt(string.Join(", ", names), 200)}",
                owner == "gateway" ? "use one of these names in url" : null);
    }

    private void Add(string fault, string? hint)
    {
        _faults.Add(fault);
        _hint ??= hint;
    }
}
