using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary><c>validate --online</c>, <c>run --dry-run</c> and <c>run --json</c> with the real borg and a real
/// Pushgateway.</summary>
public sealed class OnlineValidationTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>, IDisposable
{
    private readonly TestBackup _backup =
        new TestBackup(gateway.Server) { Label = $"online-{Guid.NewGuid():N}" }.WithRealBorg().Set("retention", "daily", "1");

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void Says_what_can_be_used_and_changes_nothing()
    {
        _backup.Set("textfile", "path", _backup.Directory["test.prom"]);
        var first = Validate(0);
        Assert.Contains("no archive of this backup was found", first.Output, StringComparison.Ordinal);
        Assert.False(Path.Exists(_backup.Directory["state"]));
        Assert.False(Path.Exists(_backup.Directory["test.prom"]));
        Assert.DoesNotContain(_backup.Label, gateway.Server.Text(), StringComparison.Ordinal);
        Assert.Equal(0, _backup.Run().ExitCode);
        var (archive, state, text) = (_backup.Archives().Single(), _backup.StateText(), gateway.Server.Text());
        var result = Validate(0);
        Assert.Contains("can be opened with borg 1.", result.Output, StringComparison.Ordinal);
        Assert.Matches($@"newest archive: {archive.Replace(".", @"\.", StringComparison.Ordinal)}, begun .*Z, \d", result.Output);
        Assert.Matches(@"the Pushgateway at .* answers, version \d", result.Output);
        Assert.Equal("", result.Error);
        Assert.Equal((state, archive), (_backup.StateText(), _backup.Archives().Single()));
        Assert.Equal(Own(text), Own(gateway.Server.Text()));
    }

