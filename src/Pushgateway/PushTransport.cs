using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Assimilator.Configuration;

namespace Assimilator.Pushgateway;

/// <summary>The connection to the gateway: whom to trust, and in plain words why it failed.</summary>
internal static class PushTransport
{
    /// <summary>A handler that follows no redirect and trusts the configured or the system's authorities.</summary>
    /// <returns>No handler and what is wrong if the configured authorities cannot be read.</returns>
    public static (HttpMessageHandler? Handler, string? Problem) CreateHandler(
        PushgatewaySettings settings, IReadOnlyDictionary<string, string> environment)
    {
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (settings.CaFile is { } caFile)
        {
            if (CertificateAuthorities.Read(caFile) is not { } authorities)
                return (null, $"{caFile} holds no certificate in PEM");
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        else if (settings.Url.Scheme == Uri.UriSchemeHttps)
        {
            _ = CertificateAuthorities.UseSystemBundle(environment);
        }
        return (new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = tls }, null);
    }

    /// <summary>Why a connection failed. Final is what no second try will change.</summary>
    public static (string Failure, string? Hint, bool IsFinal) Explain(
        Exception exception, PushgatewaySettings settings, IReadOnlyDictionary<string, string> environment)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
                return ExplainTls(cause, settings, environment);
            if (cause is SocketException socket)
                return (socket.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                    ? $"the name {settings.Url.Host} is not known: {socket.Message}"
                    : $"cannot connect to {settings.Url.Authority}: {socket.Message}", null, false);
        }
        return ($"the connection to {settings.Url.Authority} failed: {exception.Message}", null, false);
    }

    private static (string Failure, string? Hint, bool IsFinal) ExplainTls(
        Exception exception, PushgatewaySettings settings, IReadOnlyDictionary<string, string> environment)
    {
        if (settings.CaFile is null && !CertificateAuthorities.UseSystemBundle(environment))
            return ("no certificate authorities were found on this system, so no TLS certificate can be trusted",
                "install ca-certificates, or set ca_file, or SSL_CERT_FILE", true);
        var reason = exception.InnerException?.Message ?? exception.Message;
        var isUnknownIssuer = reason.Contains(nameof(SslPolicyErrors.RemoteCertificateChainErrors), StringComparison.Ordinal);
        return ($"the TLS connection to {settings.Url.Authority} failed: {reason}",
            isUnknownIssuer ? "if the gateway's certificate is signed by an authority of your own, set ca_file"
                : exception.InnerException is null && !reason.Contains("certificate", StringComparison.Ordinal)
                    ? "does this port speak TLS, or is it http://?"
                    : null,
            true);
    }
}
