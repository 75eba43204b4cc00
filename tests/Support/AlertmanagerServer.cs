using System.Text.Json;

namespace Assimilator.Tests.Support;

/// <summary>One alert as it reached the webhook.</summary>
internal sealed record ReceivedAlert(
    bool IsFiring, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    public string Name => Labels["alertname"];

    public string? Backup => Labels.GetValueOrDefault("backup");
}

/// <summary>A real Alertmanager that tells a webhook of each alert at once, and the webhook.</summary>
internal sealed class AlertmanagerServer : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly TestDirectory _directory = new();
    private readonly RecordingGateway _webhook = new();
    private readonly Server _server;

    /// <param name="programs">Which Alertmanager it is; the installed one if null.</param>
    public AlertmanagerServer(MonitoringPrograms? programs = null)
    {
        programs ??= MonitoringPrograms.Installed;
        var port = Server.FreePort();
        Address = $"127.0.0.1:{port}";
        var configuration = _directory.Write("alertmanager.yaml",
            $$"""
            route: {receiver: webhook, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
            receivers: [{name: webhook, webhook_configs: [{url: '{{_webhook.Url}}/', send_resolved: true}]}]
            """);
        _server = new Server(programs["prometheus-alertmanager"],
            [$"--config.file={configuration}", $"--storage.path={_directory.MakeDirectory("data")}", $"--web.listen-address={Address}",
                "--cluster.listen-address="],
            () => Server.Accepts(port) && programs.Runs("prometheus-alertmanager", Version));
    }

    public string Address { get; }

    /// <summary>Every alert that reached the webhook, in order, the resolved ones too.</summary>
    public IReadOnlyList<ReceivedAlert> Received => [.. _webhook.Received.SelectMany(push => Parse(push.Text))];

    /// <summary>The alerts of a backup that the webhook takes for firing now, sorted by name.</summary>
    public IReadOnlyList<ReceivedAlert> Firing(string? backup) =>
        [.. Received.Where(alert => alert.Backup == backup).GroupBy(alert => alert.Name).Select(alerts => alerts.Last())
            .Where(alert => alert.IsFiring).OrderBy(alert => alert.Name, StringComparer.Ordinal)];

    public void Dispose()
    {
        _server.Dispose();
        _webhook.Dispose();
        _directory.Dispose();
    }

    private string Version()
    {
        using var answer = JsonDocument.Parse(Http.GetStringAsync($"http://{Address}/api/v2/status").GetAwaiter().GetResult());
        return answer.RootElement.GetProperty("versionInfo").GetProperty("version").GetString()!;
    }

    private static List<ReceivedAlert> Parse(string notification)
    {
        using var document = JsonDocument.Parse(notification);
        return [.. document.RootElement.GetProperty("alerts").EnumerateArray().Select(alert => new ReceivedAlert(
            alert.GetProperty("status").GetString() == "firing", Texts(alert.GetProperty("labels")), Texts(alert.GetProperty("annotations"))))];
    }

    private static Dictionary<string, string> Texts(JsonElement pairs) =>
        pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
}
