using System.Globalization;
using System.Text.Json;
using Assimilator.Terminal;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What a run writes for cron, for programs, and for who does not want to read about a success.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("retention", "daily", "7");

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("", true)]
    [InlineData("check --now", true)]
    [InlineData("run --dry-run", false)]
    [InlineData("validate", false)]
    [InlineData("status", false)]
    [InlineData("list", false)]
    public void Lines_of_what_cron_starts_begin_with_the_time(string arguments, bool expected)
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var lines = Log(arguments);
        Assert.NotEmpty(lines);
        foreach (var line in lines.Where(line => line.Contains("assimilator: ", StringComparison.Ordinal)))
        {
            var isDated = DateTimeOffset.TryParseExact(line.Split(' ')[0], "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var time);
            Assert.True(isDated == expected, line);
            if (expected)
                Assert.InRange(time, before, DateTimeOffset.UtcNow);
        }
    }

    [Fact]
    public void Json_has_the_fields_that_help_explains_and_each_line_is_one_object()
    {
        _backup.WithStandIn(create: """echo '{"type": "log_message", "levelname": "WARNING", "name": "b", "message": "a\nb correct horse"}' >&2; exit 2""")
            .AddScript("preexec", "1", "echo hello; echo '{\"a\"'");
        var lines = Log("--log-format json").Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var known = LogLine.Fields.Select(field => field.Field).ToHashSet();
        Assert.All(lines, line => Assert.Subset(known, line.EnumerateObject().Select(field => field.Name).ToHashSet()));
        Assert.All(lines, line => Assert.Equal(TestBackup.Name, Text(line, "backup")));
        Assert.All(lines, line => Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse(Text(line, "time")!, CultureInfo.InvariantCulture).Offset));
        Assert.Equal(["error", "info", "warning"], lines.Select(line => Text(line, "level")!).Distinct().Order());
        Assert.Contains(lines, line => Text(line, "message") == "preexec 1: {\"a\"");
        Assert.Contains(lines, line => Text(line, "message") == "borg create exited with code 2" && Text(line, "level") == "error");
        Assert.DoesNotContain(lines, line => line.ToString().Contains(TestBackup.Passphrase, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_names_the_repository_and_has_the_hint_beside_the_message()
    {
        _backup.Remove("repository", "location").Set("repository.usb", "location", _backup.Directory["usb"])
            .Set("repository.nas", "location", _backup.Directory["nas"])
            .WithStandIn(create: """echo '{"type": "log_message", "levelname": "ERROR", "name": "b", "msgid": "LockTimeout", "message": "locked"}' >&2; exit 2""");
        var locked = Log("--log-format json").Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => Text(line, "message") == "borg: locked").ToList();
        Assert.Equal(["nas", "usb"], locked.Select(line => Text(line, "series")).Order());
        Assert.All(locked, line => Assert.NotNull(Text(line, "hint")));
    }

    [Fact]
    public void A_wrong_configuration_and_a_wrong_name_are_json_too()
    {
        foreach (var line in _backup.Set("retention", "daily", "x").Run("--log-format", "json").Everything.TrimEnd('\n').Split('\n')
            .Concat(_backup.Run("run", "nobody", "--log-format", "json").Everything.TrimEnd('\n').Split('\n')))
            Assert.NotNull(Text(JsonDocument.Parse(line).RootElement, "message"));
    }

    [Theory]
    [InlineData("text", 0, "--log-format text")]
    [InlineData("an unknown format", 64, "--log-format xml")]
    [InlineData("a command without a log", 64, "validate --log-format json")]
    public void Which_format(string what, int code, string arguments) =>
        Assert.True(code == _backup.Run(arguments.Split(' ')).ExitCode, what);

    [Fact]
    public void Quiet_says_nothing_of_a_success_and_everything_of_a_failure()
    {
        Assert.Equal("", _backup.Run("-q").Everything);
        var lines = string.Join("; ", Enumerable.Range(1, 12).Select(number =>
            $$"""echo '{"type": "log_message", "levelname": "INFO", "name": "b", "message": "line {{number}}."}' >&2"""));
        var killed = _backup.WithStandIn(create: $"{lines}; kill -9 $$").Run("-q");
        Assert.Equal((2, ""), (killed.ExitCode, killed.Output));
        Assert.Contains("backup FAILED after ", killed.Error, StringComparison.Ordinal);
        // The last ten: borg has not said why it ended.
        Assert.DoesNotContain("line 2.", killed.Error, StringComparison.Ordinal);
        Assert.Contains("line 3.", killed.Error, StringComparison.Ordinal);
        Assert.Contains("line 12.", killed.Error, StringComparison.Ordinal);
        // They are shown once.
        Assert.DoesNotContain("last lines", _backup.Run("-v").Everything, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_repeated_with_numbers_before_the_last_line()
    {
        _backup.Remove("repository", "location").Set("repository.usb", "location", _backup.Directory["usb"])
            .Set("repository.nas", "location", _backup.Directory["nas"])
            .WithStandIn(create: $"case \"$*\" in *nas*) exit 2;; esac; echo \"$JSON\"");
        var lines = Log("").Select(Programs.WithoutTimes).ToList();
        Assert.Contains(lines, line => line.StartsWith("assimilator: usb: archive stand-in: 1,004 files, ", StringComparison.Ordinal));
        Assert.Contains("assimilator: nas: no archive", lines);
        Assert.Equal("assimilator: problem 1: nas: borg create exited with code 2", lines[^2]);
        Assert.StartsWith("assimilator: backup FAILED after ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_gives_the_outcome_its_level_and_repeats_nothing()
    {
        var last = JsonDocument.Parse(Log("--log-format json")[^1]).RootElement;
        Assert.Equal("info", Text(last, "level"));
        var lines = Set("exit 2").Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("error", Text(lines[^1], "level"));
        Assert.DoesNotContain(lines, line => Text(line, "message")!.StartsWith("problem", StringComparison.Ordinal));

        string[] Set(string create)
        {
            _backup.WithStandIn(create: create);
            return Log("--log-format json");
        }
    }

    /// <summary>Both streams, as cron would mail them.</summary>
    private string[] Log(string arguments)
    {
        _backup.WriteConfiguration();
        Programs.Run("sh", ["-c", "\"$@\" >\"$0\" 2>&1", _backup.Directory["log"], Repository.Binary,
            .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-c", _backup.ConfigurationFile], _backup.Environment);
        return File.ReadAllLines(_backup.Directory["log"]);
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
