namespace Assimilator.Tests.Support;

/// <summary>A real node_exporter that serves nothing but the files of a directory of its own.</summary>
internal sealed class NodeExporterServer : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly TestDirectory _directory = new();
    private readonly Server _server;

    /// <param name="programs">Which node_exporter it is; the installed one if null.</param>
    public NodeExporterServer(MonitoringPrograms? programs = null)
    {
        programs ??= MonitoringPrograms.Installed;
        var port = Server.FreePort();
        Address = $"127.0.0.1:{port}";
        _server = new Server(programs["prometheus-node-exporter"],
            ["--collector.disable-defaults", "--collector.textfile", $"--collector.textfile.directory={_directory.Path}",
                $"--web.listen-address={Address}"],
            () => Server.Accepts(port) && programs.Runs(
                "prometheus-node-exporter", () => MonitoringPrograms.VersionIn(string.Join('\n', Lines()), "node_exporter_build_info")));
    }

    public string Address { get; }

    /// <summary>A path in the directory that it reads.</summary>
    public string this[string name] => _directory[name];

    /// <summary>What it serves, line by line.</summary>
    public string[] Lines() => Http.GetStringAsync($"http://{Address}/metrics").GetAwaiter().GetResult().Split('\n');

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }
}
