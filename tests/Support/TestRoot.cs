namespace Assimilator.Tests.Support;

/// <summary>A root directory made by hand, entered by bubblewrap: what nobody has put there is not there, neither /proc nor /dev.
/// To begin with it holds the program, its configuration, one file to back up, and a static stand-in for borg.</summary>
internal sealed class TestRoot : IDisposable
{
    public const string Host = "gateway.test";
    public const string Instance = "root";

    /// <summary>What the stand-in says it has created, and the metric that it becomes.</summary>
    public const int FilesCount = 42;

    // Prints what borg prints; there is no shell in there that could.
    private const string StandIn =
        """
        #include <stdio.h>
        #include <string.h>
        int main(int count, char **arguments) {
            if (count > 1 && strcmp(arguments[1], "create") == 0)
                puts("{\"archive\": {\"name\": \"a\", \"stats\": {\"nfiles\": 42}}}");
            else if (count > 1 && strcmp(arguments[1], "--version") == 0)
                puts("borg 1.2.4");
            return 0;
        }
        """;

    private static readonly Lazy<byte[]> CompiledStandIn = new(() => Compile("stand-in", StandIn, "-static"));

    private readonly TestDirectory _directory = new();
    private readonly SortedDictionary<string, string> _configuration = new(StringComparer.Ordinal);

    /// <param name="gateway">Its URL.</param>
    public TestRoot(string gateway)
    {
        Directory.CreateDirectory(Path);
        File.Copy(Repository.Binary, this["assimilator"]);
        WriteExecutable("borg", CompiledStandIn.Value);
        Write("data/file", "content\n");
        Set("repository", "location = /repository");
        Set("paths", "1 = /data");
        Set("borg", "path = /borg");
        Set("retention", "daily = 1\nadopt = true\ncompact = always");
        Set("state", "directory = /state");
        Set("backup", $"instance = {Instance}\ninterval = 24h");
        Set("pushgateway", $"url = {gateway}");
    }

    public string Path => _directory["root"];

    /// <summary>Where a path of this root is outside of it.</summary>
    public string this[string path] => System.IO.Path.Combine(Path, path.TrimStart('/'));

    /// <summary>Further words of bubblewrap, by which this root is entered.</summary>
    public List<string> Entry { get; } = [];

    /// <summary>A command that starts bubblewrap.</summary>
    public List<string> Before { get; } = [];

    /// <summary>Replaces a section of the configuration.</summary>
    public TestRoot Set(string section, string keys)
    {
        _configuration[section] = keys;
        return this;
    }

    public TestRoot Write(string path, string content, string octalMode = "644")
    {
        _directory.Write(System.IO.Path.Combine("root", path.TrimStart('/')), content, octalMode);
        return this;
    }

    public TestRoot WriteExecutable(string path, byte[] content)
    {
        Write(path, "", "755");
        File.WriteAllBytes(this[path], content);
        return this;
    }

    public TestRoot Link(string path, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[path])!);
        File.CreateSymbolicLink(this[path], target);
        return this;
    }

    /// <summary>Leaves only these system calls to it, as systemd would.</summary>
    public TestRoot Confine(string calls)
    {
        var filter = _directory["filter"];
        Programs.RunOrThrow("/usr/bin/python3", [System.IO.Path.Combine(Repository.Root, "tests/Resources/seccomp-filter.py"), filter, calls]);
        Entry.AddRange(["--seccomp", "9"]);
        Before.AddRange(["sh", "-c", $"exec 9< '{filter}'; exec \"$@\"", "sh"]);
        return this;
    }

    /// <summary>All there is, each as a path from the root.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Directory.GetFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Select(path => path[Path.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>Writes the configuration and runs the published binary with it.</summary>
    /// <param name="backup">The name of the configuration.</param>
    public ProgramResult Run(string backup)
    {
        WriteConfiguration(backup);
        string[] command = [.. Before, .. Entered("/assimilator", "-c", $"/{backup}.ini")];
        return Programs.Run(command[0], command[1..]);
    }

    /// <summary>A command in this root.</summary>
    public IReadOnlyList<string> Entered(params string[] command) =>
        ["bwrap", "--bind", Path, "/", "--unshare-pid", "--die-with-parent", "--clearenv", .. Entry, .. command];

    public TestRoot WriteConfiguration(string backup) => Write($"{backup}.ini",
        string.Concat(_configuration.Select(section => $"[{section.Key}]\n{section.Value}\n")));

    /// <summary>Compiles a C program or library.</summary>
    public static byte[] Compile(string name, string source, params string[] options)
    {
        using var directory = new TestDirectory();
        Programs.RunOrThrow("clang", [.. options, "-o", directory[name], directory.Write($"{name}.c", source)]);
        return File.ReadAllBytes(directory[name]);
    }

    public void Dispose() => _directory.Dispose();
}
