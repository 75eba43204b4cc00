using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What status tells about one backup after some runs, to people and to programs.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "interval", "24h")
        .Set("check", "every", "30d").Set("hooks", "postexec_after", "run");

    public StatusTests() => _backup.Environment["LC_ALL"] = "C.UTF-8";

    public void Dispose() => _backup.Dispose();

    /// <summary>A passphrase that was pasted into the wrong line, too.</summary>
    [Theory]
    [InlineData]
    [InlineData("--json")]
    public void What_is_wrong_with_a_configuration_is_said_without_secrets(params string[] arguments)
    {
        const string secret = "correct-horse-battery";
        using var backup = new TestBackup().WithStandIn().Remove("repository", "passphrase_file")
            .Set("repository", "passphrase", secret).Set("backup", "compression", secret);
        var result = backup.Run(["status", .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("compression", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, result.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_adds_details_and_a_chart_of_the_runs()
    {
        RunThreeTimes();
        var table = _backup.Run("status");
        var named = _backup.Run("status", TestBackup.Name);
        Assert.Equal((2, 2), (table.ExitCode, named.ExitCode));
        Assert.StartsWith(table.Output, named.Output, StringComparison.Ordinal);
        Assert.StartsWith("CRITICAL: 1 backup, 1 with problems: test\n\nBACKUP  RESULT  LAST SUCCESS  NEXT DUE", table.Output, StringComparison.Ordinal);
        Assert.Contains("\n  preexec 1 exited with code 1: /bin/false\n", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("location", table.Output, StringComparison.Ordinal);
        var details = named.Output[table.Output.Length..];
        Assert.Contains($"  location       {_backup.Location}\n", details, StringComparison.Ordinal);
        Assert.Contains("  newest         stand-in: 1,004 files, 1 kB, 1 kB compressed, 1 kB new\n", details, StringComparison.Ordinal);
        Assert.Contains("\n  new data  █    up to 1 kB\n", details, StringComparison.Ordinal);
        Assert.Contains("\n  result    .-x\n", details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C")]
    [InlineData("de_AT.ISO-8859-1")]
    [InlineData(null)]
    public void Without_utf8_the_chart_is_ascii(string? locale)
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        foreach (var name in new[] { "LC_ALL", "LC_CTYPE", "LANG" })
            _backup.Environment[name] = null;
        _backup.Environment["LANG"] = locale;
        var result = _backup.Run("status", TestBackup.Name);
        Assert.Contains("\n  new data  #  up to 1 kB\n", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output, character => Assert.True(char.IsAscii(character)));
    }

    [Fact]
    public void Programs_read_the_same_as_json()
    {
        RunThreeTimes();
        var result = _backup.Run("status", "--json");
        Assert.Equal((2, ""), (result.ExitCode, result.Error));
        using var document = JsonDocument.Parse(result.Output);
        var backup = Assert.Single(document.RootElement.GetProperty("backups").EnumerateArray());
        Assert.Equal(("critical", TestBackup.Name, _backup.ConfigurationFile),
            (document.RootElement.GetProperty("status").GetString(), backup.GetProperty("name").GetString(), backup.GetProperty("configuration_file").GetString()));
        Assert.Equal(["success", "skipped", "failure"], Outcomes(backup));
        Assert.Equal("failure", backup.GetProperty("last_run").GetProperty("outcome").GetString());
        Assert.Equal("preexec 1 exited with code 1: /bin/false", backup.GetProperty("messages")[0].GetString());
        var series = Assert.Single(backup.GetProperty("series").EnumerateArray());
        Assert.Equal((_backup.Location, "FAILED", 86400, 2592000, 2), (series.GetProperty("location").GetString(), series.GetProperty("result").GetString(),
            series.GetProperty("interval_seconds").GetInt32(), series.GetProperty("check_interval_seconds").GetInt32(), series.GetProperty("runs_without_archive").GetInt32()));
        Assert.Equal(("stand-in", 1003), (series.GetProperty("newest_archive").GetProperty("name").GetString(),
            series.GetProperty("newest_archive").GetProperty("deduplicated_size").GetInt32()));
        Assert.Equal(TimeSpan.FromHours(24), series.GetProperty("next_due").GetDateTimeOffset() - series.GetProperty("last_success").GetDateTimeOffset());
        Assert.False(series.TryGetProperty("last_check", out _));
    }

    [Fact]
    public void A_run_that_never_reported_is_remembered_as_lost()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        const string lost = "2026-01-31T02:30:00+00:00";
        _backup.Directory.Write($"state/{TestBackup.Name}.json", _backup.StateText().Insert(1, $"\n  \"run_in_progress\": {{\"started_at\": \"{lost}\"}},"));
        Assert.Equal(["success", "lost"], Outcomes(Json()));
        _backup.Run();
        Assert.Equal(["success", "lost", "success"], Outcomes(Json()));
    }

    [Fact]
    public void The_last_thirty_runs_are_remembered()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var (text, run) = (_backup.StateText(), "{\"started_at\": \"2026-01-31T02:30:00+00:00\", \"outcome\": \"Interrupted\"},");
        _backup.Directory.Write($"state/{TestBackup.Name}.json",
            text.Replace("\"runs\": [", $"\"runs\": [{string.Concat(Enumerable.Repeat(run, 29))}", StringComparison.Ordinal));
        Assert.Equal(30, Outcomes(Json()).Count);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal([.. Enumerable.Repeat("interrupted", 28), "success", "success"], Outcomes(Json()));
    }

    /// <summary>One that is good, one that is skipped, one that fails.</summary>
    private void RunThreeTimes()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(75, _backup.Set("preexec", "1", _backup.Directory.WriteScript("skip", "exit 75")).Run().ExitCode);
        Assert.Equal(2, _backup.Set("preexec", "1", "/bin/false").Run().ExitCode);
    }

    private JsonElement Json()
    {
        using var document = JsonDocument.Parse(_backup.Run("status", "--json").Output);
        return document.RootElement.GetProperty("backups")[0].Clone();
    }

    private static List<string?> Outcomes(JsonElement backup) =>
        [.. backup.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("outcome").GetString())];
}
