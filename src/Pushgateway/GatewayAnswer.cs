using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Assimilator.Terminal;

namespace Assimilator.Pushgateway;

/// <summary>What came back from the gateway.</summary>
/// <param name="Problem">Why it did not do as asked; null if it did.</param>
/// <param name="IsFinal">Another try will not change it.</param>
internal sealed record GatewayAnswer(Problem? Problem, bool IsFinal = false)
{
    public const string NoPushgatewayHint = "is url the base URL of a Pushgateway?";

    private const int LongestAnswer = 64 * 1024;

    /// <summary>How long it asks to be left alone, if it does.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The answer of a gateway that says yes. A Pushgateway says no more; a text is of a login page, or of a
    /// server that says yes to everything.</summary>
    public static async Task<GatewayAnswer> ConsentAsync(HttpResponseMessage response, Messages messages,
        CancellationToken patience)
    {
        var (body, isWhole) = await ReadStartAsync(response, patience).ConfigureAwait(false);
        return !string.IsNullOrWhiteSpace(body) ? OfAnother(body, messages)
            : new GatewayAnswer(isWhole ? null : new Problem("the gateway's answer was cut off"));
    }

    /// <summary>The answer of a gateway that was asked who it is.</summary>
    /// <returns>With its version, if it is a Pushgateway.</returns>
    public static async Task<(GatewayAnswer Answer, string? Version)> StatusAsync(
        HttpResponseMessage response, Messages messages, CancellationToken patience)
    {
        var (body, _) = await ReadStartAsync(response, patience).ConfigureAwait(false);
        return GatewayStatus.VersionIn(Encoding.UTF8.GetBytes(body)) is { } version
            ? (new GatewayAnswer(Problem: null), PlainText.Excerpt(messages.WithoutSecrets(version), 40))
            : (OfAnother(body, messages), null);
    }

    private static GatewayAnswer OfAnother(string body, Messages messages) => new(
        new Problem($"the answer is not from a Pushgateway: {Excerpt(body, messages)}", NoPushgatewayHint),
        IsFinal: true);

    /// <summary>The answer of a gateway that did not do as asked, read up to a limit.</summary>
    public static async Task<GatewayAnswer> RefusalAsync(
        HttpResponseMessage response, PushgatewaySettings settings, Messages messages, CancellationToken patience)
    {
        var code = (int)response.StatusCode;
        var (body, _) = await ReadStartAsync(response, patience).ConfigureAwait(false);
        var text = Excerpt(body, messages);
        var reason = PlainText.Excerpt(messages.WithoutSecrets(response.ReasonPhrase ?? ""), 100);
        // An answer through a tunnel is certainly the gateway's.
        var proxy = settings.Url.Scheme == Uri.UriSchemeHttps ? null : PushTransport.ProxyFor(settings.Url);
        var who = proxy is null ? "the gateway" : $"the gateway or the proxy {proxy.Authority}";
        var status = string.Create(CultureInfo.InvariantCulture, $"{who} answered {code} {reason}").TrimEnd();
        return new GatewayAnswer(new Problem(text.Length == 0 ? status
            : $"{status}: {text}", proxy is not null && code is 403 or 407
                ? "the proxy may have refused it: check http_proxy and no_proxy" : HintFor(code, text, settings)))
        {
            IsFinal = code < 500 && code != (int)HttpStatusCode.TooManyRequests,
            RetryAfter = Wish(response.Headers.RetryAfter),
        };
    }

    /// <summary>What to show of a body. Some servers send back what they were sent.</summary>
    private static string Excerpt(string body, Messages messages) =>
        PlainText.Excerpt(Title(messages.WithoutSecrets(body)).Trim(), 500);

    /// <summary>Of a web page its title, of another text all.</summary>
    private static string Title(string text)
    {
        const string tag = "<title>";
        var start = text.IndexOf(tag, StringComparison.OrdinalIgnoreCase) + tag.Length;
        var end = start < tag.Length ? -1 : text.IndexOf('<', start);
        return end < 0 ? text : text[start..end];
    }

    /// <returns>The text, and whether that is all of it.</returns>
    private static async Task<(string Text, bool IsWhole)> ReadStartAsync(HttpResponseMessage response,
        CancellationToken patience)
    {
        var buffer = new byte[LongestAnswer];
        var count = 0;
        var isWhole = true;
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(patience).ConfigureAwait(false);
            while (count < buffer.Length
                && await stream.ReadAsync(buffer.AsMemory(count), patience).ConfigureAwait(false) is > 0 and var read)
                count += read;
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            isWhole = false;
        }
        return (Encoding.UTF8.GetString(buffer, 0, count), isWhole && count < buffer.Length);
    }

    private static string? HintFor(int code, string text, PushgatewaySettings settings) => code switch
    {
        // The words of Go's server and of nginx.
        400 when text.Contains("HTTPS ", StringComparison.Ordinal) =>
            "this port speaks TLS: use https:// in url",
        400 when text.Contains("SSL certificate", StringComparison.Ordinal) => settings.ClientCertificate is null
            ? "the gateway requires a client certificate: set client_cert_file and client_key_file"
            : "the gateway rejects the certificate in client_cert_file: check its issuer and expiry",
        >= 300 and < 400 => "redirects are not followed: set url to the final address",
        401 or 403 => "check username and password_file, or bearer_token_file",
        404 or 405 or 501 => NoPushgatewayHint,
        _ => null,
    };

    private static TimeSpan? Wish(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => TimeSpan.FromSeconds(Math.Max(0, (date - DateTimeOffset.UtcNow).TotalSeconds)),
        _ => null,
    };
}
