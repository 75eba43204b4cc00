using System.Diagnostics;
using System.Net;
using System.Text;
using Assimilator.Metrics;
using Assimilator.Terminal;

namespace Assimilator.Pushgateway;

/// <summary>Sends the report to the Pushgateway, and again after a failure that may pass, within one
/// deadline.</summary>
internal sealed class PushgatewayClient(
    PushgatewaySettings settings, IReadOnlyList<LabelPair> groupingLabels, IReadOnlyDictionary<string,
        string> environment,
    Messages messages)
{
    /// <summary>What a gateway of ten thousand groups serves.</summary>
    private const int MostMetrics = 64 * 1024 * 1024;

    private string IsAliveHint => $"is the Pushgateway at {settings.Url.AbsoluteUri} running?";

    /// <summary>The group's address, without any secret.</summary>
    public string Url { get; } = settings.Url.AbsoluteUri.TrimEnd('/') + GroupingKey.Path(groupingLabels);

    /// <summary>Asks the gateway to the end: done, refused, or out of time or tries.</summary>
    /// <param name="method">PUT replaces the group, POST only the families of the same name; DELETE removes it.</param>
    /// <param name="body">The families as text; nothing for DELETE.</param>
    /// <param name="retries">How often to try again.</param>
    /// <param name="timeout">For everything together.</param>
    /// <param name="stop">Ends the push before that.</param>
    /// <returns>Why the gateway did not do it; null if it did.</returns>
    public async Task<Problem?> AskAsync(
        HttpMethod method, string? body, int retries, TimeSpan timeout, CancellationToken stop)
    {
        // A gateway that hangs once must leave time to try again.
        var longestTry = timeout / Math.Min(3, retries + 1);
        // The connection gives up first: so it is known that there was none.
        var connectTimeout = longestTry * 0.9;
        var (handler, problem) = PushTransport.CreateHandler(settings, environment, connectTimeout);
        if (handler is null)
            return problem;
        using var client = Client(handler);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(timeout);
        var startedAt = Stopwatch.GetTimestamp();
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body);

        for (var attempt = 0; ; attempt++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            patience.CancelAfter(longestTry);
            using var request = Request(method, Url);
            if (bytes is not null)
            {
                request.Content = new ByteArrayContent(bytes);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", TextFormat.ContentType);
            }
            var answer = await SendAsync(
                client, request, response => GatewayAnswer.ConsentAsync(response, messages, patience.Token),
                patience.Token).ConfigureAwait(false);
            if (answer.Problem is not { } failure || answer.IsFinal || attempt >= retries)
                return answer.Problem;
            var left = timeout - Stopwatch.GetElapsedTime(startedAt);
            var pause = answer.RetryAfter is { } wish && wish < left ? wish : Backoff(attempt);
            if (stop.IsCancellationRequested)
                return failure with { Message = $"{failure.Message}; gave up because of the signal" };
            if (pause >= left)
                return failure with
                {
                    Message = $"{failure.Message}; gave up after {Quantities.Duration(timeout - left)}",
                };
            // Whoever waits wants to know why, once.
            if (attempt == 0)
                messages.Info($"{failure.Message}: trying again");
            else
                messages.Debug($"{failure.Message}: trying again in {Quantities.Duration(pause)}");
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether the gateway holds the group. It answers a DELETE of a group that it does not hold like any
    /// other.</summary>
    /// <returns>Null if it did not tell.</returns>
    public async Task<bool?> HoldsGroupAsync(CancellationToken stop)
    {
        // Every group has this metric of the gateway's own, with its labels sorted by name.
        var labels = TextFormat.Labels(groupingLabels.OrderBy(label => label.Name, StringComparer.Ordinal));
        var sample = Encoding.UTF8.GetBytes($"\npush_time_seconds{{{labels}}} ");
        var (handler, _) = PushTransport.CreateHandler(settings, environment, settings.Timeout);
        if (handler is null)
            return null;
        using var client = Client(handler);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(settings.Timeout);
        try
        {
            using var request = Request(HttpMethod.Get, $"{settings.Url.AbsoluteUri.TrimEnd('/')}/metrics");
            using var response = await client.SendAsync(request, patience.Token).ConfigureAwait(false);
            // As bytes: whatever character set the answer claims to be in, a Pushgateway writes UTF-8.
            return response.StatusCode == HttpStatusCode.OK
                ? (await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false)).AsSpan()
                    .IndexOf(sample) >= 0
                : null;
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Asks the gateway who it is, once.</summary>
    /// <returns>Why it cannot be used, or its version.</returns>
    public async Task<(Problem? Problem, string? Version)> LookAsync(TimeSpan timeout, CancellationToken stop)
    {
        var (handler, problem) = PushTransport.CreateHandler(settings, environment, timeout * 0.9);
        if (handler is null)
            return (problem, null);
        using var client = Client(handler);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(timeout);
        using var request = Request(HttpMethod.Get, $"{settings.Url.AbsoluteUri.TrimEnd('/')}/api/v1/status");
        string? version = null;
        var answer = await SendAsync(client, request, async response =>
        {
            (var refusal, version) = await GatewayAnswer.StatusAsync(response, messages, patience.Token)
                .ConfigureAwait(false);
            return refusal;
        }, patience.Token).ConfigureAwait(false);
        return (answer.Problem, version);
    }

    private static HttpClient Client(HttpMessageHandler handler) => new(handler)
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostMetrics,
    };

    private HttpRequestMessage Request(HttpMethod method, string url)
    {
        var request = new HttpRequestMessage(method, url);
        if (settings.Authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", settings.Authorization);
        return request;
    }

    /// <param name="read">Reads the answer of a gateway that says yes.</param>
    private async Task<GatewayAnswer> SendAsync(
        HttpClient client, HttpRequestMessage request, Func<HttpResponseMessage, Task<GatewayAnswer>> read,
        CancellationToken patience)
    {
        try
        {
            using var response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience).ConfigureAwait(false);
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted
                ? await read(response).ConfigureAwait(false)
                : await GatewayAnswer.RefusalAsync(response, settings, messages, patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            return settings.Url.Scheme == Uri.UriSchemeHttps
                ? new GatewayAnswer(new Problem($"timed out setting up TLS with {settings.Url.Authority}",
                    "is the gateway running, and does this port speak TLS?"))
                : new GatewayAnswer(new Problem($"timed out connecting to {settings.Url.Authority}", IsAliveHint));
        }
        catch (OperationCanceledException)
        {
            return new GatewayAnswer(new Problem("timed out waiting for an answer", IsAliveHint));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return PushTransport.Explain(exception, settings);
        }
    }

    /// <summary>0.5 s, 1 s, 2 s … up to 10 s, each less a random part of up to a half: many hosts back up at the same
    /// minute.</summary>
    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(10, 0.5 * Math.Pow(2, Math.Min(attempt, 10))) * (0.5
            + Random.Shared.NextDouble() / 2));
}
