using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary><c>run --json</c> prints one object about each backup, however it ended, and nothing else.</summary>
public sealed class JsonTests : IDisposable
{
    private readonly RecordingGateway _gateway = new();
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public JsonTests() => _backup.Set("pushgateway", "url", _gateway.Url).Set("pushgateway", "retries", "0");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void A_success()
    {
        _backup.Set("retention", "daily", "7").AddScript("preexec", "1", "echo hello");
        var (json, result) = Expect(0, "success");
        Assert.True(json.GetProperty("pushed").GetBoolean());
        Assert.False(json.TryGetProperty("textfile_written", out _));
        Assert.Equal(0, json.GetProperty("preexec").GetProperty("return_code").GetInt32());
        var series = json.GetProperty("series")[0];
        Assert.Equal(("stand-in", _backup.Location), (Text(series, "archive"), Text(series, "location")));
        Assert.Equal(["create", "prune", "compact"], series.GetProperty("steps").EnumerateArray().Select(step => Text(step, "kind")));
        Assert.Equal(1001, series.GetProperty("steps")[0].GetProperty("archive").GetProperty("original_size").GetInt64());
        Assert.Equal("stand-in", series.GetProperty("steps")[1].GetProperty("prune").GetProperty("kept")[0].GetString());
        Assert.Empty(json.GetProperty("problems").EnumerateArray());
        // What is good news goes to standard error, too, as the level wants.
        Assert.Contains("preexec 1: hello", result.Error, StringComparison.Ordinal);
        _backup.Set("logging", "level", "warning");
        Assert.Equal("", Expect(0, "success").Result.Error);
    }

    [Fact]
    public void A_warning_that_comes_with_the_delivery()
    {
        _gateway.Dispose();
        var (json, _) = Expect(1, "warning");
        Assert.False(json.GetProperty("pushed").GetBoolean());
        Assert.Contains("cannot push", Text(json.GetProperty("problems")[0], "message"), StringComparison.Ordinal);
        _backup.Remove("pushgateway").Set("textfile", "path", _backup.Directory["missing/test.prom"]);
        (json, _) = Expect(1, "warning");
        Assert.False(json.GetProperty("textfile_written").GetBoolean());
        Assert.False(json.TryGetProperty("pushed", out _));
        _backup.Set("textfile", "path", _backup.Directory["test.prom"]);
        Assert.True(Expect(0, "success").Json.GetProperty("textfile_written").GetBoolean());
    }

    [Fact]
    public void A_failure()
    {
        _backup.WithStandIn(create: "exit 2");
        var step = Expect(2, "failure").Json.GetProperty("series")[0].GetProperty("steps")[0];
        Assert.Equal((2, "error"), (step.GetProperty("return_code").GetInt32(), Text(step, "outcome")));
        Assert.False(step.TryGetProperty("archive", out _));
    }

    [Fact]
    public void A_run_that_is_skipped()
    {
        _backup.AddScript("preexec", "1", "exit 75");
        Assert.Empty(Expect(75, "skipped").Json.GetProperty("series")[0].GetProperty("steps").EnumerateArray());
        // Another run holds the lock.
        var go = _backup.Directory["go"];
        _backup.AddScript("preexec", "1", $"while [ ! -e '{go}' ]; do sleep 0.05; done; exit 75").Set("backup", "lock_wait", "1s");
        File.Delete(_backup.Directory["calls"]);
        using var run = _backup.Start();
        Wait.Until(() => _backup.Calls().Count > 0, "the run has begun");
        var (json, _) = Expect(75, "skipped");
        Assert.False(json.TryGetProperty("preexec", out _));
        Assert.True(json.GetProperty("pushed").GetBoolean());
        _backup.Directory.Write("go", "");
        Assert.Equal(75, Programs.Finish(run).ExitCode);
    }

    [Fact]
    public void A_run_that_a_signal_ends()
    {
        _backup.AddScript("preexec", "1", "kill -TERM $PPID; exec sleep 100");
        Assert.Equal(15, Expect(143, "interrupted").Json.GetProperty("signal").GetInt32());
    }

    [Fact]
    public void A_wrong_configuration()
    {
        _backup.Set("backup", "compression", "lz5");
        var (json, _) = Expect(78, "misconfigured");
        Assert.Equal((TestBackup.Name, true), (Text(json, "backup"), json.GetProperty("pushed").GetBoolean()));
        Assert.Contains("lz5", Text(json.GetProperty("problems")[0], "message"), StringComparison.Ordinal);
        // One that cannot even be reported.
        _backup.Set("labels", "9", "x");
        Assert.False(Expect(78, "misconfigured").Json.GetProperty("pushed").GetBoolean());
        Assert.Single(_gateway.Received);
    }

    [Fact]
    public void Several_backups_have_a_line_each()
    {
        _backup.WriteConfiguration();
        var other = _backup.Directory.Write("other.ini", _backup.ConfigurationText()
            .Replace("name = test", "name = other", StringComparison.Ordinal)
            .Replace("lz4", "lz5", StringComparison.Ordinal) + "\n[backup]\ncompression = lz5\n");
        var result = Programs.Run(Repository.Binary, ["run", "--json", "-c", _backup.ConfigurationFile, "-c", other], _backup.Environment);
        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Equal(["test success", "other misconfigured"], Lines(result).Select(json => $"{Text(json, "backup")} {Text(json, "outcome")}"));
    }

    [Fact]
    public void What_cannot_be_printed_is_an_error()
    {
        _backup.WriteConfiguration();
        var result = Programs.Run("/bin/sh", ["-c", "exec \"$@\" > /dev/full", "sh", Repository.Binary, "run", "--json", "-c", _backup.ConfigurationFile],
            _backup.Environment);
        Assert.True(result.ExitCode == 74, result.ToString());
    }

    private (JsonElement Json, ProgramResult Result) Expect(int exitCode, string outcome)
    {
        var result = _backup.Run("run", "--json");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        var json = Assert.Single(Lines(result));
        Assert.Equal((exitCode, outcome), (json.GetProperty("exit_code").GetInt32(), Text(json, "outcome")));
        return (json, result);
    }

    private static JsonElement[] Lines(ProgramResult result) =>
        [.. result.Output.Split('\n')[..^1].Select(line => JsonElement.Parse(line))];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
