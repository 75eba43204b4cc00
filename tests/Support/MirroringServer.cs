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
        var temporary = string.Join(' ', new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }
            .Select(kind => $"{kind}_temp_path {_directory[kind]};"));
        var configuration = _directory.Write("nginx.conf",
            $$"""
            daemon off;
            worker_processes 1;
            pid {{_directory["nginx.pid"]}};
            events {}
            http {
                access_log off;
                {{temporary}}
                server {
                    listen 127.0.0.1:{{port}};
                    location / {
                        {{string.Join(' ', others.Select(other => $"mirror /{other};"))}}
                        proxy_pass http://127.0.0.1:{{gateway}};
                    }
                    {{string.Join('\n', others.Select(other =>
                        $"location = /{other} {{ internal; proxy_pass http://127.0.0.1:{other}$request_uri; }}"))}}
                }
            }
            """);
        _server = new Server("/usr/sbin/nginx", ["-e", "stderr", "-c", configuration], () => Server.Accepts(port));
    }

    public string Url { get; }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }
}
