namespace Assimilator.Tests.Support;

/// <summary>A network of one test's own, with nothing in it but loopback: there even port 53 is free, and nobody listens in.</summary>
internal sealed class IsolatedNetwork : IDisposable
{
    // Only root may listen on port 53.
    private static readonly string[] AsRoot = ["--unshare-user", "--uid", "0", "--gid", "0"];

    private readonly TestDirectory _directory = new();
    private readonly Server _holder;

    public IsolatedNetwork()
    {
        var file = _directory["pid"];
        _holder = new Server(
            "bwrap", ["--dev-bind", "/", "/", "--unshare-net", .. Users.IsRoot ? Array.Empty<string>() : AsRoot, "--die-with-parent",
                "sh", "-c", $"echo $$ > '{file}'; exec sleep infinity"],
            () => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'));
        Entry = ["nsenter", $"--target={File.ReadAllText(file).Trim()}", "--net",
            .. Users.IsRoot ? Array.Empty<string>() : ["--user", "--preserve-credentials"]];
    }

    /// <summary>Words in front of a command that is to run in there.</summary>
    public IReadOnlyList<string> Entry { get; }

    public Server Start(string program, IEnumerable<string> arguments, int port, string address = "127.0.0.1") =>
        Start(program, arguments, () => Accepts(address, port));

    public Server Start(string program, IEnumerable<string> arguments, Func<bool> isReady) =>
        new(Entry[0], [.. Entry.Skip(1), program, .. arguments], isReady);

    public void Dispose()
    {
        _holder.Dispose();
        _directory.Dispose();
    }

    private bool Accepts(string address, int port) =>
        Programs.Run(Entry[0], [.. Entry.Skip(1), "bash", "-c", $": </dev/tcp/{address}/{port}"]).ExitCode == 0;
}
