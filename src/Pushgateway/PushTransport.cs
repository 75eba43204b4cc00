using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Assimilator.Terminal;

namespace Assimilator.Pushgateway;

/// <summary>The connection to the gateway: whom to trust, and in plain words why it failed.</summary>
internal static class PushTransport
{
    /// <summary>A handler that follows no redirect and trusts the configured or the system's authorities.</summary>
    /// <returns>No handler and what is wrong if there are none, or the client certificate cannot be read.</returns>
    public static (HttpMessageHandler? Handler, Problem? Problem) CreateHandler(
        PushgatewaySettings settings, IReadOnlyDictionary<string, string> environment, TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = connectTimeout,
            ConnectCallback = RacingConnection.ConnectAsync,
        };
        if (settings.Url.Scheme != Uri.UriSchemeHttps && ProxyFor(settings.Url)?.Scheme != Uri.UriSchemeHttps)
            return (handler, null);

        var authorities = settings.CaFile is { } caFile
            ? CertificateAuthorities.Of(caFile)
            : CertificateAuthorities.OfSystem(environment);
        if (authorities is null)
            return settings.CaFile is null
                ? (null, new("no certificate authorities found on this system, so no TLS certificate can be verified",
                    "install ca-certificates, or set ca_file or SSL_CERT_FILE"))
                : (null, new($"{settings.CaFile} contains no PEM certificate"));
        var (clientCertificate, problem) = settings.ClientCertificate?.Load() ?? default;
        if (problem is not null)
            return (null, new(problem));

        handler.SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = authorities.Policy(),
            RemoteCertificateValidationCallback = (stream, shown, chain, errors) =>
            {
                var host = ((SslStream)stream).TargetHostName.Trim('[', ']');
                var owner = host.Equals(settings.Url.IdnHost, StringComparison.OrdinalIgnoreCase) ? "gateway" : "proxy";
                return new ServerCertificate(owner, host, authorities).Verify(shown, chain, errors);
            },
            ClientCertificateContext = clientCertificate,
        };
        return (handler, null);
    }

    /// <summary>Where what is sent to this address can be read by others; null if it cannot be, or does not leave this
    /// host.</summary>
    public static string? WhereReadable(Uri url)
    {
        if (url.Scheme == Uri.UriSchemeHttps)
            return null;
        var proxy = ProxyFor(url);
        return proxy is { IsLoopback: false } ? $"the proxy {proxy.Authority}" : url.IsLoopback ? null : url.Authority;
    }

    /// <summary>The variable that should name the proxy on the way to this address, and that .NET ignores; null if
    /// there is none, or if <c>no_proxy</c> may be why.</summary>
    public static string? UnusableProxy(Uri url, IReadOnlyDictionary<string, string> environment)
    {
        bool IsSet(string name) => environment.GetValueOrDefault(name) is { Length: > 0 };
        return ProxyFor(url) is not null || IsSet("no_proxy") || IsSet("NO_PROXY")
            ? null
            : new[] { $"{url.Scheme}_proxy", $"{url.Scheme}_proxy".ToUpperInvariant(), "all_proxy",
                "ALL_PROXY" }.FirstOrDefault(IsSet);
    }

    /// <summary>An entry of <c>no_proxy</c> that .NET does not understand, where a proxy is used: a network, a port, a
    /// star, or a domain without a dot in front. Null if there is none.</summary>
    public static string? IgnoredException(Uri url, IReadOnlyDictionary<string, string> environment)
    {
        if (ProxyFor(url) is null)
            return null;
        var exceptions = environment.GetValueOrDefault("no_proxy") ?? environment.GetValueOrDefault("NO_PROXY") ?? "";
        return exceptions.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(exception => exception.AsSpan().ContainsAny('/', '*')
                || exception.Split(':') is [_, _]
                || url.Host.EndsWith($".{exception}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The proxy on the way to this address, or null if there is none.</summary>
    public static Uri? ProxyFor(Uri url) =>
        HttpClient.DefaultProxy.IsBypassed(url) ? null : HttpClient.DefaultProxy.GetProxy(url);

    /// <summary>Why a connection failed.</summary>
    public static GatewayAnswer Explain(Exception exception, PushgatewaySettings settings)
    {
        var place = settings.Url.Authority;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (ExplainTls(cause, settings) is { } refusal)
                return new(refusal, IsFinal: true);
            if (IsBrokenOff(cause))
                return new(new Problem($"{place} closed the connection without an answer",
                    settings.Url.Scheme == Uri.UriSchemeHttps
                    ? "does this port speak TLS, and is a client certificate wanted?"
                    : "does this port speak TLS? then use https:// in url"));
            if (ExplainNetwork(cause, settings) is { } problem)
                return new(problem);
        }
        return new(new Problem($"the connection to {place} failed: {exception.GetBaseException().Message}"));
    }

    private static Problem? ExplainNetwork(Exception cause, PushgatewaySettings settings)
    {
        var proxy = ProxyFor(settings.Url);
        var hint = proxy is null ? null : $"check {settings.Url.Scheme}_proxy and no_proxy";
        var (host, place) = proxy is null
            ? (settings.Url.Host, settings.Url.Authority)
            : ($"{proxy.Host} of the proxy", $"the proxy {proxy.Authority}");
        return cause switch
        {
            // .NET's own words contain the whole URL of the proxy, with its password.
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                new($"the proxy {proxy?.Authority} does not connect to {settings.Url.Authority}", hint),
            SocketException
            {
                SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain,
            } => new($"cannot resolve {host}: {cause.Message}", hint),
            SocketException => new($"cannot connect to {place}: {cause.Message}", hint),
            _ => null,
        };
    }

    /// <summary>Null for a failure of another kind.</summary>
    private static Problem? ExplainTls(Exception cause, PushgatewaySettings settings)
    {
        var place = settings.Url.Authority;
        // OpenSSL's reason comes last: error:0A00045C:SSL routines::tlsv13 alert certificate required.
        var reason = cause.Message[(cause.Message.LastIndexOf(':') + 1)..];
        return cause switch
        {
            CertificateRefusedException refused => new(refused.Message, refused.Hint),
            AuthenticationException { InnerException: null } => new($"{place} does not speak TLS", NoTlsHint(settings)),
            CryptographicException when reason.Contains("wrong version number", StringComparison.Ordinal) =>
                new($"{place} does not speak TLS", NoTlsHint(settings)),
            CryptographicException when reason.Contains("protocol version", StringComparison.Ordinal)
                || reason.Contains("unsupported protocol", StringComparison.Ordinal) =>
                new($"{place} does not speak TLS 1.2 or 1.3"),
            CryptographicException =>
                new($"the TLS connection to {place} failed: {reason}", settings.ClientCertificate is { } own
                ? $"does the gateway accept the certificate in {own.CertificateFile}?"
                : "if the gateway requires a client certificate, set client_cert_file and client_key_file"),
            _ => null,
        };
    }

    private static string NoTlsHint(PushgatewaySettings settings) => settings.Url.Scheme == Uri.UriSchemeHttps
        ? "if the gateway has no TLS, use http:// in url; otherwise check the port"
        : "if the proxy has no TLS, start its address in http_proxy with http://";

    private static bool IsBrokenOff(Exception exception) => exception switch
    {
        SocketException socket => socket.SocketErrorCode
            is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown,
        HttpIOException http => http.HttpRequestError == HttpRequestError.ResponseEnded,
        // The end of the stream in a handshake; errors of the system have numbers of their own.
        IOException { InnerException: null } => exception.HResult == new IOException().HResult,
        _ => false,
    };
}
