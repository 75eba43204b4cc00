using System.Globalization;
using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What others wrote (borg, a script, a server, the name of a file) stays what it is: a piece of text in its place,
/// never an option, a line, a metric or a group of its own, and nothing that a terminal would obey.</summary>
public sealed class InjectionTests : IDisposable
{
    private const string NewLine = "x\nassimilator: error: forged";
    private const string Metric = "x\"} 1\nassimilator_forged{a=\"b\"} 1\n# HELP assimilator_forged x";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public InjectionTests() => _backup = new TestBackup(_gateway).Set("retention", "daily", "1").Set("logging", "level", "debug");

    public static TheoryData<string> Hostile =>
    [
        NewLine, Metric, "x\r\nassimilator: error: forged", "\u001b]0;title\u0007\u001b[2J", "\u009b2J\u0085\u0090x\u009c",
        "\u202egnp.exe\u202c", "\u2066x\u2069\u200f\u061c", "a\u2028assimilator: error: forged\u2029b", "\ufeff\u200b\u00ad",
        "\U000e0041\U000e0042", "\b\b\b\b\0\u007f", "%s%n%25%0a", "$(touch /tmp/x) `id` ${HOME}", "'\"\\", "<script>",
    ];

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_borg_says_is_text(string text)
    {
        var quoted = $"\"{JsonEncodedText.Encode(text)}\"";
        string[] loggers = ["borg", "borg.output.show-version", "borg.output.list"];
        var lines = loggers.Select(logger => $$"""
            {"type": "log_message", "levelname": "WARNING", "name": "{{logger}}", "message": {{quoted}}}
            {"type": "question_prompt", "name": "{{logger}}", "message": {{quoted}}}

            """);
        var log = _backup.Directory.Write("log", string.Concat(lines) + text.ReplaceLineEndings(" "));
        var json = _backup.Directory.Write("json", TestBackup.StandInJson.Replace("\"stand-in\"", quoted, StringComparison.Ordinal));
        var show = $"cat '{log}' >&2";
        _backup.WithStandIn($"{show}; cat '{json}'", show, show)
            .AddScript("postexec", "1", $"cat '{log}'; {show}; printf '%s' \"$ASSIMILATOR_ARCHIVE\" > '{_backup.Directory["archive"]}'");
        var result = _backup.Run();
        // Nobody knows what prune deleted.
        Assert.Equal(1, result.ExitCode);
        IsHarmless(result);
        IsOneGroup(("job", "assimilator"), ("instance", TestBackup.Instance), ("backup", TestBackup.Name));
        Assert.Contains(",borg_version=\"\",", _gateway.Text(), StringComparison.Ordinal);
        Assert.All(File.ReadAllText(_backup.Directory["archive"]), character => Assert.False(char.IsControl(character)));
        Assert.True(_backup.Memory().TryGetProperty("last_success", out _));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_a_gateway_answers_is_text(string text)
    {
        using var refusing = new RecordingGateway(RecordingGateway.Answer(400, text));
        _backup.WithStandIn().Set("pushgateway", "url", refusing.Url);
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        IsHarmless(result);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void The_name_of_a_configuration_is_text(string text)
    {
        var name = text.Replace("/", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal);
        var file = _backup.Directory.Write($"{name}.ini", _backup.WithStandIn().Remove("backup").Set("backup", "instance", TestBackup.Instance).Set("paths", "2", "/nonexistent").ConfigurationText());
        var result = Programs.Run(Repository.Binary, ["-c", file], _backup.Environment);
        Assert.Equal(2, result.ExitCode);
        IsHarmless(result);
        IsOneGroup(("job", "assimilator"), ("instance", TestBackup.Instance), ("backup", name));
        result = Programs.Run(Repository.Binary, [text.Replace("\0", "", StringComparison.Ordinal), "-c", file], _backup.Environment);
        Assert.Equal(64, result.ExitCode);
        IsHarmless(result);
    }

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../../job/other")]
    [InlineData("/")]
    [InlineData("%2e%2e%2f")]
    [InlineData("a?b=c&d#e")]
    [InlineData("=")]
    [InlineData("@base64")]
    [InlineData("a\"} 1 {b=\"c\\")]
    [InlineData("grün 😀 中")]
    [InlineData("\u202ea\u2028b")]
    [InlineData("a+b c")]
    public void A_label_value_is_one_value(string value)
    {
        _backup.WithStandIn().Set("labels", "site", value).Set("pushgateway", "job", value).Set("backup", "instance", value)
            .Set("textfile", "path", _backup.Directory["x.prom"]);
        Assert.Equal(0, _backup.Run().ExitCode);
        IsOneGroup(("job", value), ("instance", value), ("backup", TestBackup.Name), ("site", value));
        // The same run, as node_exporter would read it, and then forgotten by the same names.
        Assert.Equal(0, _backup.Run("forget").ExitCode);
        Assert.Empty(Groups());
        Assert.False(File.Exists(_backup.Directory["x.prom"]));
    }

    [Theory]
    [InlineData("job@base64")]
    [InlineData("__name__")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("job")]
    [InlineData("Backup")]
    [InlineData("grün")]
    public void A_label_name_is_a_name(string name)
    {
        var result = _backup.WithStandIn().Set("labels", name, "x").Run();
        Assert.Equal(78, result.ExitCode);
        IsHarmless(result);
        Assert.Empty(Groups());
    }

    [Fact]
    public void Values_never_become_options_of_borg()
    {
        const string odd = "--dry-run \"quoted\" 'single' %s \\n $HOME";
        _backup.Directory.Write($"source/{odd}", "");
        _backup.WithStandIn().Set("backup", "archive", "--dry-run-{now}").Set("backup", "exclude_if_present", "--help")
            .Set("excludes", "1", odd).Set("excludes", "2", "-n").Set("patterns", "1", "- --dry-run").Set("patterns", "2", $"+ {odd}")
            .Set("repository", "remote_path", "--dry-run").Set("retention", "glob_archives", "--dry-run")
            .Set("paths", "2", $"{_backup.Directory["source"]}/{odd}").Set("paths", "3", $"{_backup.Directory["source"]}/../source/{odd}");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(
        [
            "create", "--json", "--log-json", "--show-version", "--lock-wait=600", "--compression=lz4",
            "--exclude-if-present=--help", "--pattern=- --dry-run", $"--pattern=+ {odd}", $"--exclude={odd}", "--exclude=-n",
            "--", $"{_backup.Location}::--dry-run-{{now}}", _backup.Directory["source"],
            $"{_backup.Directory["source"]}/{odd}", $"{_backup.Directory["source"]}/../source/{odd}",
        ], File.ReadAllLines(_backup.Directory["arguments.create"]));
        Assert.Equal(
            ["prune", "--dry-run", "--log-json", "--list", "--lock-wait=600", "--keep-daily=1", "--glob-archives=--dry-run",
                "--", _backup.Location],
            File.ReadAllLines(_backup.Directory["arguments.prune"]));
        Assert.Equal(
            ["compact", "--log-json", "--lock-wait=600", "--", _backup.Location],
            File.ReadAllLines(_backup.Directory["arguments.compact"]));
    }

    [Theory]
    [InlineData("repository", "location", "--dry-run")]
    [InlineData("repository", "location", "ssh://-oProxyCommand=id/x")]
    [InlineData("repository", "location", "ssh://a@-oProxyCommand=id/x")]
    [InlineData("repository", "location", "-oProxyCommand=id:x")]
    [InlineData("paths", "2", "--dry-run")]
    [InlineData("paths", "2", "-")]
    [InlineData("paths", "2", "/a\u001b[2Jb")]
    [InlineData("excludes", "2", "a\u009bb")]
    [InlineData("backup", "name", "../x")]
    [InlineData("backup", "archive", "a::b{now}")]
    [InlineData("preexec", "1", "--help")]
    [InlineData("textfile", "path", "-x.prom")]
    public void What_could_be_an_option_or_a_place_elsewhere_is_refused(string section, string key, string value)
    {
        var result = _backup.WithStandIn().Set(section, key, value).Run();
        Assert.Equal(78, result.ExitCode);
        IsHarmless(result);
        Assert.Empty(_backup.Calls());
    }

    /// <summary>Every line is one of ours, and shows nothing that a terminal obeys or that cannot be seen.</summary>
    private static void IsHarmless(ProgramResult result)
    {
        Assert.All(result.Everything.TrimEnd('\n').Split('\n'), line =>
        {
            Assert.StartsWith("assimilator: ", line, StringComparison.Ordinal);
            Assert.False(line.StartsWith("assimilator: error: forged", StringComparison.Ordinal), line);
            foreach (var rune in line.EnumerateRunes())
                Assert.False(System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator, line);
        });
    }

    private void IsOneGroup(params (string Name, string Value)[] labels)
    {
        var group = Assert.Single(Groups());
        Assert.Equal(labels.OrderBy(label => label.Name, StringComparer.Ordinal),
            group.GetProperty("labels").EnumerateObject().Select(label => (label.Name, label.Value.GetString()!))
                .OrderBy(label => label.Name, StringComparer.Ordinal));
        Assert.DoesNotContain(group.EnumerateObject(), family => family.Name.Contains("forged", StringComparison.Ordinal));
    }

    private List<JsonElement> Groups()
    {
        using var document = JsonDocument.Parse(Http.GetStringAsync($"{_gateway.Url}/api/v1/metrics").GetAwaiter().GetResult());
        return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(group => group.Clone())];
    }
}
