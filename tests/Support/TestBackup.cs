using System.Text;
using System.Text.Json;

namespace Assimilator.Tests.Support;

/// <summary>A configuration with everything it names, in a directory of its own: by default one path, a passphrase file
/// and a stand-in for borg; with <see cref="WithRealBorg"/> a real repository.</summary>
internal sealed class TestBackup : IDisposable
{
    public const string Name = "test";
    public const string Instance = "testhost";
    public const string Passphrase = "correct horse";

    private static readonly string BorgPath = Path.Combine(Repository.Root, "tests/Resources/borg");

    private readonly SortedDictionary<string, SortedDictionary<string, string>> _sections = new(StringComparer.Ordinal);

    public TestBackup(PushgatewayServer? gateway = null)
    {
        Directory.Write("source/file", "content\n");
        Set("backup", "name", Name);
        Set("repository", "location", Directory["repository"]);
        Set("repository", "passphrase_file", Directory.Write("passphrase", $"{Passphrase}\n"));
        Set("paths", "1", Directory["source"]);
        Set("state", "directory", Directory["state"]);
        if (gateway is not null)
        {
            Set("pushgateway", "url", gateway.Url);
            Set("backup", "instance", Instance);
        }
        Environment["BORG_BASE_DIR"] = Directory["borg"];
        Environment["HOME"] = Directory.MakeDirectory("home");
        // Half of the time of a short borg.
        Environment["BORG_SELFTEST"] = "disabled";
        // Whoever runs the tests may back up with borg, too.
        foreach (var name in new[] { "BORG_PASSPHRASE", "BORG_PASSCOMMAND", "BORG_PASSPHRASE_FD", "BORG_RSH", "BORG_REPO", "CREDENTIALS_DIRECTORY" })
            Environment[name] = null;
        // For configurations whose [state] is what is wrong with them.
        Environment["STATE_DIRECTORY"] = Directory["state"];
    }

    private bool _standIn;

    public TestDirectory Directory { get; } = new();

    /// <summary>What the program finds in its environment; null takes a variable out.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>The words that start the program.</summary>
    public IReadOnlyList<string> Command { get; init; } = [Repository.Binary];

    public string ConfigurationFile => Directory[$"{Name}.ini"];

    /// <summary>The label of this backup; for tests that share a gateway.</summary>
    public string Label
    {
        get => _sections["backup"]["name"];
        set => Set("backup", "name", value);
    }

    public string Location => _sections["repository"]["location"];

    public TestBackup Set(string section, string key, string value)
    {
        if (!_sections.TryGetValue(section, out var keys))
            _sections[section] = keys = new SortedDictionary<string, string>(StringComparer.Ordinal);
        keys[key] = value;
        return this;
    }

    public TestBackup Remove(string section, string? key = null)
    {
        if (key is null)
            _sections.Remove(section);
        else
            _sections[section].Remove(key);
        return this;
    }

    /// <summary>Answers for a stand-in what borg says when it is asked for its version.</summary>
    public const string StandInVersion = "[ \"$1\" != --version ] || { echo borg 1.2.4; exit; }";

    /// <summary>Puts a script in place of borg. It notes each call in the file <c>calls</c>, but not the
    /// look for an archive after an error.</summary>
    /// <param name="create">Shell lines for <c>create</c>; by default it prints what borg prints.</param>
    /// <param name="files">Shell lines for a list of the files in an archive.</param>
    /// <param name="extract">Shell lines for the contents of some of them.</param>
    public TestBackup WithStandIn(string create = "echo \"$JSON\"", string prune = "echo \"$LIST\" >&2", string compact = "exit 0",
        string check = "exit 0", string files = "exit 0", string extract = "exit 0")
    {
        _standIn = true;
        var borg = Directory.WriteScript("borg-stand-in",
            $$"""
            {{StandInVersion}}
            [ "$1" = list ] || echo "$1" >> '{{Directory["calls"]}}'
            printf '%s\n' "$@" > '{{Directory["arguments"]}}'".$1"
            JSON='{{StandInJson}}'
            LIST='{{StandInList}}'
            case "$1" in
            create) {{create}} ;;
            prune) {{prune}} ;;
            compact) {{compact}} ;;
            check) {{check}} ;;
            extract) {{extract}} ;;
            list) case "$*" in *--json-lines*) {{files}} ;; *) echo '{{StandInNoArchives}}' ;; esac ;;
            esac
            """);
        return Set("borg", "path", borg);
    }

    /// <summary>Makes a second real repository, as <see cref="WithRealBorg"/> does, and gives each a name and a section of its own.</summary>
    public TestBackup WithSecondRepository(string first, string second)
    {
        var location = Location;
        var other = Directory[$"repository-{second}"];
        Copy(EmptyRepositories.Value.Second, other);
        return Remove("repository", "location").Set($"repository.{first}", "location", location).Set($"repository.{second}", "location", other);
    }

    /// <summary>Makes a real, encrypted repository: each a copy of one that was made once, which saves half a second. Borg is this
    /// host's, but starts sooner.</summary>
    public TestBackup WithRealBorg()
    {
        Environment["PATH"] = $"{Path.GetDirectoryName(BorgPath)}:{System.Environment.GetEnvironmentVariable("PATH")}";
        Copy(EmptyRepositories.Value.First, Location);
        return this;
    }

    private static readonly Lazy<(IReadOnlyDictionary<string, byte[]> First, IReadOnlyDictionary<string, byte[]> Second)> EmptyRepositories =
        new(() => (MakeEmptyRepository(), MakeEmptyRepository()));

    // Every borg derives the key from the passphrase anew, and a hundred thousand rounds of that prove nothing here.
    private const string QuickInit =
        """
        import sys
        sys.path.append("/usr/lib/python3/dist-packages")
        import borg.archiver, borg.crypto.key
        borg.crypto.key.PBKDF2_ITERATIONS = 1
        sys.exit(borg.archiver.main())
        """;

