using System.Globalization;

namespace Assimilator.Tests.Support;

/// <summary>One gateway for all tests of a class; each takes a group of its own.</summary>
public sealed class PushgatewayFixture : IDisposable
{
    internal PushgatewayServer Server { get; } = new();

    public void Dispose() => Server.Dispose();
}

/// <summary>A real Pushgateway.</summary>
internal sealed class PushgatewayServer : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly MonitoringPrograms _programs;
    private readonly string[] _arguments;
    private Server _server;

    public PushgatewayServer(params string[] arguments)
        : this(MonitoringPrograms.Installed, arguments)
    {
    }

    /// <param name="programs">Which gateway it is.</param>
    public PushgatewayServer(MonitoringPrograms programs, params string[] arguments)
    {
        _programs = programs;
        _arguments = arguments;
        Port = Server.FreePort();
        Url = $"http://127.0.0.1:{Port}";
        _server = Start();
    }

    public int Port { get; }

    /// <summary>Where to push to; something may stand in front of it.</summary>
    public string Url { get; set; }

    public string Log => _server.Log;

    /// <summary>What the gateway serves, as it serves it.</summary>
    public string Text() => Http.GetStringAsync($"http://127.0.0.1:{Port}/metrics").GetAwaiter().GetResult();

    /// <summary>The samples of one backup's group without the gateway's own, by their names; of one of several repositories or
    /// streams as <c>name{repository}</c>, <c>name{stream}</c> or <c>name{repository stream}</c>.</summary>
    public IReadOnlyDictionary<string, double> Samples(string backup) => SamplesIn(Text(), backup);

    public static IReadOnlyDictionary<string, double> SamplesIn(string text, string backup) => text.Split('\n')
        .Where(line => (line.StartsWith("assimilator_", StringComparison.Ordinal) || line.StartsWith("borg_", StringComparison.Ordinal))
            && line.Contains($"backup=\"{backup}\"", StringComparison.Ordinal))
        .ToDictionary(
            line => line[..line.IndexOf('{', StringComparison.Ordinal)] + LabelsIn(line),
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static string LabelsIn(string line)
    {
        var values = new[] { ",repository=\"", ",stream=\"" }.Select(label => line.Split(label)).Where(parts => parts.Length > 1)
            .Select(parts => parts[1][..parts[1].IndexOf('"', StringComparison.Ordinal)]).ToList();
        return values.Count > 0 ? $"{{{string.Join(' ', values)}}}" : "";
    }

    /// <summary>Changes samples of a backup's group, as if time had passed or something had gone wrong elsewhere.</summary>
    public void Rewrite(string backup, Func<string, double, double> change)
    {
        var comments = Text().Split('\n').Where(line => line.StartsWith('#')
            && line.Split(' ')[2].Split('_')[0] is "assimilator" or "borg");
        var samples = Samples(backup).Where(sample => sample.Key != "assimilator_build_info").Select(sample =>
            string.Create(CultureInfo.InvariantCulture, $"{sample.Key} {change(sample.Key, sample.Value)}"));
        Put(backup, string.Join('\n', [.. comments, .. samples, ""]));
    }

    /// <summary>Puts samples into a backup's group, as an earlier run would have.</summary>
    public void Put(string backup, string body) =>
        PutGroup($"job/assimilator/instance/{TestBackup.Instance}/backup/{backup}", body);

    /// <summary>Puts samples into any group.</summary>
    /// <param name="labels">Below <c>/metrics/</c>.</param>
    public void PutGroup(string labels, string body)
    {
        using var content = new StringContent(body);
        using var response = Http.PutAsync($"{Url}/metrics/{labels}", content).GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The last success as an earlier run would have reported it.</summary>
    public void PutLastSuccess(string backup, double time) => Put(backup, string.Create(CultureInfo.InvariantCulture,
        $"""
        # HELP assimilator_last_success_timestamp_seconds When an archive was last created
        # TYPE assimilator_last_success_timestamp_seconds gauge
        assimilator_last_success_timestamp_seconds {time}

        """));

    /// <summary>Deletes a group.</summary>
    /// <param name="labels">Below <c>/metrics/</c>.</param>
    public void Delete(string labels)
    {
        using var response = Http.DeleteAsync($"{Url}/metrics/{labels}").GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
    }

    public void Stop() => _server.Dispose();

    /// <summary>Stops it, and starts it without any memory.</summary>
    public void Restart()
    {
        Stop();
        _server = Start();
    }

    public void Dispose() => _server.Dispose();

    // Debian's default is a file that every gateway on the machine would share.
    private Server Start() => new(
        _programs["prometheus-pushgateway"], [$"--web.listen-address=127.0.0.1:{Port}", "--persistence.file=", .. _arguments],
        () => Server.Accepts(Port)
            && _programs.Runs("prometheus-pushgateway", () => MonitoringPrograms.VersionIn(Text(), "pushgateway_build_info")));
}
