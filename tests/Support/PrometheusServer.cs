using System.Globalization;
using System.Text.Json;

namespace Assimilator.Tests.Support;

/// <summary>One sample that Prometheus gave back: its labels, and its value.</summary>
internal sealed record QueriedSample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A real Prometheus that scrapes and evaluates every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly TestDirectory _directory = new();
    private readonly Server _server;
    private readonly string _url;

    /// <summary>Starts it.</summary>
    /// <param name="scraped">Targets, a job's name and an address.</param>
    /// <param name="rules">Alert rules in YAML.</param>
    /// <param name="alertmanager">Where alerts go, an address.</param>
    /// <param name="history">What was scraped long ago, in the OpenMetrics format.</param>
    /// <param name="honorLabels">Whether the labels that targets expose win over those of the target.</param>
    /// <param name="labelsGateways">Whether samples get the label <c>gateway</c>, with the target's job.</param>
    /// <param name="programs">Which Prometheus it is; the installed one if null.</param>
    public PrometheusServer(
        IEnumerable<(string Job, string Address)> scraped, string rules = "groups: []", string? alertmanager = null, string? history = null,
        bool honorLabels = true, MonitoringPrograms? programs = null, bool labelsGateways = false)
    {
        programs ??= MonitoringPrograms.Installed;
        var port = Server.FreePort();
        _url = $"http://127.0.0.1:{port}";
        _directory.Write("rules.yaml", rules);
        var configuration = _directory.Write("prometheus.yaml",
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            alerting: {alertmanagers: [{static_configs: [{targets: [{{alertmanager}}]}]}]}
            scrape_configs:
            {{string.Join('\n', scraped.Select(target =>
                $"- {{job_name: {target.Job}, honor_labels: {(honorLabels ? "true" : "false")}, static_configs: [{{targets: ['{target.Address}']{(labelsGateways ? $", labels: {{gateway: {target.Job}}}" : "")}}}]}}"))}}
            """);
        var data = _directory.MakeDirectory("data");
        if (history is not null)
            Programs.RunOrThrow(programs["promtool"],
                ["tsdb", "create-blocks-from", "openmetrics", "--quiet", _directory.Write("history", history), data]);
        _server = new Server(programs["prometheus"],
            [$"--config.file={configuration}", $"--storage.tsdb.path={data}", $"--web.listen-address=127.0.0.1:{port}",
                "--storage.tsdb.retention.time=90d", "--log.level=warn"],
            () => Server.Accepts(port) && IsReady() && programs.Runs("prometheus", Version));
    }

    /// <summary>The result of an instant query; a scalar is one sample without labels.</summary>
    public IReadOnlyList<QueriedSample> Query(string expression)
    {
        using var answer = Get($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        var data = answer.RootElement.GetProperty("data");
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() == "scalar"
            ? [new(new Dictionary<string, string>(), Number(result))]
            : [.. result.EnumerateArray().Select(sample => new QueriedSample(
                sample.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                Number(sample.GetProperty("value"))))];
    }

    /// <summary>The values of a label, as a dashboard's variable asks for them.</summary>
    public IReadOnlyList<string> LabelValues(string label, string selector)
    {
        using var answer = Get($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}");
        return [.. answer.RootElement.GetProperty("data").EnumerateArray().Select(value => value.GetString()!)];
    }

    /// <summary>Waits until every rule has been evaluated twice more: what is to fire has fired then.</summary>
    public void WaitForEvaluations() => WaitForEvaluations([this]);

    /// <summary>Waits for several at once.</summary>
    public static void WaitForEvaluations(IReadOnlyList<PrometheusServer> servers)
    {
        for (var i = 0; i < 2; i++)
        {
            var before = DateTimeOffset.UtcNow;
            Wait.Until(() => servers.All(server => server.LastEvaluations().All(time => time > before)), "every rule has been evaluated");
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    private List<DateTimeOffset> LastEvaluations()
    {
        using var answer = Get("/api/v1/rules");
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .Select(group => group.GetProperty("lastEvaluation").GetDateTimeOffset())];
    }

    private bool IsReady()
    {
        using var response = Http.GetAsync($"{_url}/-/ready").GetAwaiter().GetResult();
        return response.IsSuccessStatusCode;
    }

    private string Version()
    {
        using var answer = Get("/api/v1/status/buildinfo");
        return answer.RootElement.GetProperty("data").GetProperty("version").GetString()!;
    }

    private JsonDocument Get(string path)
    {
        using var response = Http.GetAsync(_url + path).GetAwaiter().GetResult();
        var text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new InvalidOperationException($"Prometheus answered {path} with {text}");
    }

    private static double Number(JsonElement pair) => double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture);
}