    [Fact]
    public void Archives_of_other_names_are_told_to_whoever_has_none_yet()
    {
        foreach (var name in new[] { "old-1", "old-2" })
            _backup.Borg("create", $"{_backup.Location}::{name}", _backup.Directory["source"]);
        Assert.Contains("2 archives with other names, the newest old-2,", Validate(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_prune_that_nobody_agreed_to_is_pending()
    {
        foreach (var day in new[] { "01", "02" })
            _backup.Borg("create", $"{_backup.Location}::{_backup.Label}@{TestBackup.Instance}-2026-01-{day}T00:00:00Z", _backup.Directory["source"]);
        var result = Validate(1);
        Assert.Contains($"would delete   {_backup.Label}@{TestBackup.Instance}-2026-01-01T00:00:00Z", result.Output, StringComparison.Ordinal);
        Assert.Contains("the first prune would delete 1 of 2 archives", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _backup.Archives().Count);
        var dry = _backup.Run("run", "--dry-run");
        Assert.True(dry.ExitCode == 1, dry.ToString());
        Assert.Equal(2, _backup.Archives().Count);
        Assert.Equal(0, _backup.Run("prune", "--yes").ExitCode);
        Validate(0);
    }

    [Fact]
    public void A_wrong_passphrase_or_a_missing_repository_is_no_repository_to_use()
    {
        _backup.Directory.Write("passphrase", "wrong\n");
        Assert.Contains("cannot be opened", Validate(2).Error, StringComparison.Ordinal);
        Assert.Equal(2, _backup.Run("run", "--dry-run").ExitCode);
        _backup.Set("repository", "location", _backup.Directory["nowhere"]);
        Assert.Contains("only for a new repository: assimilator init", Validate(2).Error, StringComparison.Ordinal);
        // Borg's own dry run would not notice.
        Assert.Equal(2, _backup.Run("run", "--dry-run").ExitCode);
        _backup.Set("repository", "may_be_absent", "true");
        Assert.Contains("absent", Validate(1).Error, StringComparison.Ordinal);
        Assert.Equal(0, _backup.Run("run", "--dry-run").ExitCode);
    }

    [Fact]
    public void Another_repository_than_that_of_the_last_archive_is_told()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var state = _backup.Memory().GetProperty("id").GetString()!;
        _backup.Directory.Write($"state/{_backup.Label}.json", _backup.StateText().Replace(state, new string('0', 64), StringComparison.Ordinal));
        Assert.Contains($"its id is {state}", Validate(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_is_down_or_is_another_server_cannot_be_used()
    {
        _backup.Set("pushgateway", "url", $"http://127.0.0.1:{Server.FreePort()}");
        Assert.Contains("Connection refused", Validate(2).Error, StringComparison.Ordinal);
        using var other = new RecordingGateway(
            RecordingGateway.Answer(200, "<html><title>Welcome to nginx</title></html>"), RecordingGateway.Answer(401),
            RecordingGateway.Answer(302, "", ("Location", "https://elsewhere/")), RecordingGateway.Answer(404));
        _backup.Set("pushgateway", "url", other.Url);
        Assert.Contains("not from a Pushgateway: Welcome to nginx", Validate(2).Error, StringComparison.Ordinal);
        Assert.Contains("check username and password_file", Validate(2).Error, StringComparison.Ordinal);
        Assert.Contains("redirects are not followed", Validate(2).Error, StringComparison.Ordinal);
        Assert.Contains("is url the base URL of a Pushgateway?", Validate(2).Error, StringComparison.Ordinal);
        Assert.All(other.Received, request => Assert.Equal(("GET", "/api/v1/status"), (request.Method, request.RawUrl)));
    }

    [Fact]
    public void A_textfile_that_cannot_be_written_and_a_missing_path_are_told()
    {
        _backup.Set("textfile", "path", _backup.Directory["missing/test.prom"]);
        Assert.Contains("cannot write the textfile", Validate(1).Error, StringComparison.Ordinal);
        _backup.Set("textfile", "path", _backup.Directory.Write("other.prom", "of another\n"));
        Assert.Contains("another backup or program", Validate(1).Error, StringComparison.Ordinal);
        _backup.Remove("textfile").Set("paths", "2", _backup.Directory["missing"]);
        Assert.Contains("does not exist", Validate(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_configuration_is_not_tried()
    {
        _backup.Set("backup", "compression", "lz5");
        Assert.DoesNotContain("can be opened", Validate(78).Everything, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_counts_what_the_run_then_stores()
    {
        _backup.Directory.Write("source/sub/other", "more\n");
        _backup.Directory.Write("source/sub/left.tmp", "not this\n");
        _backup.Set("excludes", "1", "*.tmp").Set("logging", "level", "debug");
        var dry = _backup.Run("run", "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.ToString());
        // Two files and two directories.
        Assert.Contains("would back up 4 files and directories", dry.Output, StringComparison.Ordinal);
        Assert.Contains($"- {_backup.Directory["source/sub/other"]}\n", dry.Output, StringComparison.Ordinal);
        Assert.Empty(_backup.Archives());
        Assert.False(Path.Exists(_backup.Directory["state"]));
        // The command that it shows is one that a shell can run.
        var command = dry.Output.Split('\n').Single(line => line.StartsWith("assimilator: create: ", StringComparison.Ordinal))["assimilator: create: ".Length..];
        Programs.RunOrThrow("/bin/sh", ["-c", command], new Dictionary<string, string?>(_backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });
        Assert.Single(_backup.Archives());
    }

    [Fact]
    public void Json_says_what_borg_and_the_gateway_have()
    {
        var result = _backup.Run("run", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        var json = JsonElement.Parse(result.Output);
        var info = _backup.BorgJson("info", "--json", "--last", "1", _backup.Location);
        var stored = info.GetProperty("archives")[0];
        var series = json.GetProperty("series")[0];
        var archive = series.GetProperty("steps")[0].GetProperty("archive");
        Assert.Equal(stored.GetProperty("name").GetString(), series.GetProperty("archive").GetString());
        Assert.Equal(stored.GetProperty("id").GetString(), archive.GetProperty("id").GetString());
        Assert.Equal(stored.GetProperty("stats").GetProperty("nfiles").GetInt64(), archive.GetProperty("nfiles").GetInt64());
        Assert.Equal(info.GetProperty("repository").GetProperty("id").GetString(), series.GetProperty("repository_id").GetString());
        Assert.True(json.GetProperty("pushed").GetBoolean());
        Assert.Equal(0, gateway.Server.Samples(_backup.Label)["assimilator_return_code"]);
    }

    private string[] Own(string text) => [.. text.Split('\n').Where(line => line.Contains(_backup.Label, StringComparison.Ordinal))];

    private ProgramResult Validate(int exitCode)
    {
        var result = _backup.Run("validate", "--online");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return result;
    }
}