    private static Dictionary<string, byte[]> MakeEmptyRepository()
    {
        using var backup = new TestBackup();
        Programs.RunOrThrow("/usr/bin/python3", ["-IS", "-c", QuickInit, "init", "-e", "repokey-blake2", backup.Location],
            new Dictionary<string, string?>(backup.Environment) { ["BORG_PASSPHRASE"] = Passphrase });
        return System.IO.Directory.GetFiles(backup.Location, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(backup.Location, path), File.ReadAllBytes);
    }

    private static void Copy(IReadOnlyDictionary<string, byte[]> repository, string location)
    {
        foreach (var (file, content) in repository)
        {
            var path = Path.Combine(location, file);
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    /// <summary>Runs the real borg with this backup's passphrase and caches.</summary>
    public string Borg(params string[] arguments) => Programs.RunOrThrow(BorgPath, arguments,
        new Dictionary<string, string?>(Environment) { ["BORG_PASSPHRASE"] = Passphrase });

    /// <summary>Same as <see cref="Borg"/>, with its JSON read.</summary>
    public JsonElement BorgJson(params string[] arguments)
    {
        using var document = JsonDocument.Parse(Borg(arguments));
        return document.RootElement.Clone();
    }

    public IReadOnlyList<string> Archives(string? location = null) => Borg("list", "--short", location ?? Location).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Adds a script that notes its name in the file <c>calls</c> before it does anything else.</summary>
    public TestBackup AddScript(string section, string label, string body = "exit 0")
    {
        var script = Directory.WriteScript($"{section}-{label}", $"echo {section}-{label} >> '{Directory["calls"]}'\n{body}");
        return Set(section, label, script);
    }

    /// <summary>What ran, in order: borg's commands and the scripts, as <c>calls</c> has them.</summary>
    public IReadOnlyList<string> Calls() => File.Exists(Directory["calls"]) ? File.ReadAllLines(Directory["calls"]) : [];

    public string ConfigurationText() => string.Join('\n', _sections.Select(section => new StringBuilder($"[{section.Key}]\n")
        .AppendJoin('\n', section.Value.Select(pair => $"{pair.Key} = {pair.Value}")).Append('\n')))
        // At the end, so that no line changes its number: a report without an interval would be a warning.
        + (_sections.Keys.Any(section => section is "pushgateway" or "textfile") && !Has("backup", "interval")
            ? "\n[backup]\ninterval = 24h\n" : "")
        // So that each run of a stand-in takes every step.
        + (_standIn && _sections.ContainsKey("retention") && !Has("retention", "compact") ? "\n[retention]\ncompact = always\n" : "");

    private bool Has(string section, string key) => _sections.TryGetValue(section, out var keys) && keys.ContainsKey(key);

    public string WriteConfiguration() => Directory.Write($"{Name}.ini", ConfigurationText());

    /// <summary>Writes the configuration and runs the published binary with it.</summary>
    public ProgramResult Run(params string[] arguments)
    {
        WriteConfiguration();
        return Programs.Run(Command[0], [.. Command.Skip(1), .. arguments, "-c", ConfigurationFile], Environment);
    }

    /// <summary>Writes the configuration and starts the published binary with it.</summary>
    public System.Diagnostics.Process Start()
    {
        WriteConfiguration();
        return Programs.Start(Command[0], [.. Command.Skip(1), "-c", ConfigurationFile], Environment);
    }

    public string StateText() => File.ReadAllText(Directory[$"state/{Label}.json"]);

    /// <summary>Moves a time in the state back.</summary>
    public TestBackup AgeState(string name, double days)
    {
        var pattern = new System.Text.RegularExpressions.Regex($"(?<=\"{name}\": \")[^\"]+");
        Assert.Matches(pattern, StateText());
        Directory.Write($"state/{Label}.json", pattern.Replace(StateText(), time =>
            DateTimeOffset.Parse(time.Value, System.Globalization.CultureInfo.InvariantCulture).AddDays(-days)
                .ToString("O", System.Globalization.CultureInfo.InvariantCulture)));
        return this;
    }

    public JsonElement State()
    {
        using var document = JsonDocument.Parse(StateText());
        return document.RootElement.Clone();
    }

    /// <summary>What the state knows of the repository.</summary>
    public JsonElement Memory() => State().GetProperty("repositories")[0].GetProperty("memory");

    public void Dispose() => Directory.Dispose();

    /// <summary>What borg 1.2.4 prints, in one line, with numbers that tell the fields apart.</summary>
    public const string StandInJson =
        """
        {"archive": {"name": "stand-in", "id": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "duration": 0.5, "stats": {"original_size": 1001, "compressed_size": 1002, "deduplicated_size": 1003, "nfiles": 1004}}, "cache": {"path": "/c", "stats": {"total_size": 2001, "total_csize": 2002, "unique_size": 2003, "unique_csize": 2004, "total_chunks": 2005, "total_unique_chunks": 2006}}, "encryption": {"mode": "none"}, "repository": {"id": "00", "location": "/r"}}
        """;

    private const string StandInNoArchives = "{\"archives\": [], \"repository\": {\"id\": \"00\"}}";

    public const string StandInId = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    /// <summary>What prune logs when it keeps the archive of <see cref="StandInJson"/> alone.</summary>
    public const string StandInList =
        "{\"type\": \"log_message\", \"levelname\": \"INFO\", \"name\": \"borg.output.list\", \"message\": "
        + "\"Keeping archive (rule: daily #1):        stand-in                             Mon, 2026-08-31 01:02:03 ["
        + StandInId + "]\"}";
}
