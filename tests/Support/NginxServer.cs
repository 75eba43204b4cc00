namespace Assimilator.Tests.Support;

/// <summary>A real nginx that speaks TLS and takes every push, as it stands in front of many a Pushgateway.</summary>
internal sealed class NginxServer : IDisposable
{
    private readonly Server _server;

    /// <param name="directory">Where it keeps all of its files.</param>
    /// <param name="pair">What it shows.</param>
    /// <param name="directives">Further lines of its <c>server</c>.</param>
    public NginxServer(TestDirectory directory, KeyPair pair, string directives = "")
    {
        var port = Server.FreePort();
        Authority = $"127.0.0.1:{port}";
        _server = Start(directory, port,
            $$"""
            listen {{Authority}} ssl;
            ssl_certificate {{pair.Certificate}};
            ssl_certificate_key {{pair.Key}};
            {{directives}}
            location / { return 200; }
            """);
    }

    /// <summary>Address and port.</summary>
    public string Authority { get; }

    public string Url => $"https://{Authority}";

    /// <summary>Starts an nginx with one <c>server</c>.</summary>
    /// <param name="directory">Where it keeps all of its files.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="server">The lines of its server.</param>
    public static Server Start(TestDirectory directory, int port, string server)
    {
        var temporary = string.Join(' ', new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }
            .Select(kind => $"{kind}_temp_path {directory[$"nginx-{kind}"]};"));
        var configuration = directory.Write("nginx.conf",
            $$"""
            daemon off;
            worker_processes 1;
            pid {{directory["nginx.pid"]}};
            events {}
            http {
                access_log off;
                default_type text/plain;
                {{temporary}}
                server {
                    {{server}}
                }
            }
            """);
        return new Server("/usr/sbin/nginx", ["-e", "stderr", "-c", configuration], () => Server.Accepts(port));
    }

    public void Dispose() => _server.Dispose();
}
