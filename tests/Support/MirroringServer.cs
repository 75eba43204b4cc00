namespace Assimilator.Tests.Support;

/// <summary>A real nginx that gives every request to one gateway, whose answer counts, and a copy of it to others.</summary>
internal sealed class MirroringServer : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly Server _server;

    /// <param name="gateway">Whose answer the client gets, a port.</param>
    /// <param name="others">Who gets the same bytes, ports.</param>
    public MirroringServer(int gateway, IEnumerable<int> others)
    {
        var port = Server.FreePort();
        Url = $"http://127.0.0.1:{port}";
        _server = NginxServer.Start(_directory, port,
            $$"""
            listen 127.0.0.1:{{port}};
            location / {
                {{string.Join(' ', others.Select(other => $"mirror /{other};"))}}
                proxy_pass http://127.0.0.1:{{gateway}};
            }
            {{string.Join('\n', others.Select(other =>
                $"location = /{other} {{ internal; proxy_pass http://127.0.0.1:{other}$request_uri; }}"))}}
            """);
    }

    public string Url { get; }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }
}
