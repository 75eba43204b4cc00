using System.Security.Authentication;
using System.Security.Cryptography;

namespace Assimilator.Pushgateway;

/// <summary>Why a TLS connection failed, in plain words.</summary>
internal static class TlsFailure
{
    /// <summary>Null if the exception is of something else.</summary>
    public static (string Failure, string? Hint)? Explain(Exception exception, PushgatewaySettings settings) => exception switch
    {
        CertificateRefusedException refused => (refused.Message, refused.Hint),
        CryptographicException => Words(exception, settings),
        // Nothing of the library's inside: what came was no TLS at all.
        AuthenticationException { InnerException: null } => NoTls(settings),
        _ => null,
    };

    private static (string Failure, string? Hint) NoTls(PushgatewaySettings settings) => settings.Url.Scheme == Uri.UriSchemeHttp
        ? ("the proxy does not speak TLS", "is its address http://…? check http_proxy")
        : ($"{settings.Url.Authority} does not speak TLS", "does url begin with http://?");

    private static (string Failure, string? Hint) Words(Exception exception, PushgatewaySettings settings)
    {
        const string oldProtocol = "the gateway speaks no TLS 1.2 or later";
        const string oldProtocolHint = "what is older can be broken, and is not spoken here";
        var certificate = settings.ClientCertificate;
        // The reasons of OpenSSL's ssl library; from 1000 on, 1000 and the alert that the other side sent (RFC 8446, 6.2).
        return (exception.HResult & 0xfff) switch
        {
            258 or 1070 => (oldProtocol, oldProtocolHint),
            267 => NoTls(settings),
            1116 or 1042 when certificate is null => ("the gateway wants a client certificate",
                "set client_cert_file and client_key_file"),
            1040 => ("the gateway broke off the TLS handshake: it knows no cipher that is good enough, or wants "
                + (certificate is null ? "a client certificate" : "another client certificate"), null),
            1045 when certificate is not null => (
                $"the gateway says that the certificate in {certificate.CertificateFile} has expired", null),
            >= 1042 and <= 1049 or 1116 when certificate is not null => (
                $"the gateway refuses the certificate in {certificate.CertificateFile}",
                "is it from an authority that the gateway knows, and is it meant for clients?"),
            1071 => ("the gateway broke off the TLS handshake: it finds nothing that is good enough for it", null),
            1112 => ($"the gateway does not know the name {settings.Url.Host}", null),
            _ => ($"the TLS connection to {settings.Url.Authority} failed: {Reason(exception.Message)}", null),
        };
    }

    /// <summary>From <c>error:0A000438:SSL routines::tlsv1 alert internal error</c> the last part.</summary>
    private static string Reason(string message) => message[(message.LastIndexOf(':') + 1)..];
}
