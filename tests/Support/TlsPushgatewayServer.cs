namespace Assimilator.Tests.Support;

/// <summary>A real Pushgateway that speaks TLS itself.</summary>
internal sealed class TlsPushgatewayServer : IDisposable
{
    private readonly Server _server;
    private readonly IReadOnlyList<string> _curl;

    /// <param name="directory">Where it keeps its files.</param>
    /// <param name="names">What its certificate is for, such as <c>DNS:gateway.test</c>.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="network">In which network; the host's if null.</param>
    public TlsPushgatewayServer(TestDirectory directory, string names, string address = "127.0.0.1", IsolatedNetwork? network = null)
    {
        var authority = new CertificateAuthority(directory, "gateway-ca");
        var pair = authority.Issue(names, "gateway");
        AuthorityFile = authority.CertificateFile;
        var configuration = directory.Write("gateway.yml",
            $$"""
            tls_server_config: {cert_file: '{{pair.Certificate}}', key_file: '{{pair.Key}}'}
            """);
        Port = Server.FreePort();
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        string[] arguments = [$"--web.listen-address={host}:{Port}", "--persistence.file=", $"--web.config.file={configuration}"];
        _server = network is null
            ? new Server("prometheus-pushgateway", arguments, () => Server.Accepts(Port))
            : network.Start("prometheus-pushgateway", arguments, Port, address);
        _curl = [.. network?.Entry ?? [], "curl", "-sSf", "--noproxy", "*", "--cacert", AuthorityFile,
            "--connect-to", $"::{host}:{Port}", $"https://{names.Split(',')[0]["DNS:".Length..]}:{Port}/metrics"];
    }

    public int Port { get; }

    /// <summary>The certificate that vouches for its own.</summary>
    public string AuthorityFile { get; }

    /// <summary>What it serves, as it serves it.</summary>
    public string Text() => Programs.RunOrThrow(_curl[0], _curl.Skip(1));

    /// <inheritdoc cref="PushgatewayServer.Samples"/>
    public IReadOnlyDictionary<string, double> Samples(string backup) => PushgatewayServer.SamplesIn(Text(), backup);

    public void Dispose() => _server.Dispose();
}
