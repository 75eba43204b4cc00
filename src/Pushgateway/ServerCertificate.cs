using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Assimilator.Terminal;

namespace Assimilator.Pushgateway;

/// <summary>The gateway's certificate is not believed.</summary>
internal sealed class CertificateRefusedException(string message, string? hint) : AuthenticationException(message)
{
    public string? Hint => hint;
}

/// <summary>Says in plain words why the gateway's certificate is not believed. What is believed, the platform decides, and some
/// of it not even then.</summary>
/// <param name="owner">What it is to be of: gateway or proxy.</param>
/// <param name="host">Whom the connection is to lead to.</param>
internal sealed class ServerCertificate(string owner, string host, CertificateAuthorities authorities)
{
    private const string SubjectAlternativeName = "2.5.29.17", NameConstraints = "2.5.29.30";

    /// <summary>To be called with what the platform found. There are two ways out: true where it found nothing, and an
    /// exception; so nothing in here can make a certificate better than it is.</summary>
    public bool Verify(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None && certificate is X509Certificate2 shown
            && WeakCertificate.Find(chain) is null && IsForKeyExchange(shown) && IsForHost(shown) && !MayBeExcluded(shown, chain)
            ? true
            : throw Refusal(certificate as X509Certificate2, chain, errors);

    private CertificateRefusedException Refusal(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null)
            return new($"the {owner} showed no certificate", null);
        var faults = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? ChainFaults(certificate, chain) : [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || !IsForHost(certificate))
            faults.Add(NameFault(certificate, errors));
        if (!IsForKeyExchange(certificate))
            faults.Add(new("has a key that is not meant for TLS", null));
        if (IsForHost(certificate) && MayBeExcluded(certificate, chain))
            faults.Add(new($"is for {host} by a wildcard alone, and its authority is not for every name", null));
        if (WeakCertificate.Find(chain) is { } weakness)
            faults.Add(new(weakness, $"the {owner} needs a new certificate"));
        return new($"the {owner}'s certificate {string.Join(", and ", faults)}", faults.Find(fault => fault.Hint is not null)?.Hint);
    }

    private List<Fault> ChainFaults(X509Certificate2 certificate, X509Chain chain)
    {
        const X509ChainStatusFlags untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        var faults = new List<Fault>();
        foreach (var status in chain.ChainStatus)
        {
            faults.Add((status.Status & untrusted) != 0 ? IssuerFault(certificate, chain)
                : status.Status == X509ChainStatusFlags.NotTimeValid ? TimeFault(certificate, chain)
                : status.Status == X509ChainStatusFlags.NotValidForUsage ? new("is not meant for a server", null)
                : new($"is not in order: {PlainText.Excerpt(status.StatusInformation)}", null));
        }
        return faults;
    }

    private Fault IssuerFault(X509Certificate2 certificate, X509Chain chain)
    {
        var remark = authorities.Remark is null ? "" : $"; {authorities.Remark}";
        if (certificate.Subject == certificate.Issuer)
            return new($"is signed by itself, and not known to {authorities.Origin}{remark}",
                "if it is the right one, set ca_file to a copy of it");
        var last = chain.ChainElements[^1].Certificate;
        return new($"is from an authority that {authorities.Origin} does not know: {PlainText.Excerpt(last.Issuer)}{remark}",
            "if that authority is one of your own, set ca_file to its certificate" + (last.Subject == last.Issuer ? ""
                : $"; if it is an intermediate one, the {owner} must send its certificate along"));
    }

    private static Fault TimeFault(X509Certificate2 certificate, X509Chain chain)
    {
        var now = DateTime.UtcNow;
        var words = Certificates.WhyNotNow(certificate, now);
        foreach (var element in chain.ChainElements)
        {
            if (words is null && Certificates.WhyNotNow(element.Certificate, now) is { } fault)
                words = $"is from an authority whose certificate {fault}: {PlainText.Excerpt(element.Certificate.Subject)}";
        }
        return new(words ?? "is not of this time", $"the clock of this host says {Certificates.Time(now)}");
    }

    private Fault NameFault(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        var names = certificate.Extensions[SubjectAlternativeName]?.Format(multiLine: false);
        if (names is null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return new("has its name in the subject alone", "Prometheus refuses that as well: it belongs into subjectAltName");
        if (string.IsNullOrEmpty(names))
            names = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new($"is not for {host}, but for {PlainText.Excerpt(names, 200)}", owner == "gateway" ? "url must name the gateway as its certificate does" : null);
    }

    /// <summary>Where no alternative name is of the kind that is asked for, the platform believes the subject, to which what
    /// constrains the names of an authority is not applied.</summary>
    private bool IsForHost(X509Certificate2 certificate) => certificate.MatchesHostname(host, allowCommonName: false);

    /// <summary>The platform holds the wildcard, and not the name that it stands for, against the names that an authority is not for
    /// (RFC 5280, 4.2.1.10).</summary>
    private bool MayBeExcluded(X509Certificate2 certificate, X509Chain? chain) =>
        !certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())
            .Contains(host, StringComparer.OrdinalIgnoreCase)
        && !IPAddress.TryParse(host, out _)
        && chain?.ChainElements.Any(element => element.Certificate.Extensions[NameConstraints] is { } constraints && Excludes(constraints)) == true;

    private static bool Excludes(X509Extension constraints)
    {
        var excluded = new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true);
        var dnsName = new Asn1Tag(TagClass.ContextSpecific, 2);
        var lists = new AsnReader(constraints.RawData, AsnEncodingRules.DER).ReadSequence();
        while (lists.HasData)
        {
            if (lists.PeekTag() != excluded)
            {
                lists.ReadEncodedValue();
                continue;
            }
            var trees = lists.ReadSequence(excluded);
            while (trees.HasData)
            {
                if (trees.ReadSequence().PeekTag() == dnsName)
                    return true;
            }
        }
        return false;
    }

    /// <summary>The platform looks at the extended usage alone. A certificate that says nothing may be used for everything.</summary>
    private static bool IsForKeyExchange(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => (usage.KeyUsages
            & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement)) != 0);

    private sealed class Fault(string words, string? hint)
    {
        public string? Hint => hint;

        public override string ToString() => words;
    }
}
