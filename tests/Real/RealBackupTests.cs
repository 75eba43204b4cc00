using System.Globalization;
using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

public sealed class RealBackupTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public RealBackupTests()
    {
        _backup = new TestBackup(_gateway).WithRealBorg().Set("retention", "daily", "2")
            .Set("retention", "compact", "always").Set("backup", "interval", "24h");
        _backup.Directory.Write("source/deep/random", Convert.ToBase64String(RandomData(300_000)));
        _backup.Directory.Write("source/deep/copy", File.ReadAllText(_backup.Directory["source/deep/random"]));
    }

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void The_original_metrics_are_served_with_the_values_that_borg_tells()
    {
        WatchBorg();
        Assert.Equal(0, _backup.Run().ExitCode);

        Assert.Equal(["create", "prune", "compact"], _backup.Calls());
        var served = _gateway.Text().Split('\n');
        foreach (var line in Repository.ReadText("tests/Resources/original-metrics.txt").Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var (name, type, help) = line.Split('\t') is [var first, var second, var third] ? (first, second, third) : default;
            Assert.Contains($"# HELP {name} {help}", served);
            Assert.Contains($"# TYPE {name} {type}", served);
            Assert.Single(served, sample => sample.StartsWith($"{name}{{", StringComparison.Ordinal));
        }

        var samples = _gateway.Samples(TestBackup.Name);
        var archive = Assert.Single(_backup.Archives());
        using var printed = JsonDocument.Parse(File.ReadAllText(_backup.Directory["printed.create"]));
        var info = _backup.BorgJson("info", "--json", $"{_backup.Location}::{archive}").GetProperty("archives")[0];
        foreach (var (metric, place, field) in new[]
        {
            ("assimilator_archive_original_size_bytes", "archive", "original_size"),
            ("assimilator_archive_compressed_size_bytes", "archive", "compressed_size"),
            ("assimilator_archive_deduplicated_size_bytes", "archive", "deduplicated_size"),
            ("assimilator_create_files_count", "archive", "nfiles"),
            ("assimilator_create_total_chunks", "cache", "total_chunks"),
            ("assimilator_create_unique_chunks", "cache", "total_unique_chunks"),
            ("assimilator_all_archives_original_size_bytes", "cache", "total_size"),
            ("assimilator_all_archives_compressed_size_bytes", "cache", "total_csize"),
            ("assimilator_all_archives_deduplicated_size_bytes", "cache", "unique_csize"),
        })
        {
            Assert.Equal((metric, Number(printed.RootElement.GetProperty(place).GetProperty("stats"), field)), (metric, samples[metric]));
            if (place != "archive")
                continue;
            // create counts the archive's own metadata, info does so in another way.
            var metadata = field == "nfiles" ? 0 : 8192;
            var told = Number(info.GetProperty("stats"), field);
            Assert.InRange(samples[metric], told - metadata, told + metadata);
        }
        Assert.Equal(Directory.GetFiles(_backup.Directory["source"], "*", SearchOption.AllDirectories).Length,
            samples["assimilator_create_files_count"]);
        Assert.Equal(1, samples["assimilator_prune_kept_archives"]);
        Assert.Equal(0, samples["assimilator_prune_deleted_archives"]);
        Assert.Equal(86400, samples["assimilator_interval_seconds"]);
        Assert.Equal(0, samples["assimilator_create_warnings"]);
        Assert.InRange(samples["assimilator_create_duration_seconds"], 0.01, samples["assimilator_run_duration_seconds"]);
        Assert.Contains($"borg_version=\"{BorgVersion()}\"", _gateway.Text(), StringComparison.Ordinal);
        var success = DateTimeOffset.FromUnixTimeMilliseconds((long)(samples["assimilator_last_success_timestamp_seconds"] * 1000));
        Assert.InRange(DateTimeOffset.UtcNow - success, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void What_was_backed_up_can_be_restored_by_plain_borg()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var target = _backup.Directory.MakeDirectory("restored");
        Programs.RunOrThrow("sh", ["-c", $"cd '{target}' && borg extract '{_backup.Location}::{_backup.Archives()[0]}'"],
            new Dictionary<string, string?>(_backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });
        Assert.Equal(
            File.ReadAllText(_backup.Directory["source/deep/random"]),
            File.ReadAllText($"{target}{_backup.Directory["source/deep/random"]}"));
    }

    [Fact]
    public void A_second_run_prunes_and_counts()
    {
        var yesterday = DateTime.Now.AddDays(-1).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        _backup.Set("backup", "archive", "web-{now:%Y-%m-%dT%H:%M:%S.%f}").Set("retention", "adopt", "true");
        _backup.Borg("create", $"--timestamp={yesterday}", $"{_backup.Location}::web-2020-01-01T00:00:00.000001", _backup.Directory["source"]);
        _backup.Borg("create", $"--timestamp={yesterday}", $"{_backup.Location}::web-2020-01-01T00:00:00.000002", _backup.Directory["source"]);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(2, samples["assimilator_prune_kept_archives"]);
        Assert.Equal(1, samples["assimilator_prune_deleted_archives"]);
        Assert.Equal(2, _backup.Archives().Count);
    }

    [Fact]
    public void Retention_leaves_the_archives_of_others_alone()
    {
        string[] others =
        [
            "web-2-2020-01-01T00:00:00", "web-db-2020-01-01T00:00:00", "other-2020-01-01T00:00:00", "web-manual",
            "web-2020-01-01T00:00:00-home",
        ];
        string[] own = ["web-2020-01-01T00:00:00", "web-2020-01-02T00:00:00"];
        foreach (var name in others.Concat(own))
            _backup.Borg("create", "--timestamp=2020-01-03T00:00:00", $"{_backup.Location}::{name}", _backup.Directory["source"]);
        _backup.Set("backup", "archive", "web-{now:%Y-%m-%dT%H:%M:%S}").Set("retention", "daily", "1").Set("retention", "adopt", "true");
        Assert.Equal(0, _backup.Run().ExitCode);
        var left = _backup.Archives();
        Assert.Empty(others.Except(left));
        Assert.Empty(own.Intersect(left));
        Assert.Equal(others.Length + 1, left.Count);
    }

    [Fact]
    public void A_missing_path_left_to_borg_is_a_warning_with_an_archive()
    {
        _backup.Set("paths", "2", "/nonexistent/path").Set("backup", "paths_must_exist", "false");
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("assimilator: warning: borg: /nonexistent/path: ", result.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(1, samples["assimilator_create_return_code"]);
        Assert.Equal(1, samples["assimilator_create_warnings"]);
        Assert.Single(_backup.Archives());
    }

    [Fact]
    public void A_wrong_passphrase_is_an_error_and_does_not_hang()
    {
        _backup.Directory.Write("passphrase", "wrong\n");
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("error: borg: passphrase supplied in BORG_PASSPHRASE", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"]);
    }

    [Fact]
    public void A_question_of_borg_is_not_answered_and_does_not_hang()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        // Borg asks before it uses a repository that has moved.
        Directory.Move(_backup.Location, _backup.Directory["moved"]);
        _backup.Set("repository", "location", _backup.Directory["moved"]);
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("was previously located at", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void File_names_that_are_not_utf8_are_backed_up_and_warnings_about_them_shown()
    {
        Programs.RunOrThrow("sh", ["-c", $"printf x > \"{_backup.Directory["source"]}/$(printf 'bad-\\377')\""]);
        _backup.Set("paths", "2", "/nonexistent").Set("backup", "paths_must_exist", "false");
        foreach (var name in new[] { "LANG", "LC_ALL", "LC_CTYPE" })
            _backup.Environment[name] = null;
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal(4, _gateway.Samples(TestBackup.Name)["assimilator_create_files_count"]);
    }

    [Fact]
    public void An_unencrypted_repository_needs_no_passphrase()
    {
        Directory.Delete(_backup.Location, recursive: true);
        _backup.Remove("repository", "passphrase_file");
        Programs.RunOrThrow("borg", ["init", "-e", "none", _backup.Location], _backup.Environment);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_passphrase_for_an_unencrypted_repository_does_no_harm()
    {
        Directory.Delete(_backup.Location, recursive: true);
        Programs.RunOrThrow("borg", ["init", "-e", "none", _backup.Location], _backup.Environment);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Theory]
    [InlineData("BORG_PASSPHRASE", TestBackup.Passphrase)]
    [InlineData("BORG_PASSCOMMAND", "cat FILE")]
    public void An_inherited_passphrase_reaches_every_borg(string variable, string value)
    {
        var file = _backup.Directory["passphrase"];
        _backup.Remove("repository", "passphrase_file").Environment[variable] = value.Replace("FILE", file, StringComparison.Ordinal);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("compacted in ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passcommand_is_run_by_borg()
    {
        var secret = _backup.Directory["passphrase"];
        _backup.Remove("repository", "passphrase_file").Set("repository", "passcommand", $"cat {secret}");
        _backup.Environment["BORG_PASSPHRASE"] = "inherited and wrong";
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void Excludes_patterns_and_further_arguments_reach_borg()
    {
        _backup.Directory.Write("source/-strange name", "x");
        _backup.Directory.Write("source/keep", "x");
        _backup.Set("excludes", "1", "*/deep").Set("patterns", "1", "- **/-strange name")
            .Set("borg", "create_arguments", "--comment \"two words\"");
        Assert.Equal(0, _backup.Run().ExitCode);
        var archive = _backup.Archives()[0];
        var files = _backup.Borg("list", "--short", $"{_backup.Location}::{archive}");
        Assert.Contains("/source/keep\n", files, StringComparison.Ordinal);
        Assert.DoesNotContain("deep", files, StringComparison.Ordinal);
        Assert.DoesNotContain("strange", files, StringComparison.Ordinal);
        var info = _backup.BorgJson("info", "--json", $"{_backup.Location}::{archive}");
        Assert.Equal("two words", info.GetProperty("archives")[0].GetProperty("comment").GetString());
    }

    [Fact]
    public void Promtool_accepts_the_body()
    {
        using var gateway = new RecordingGateway();
        _backup.Set("pushgateway", "url", gateway.Url);
        Assert.Equal(0, _backup.Run().ExitCode);
        var push = Assert.Single(gateway.Received);
        File.WriteAllBytes(_backup.Directory["body"], push.Body);
        var result = Programs.Run("sh", ["-c", $"promtool check metrics < '{_backup.Directory["body"]}'"]);
        // The one complaint is about a name of the original, which is an interface.
        Assert.Equal(
            "assimilator_create_files_count non-histogram and non-summary metrics should not have \"_count\" suffix\n",
            result.Everything);
        Assert.Equal("PUT", push.Method);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", push.ContentType);
        Assert.Equal($"/metrics/job/assimilator/instance/{TestBackup.Instance}/backup/{TestBackup.Name}", push.RawUrl);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static string BorgVersion() => Programs.RunOrThrow("borg", ["--version"]).Trim().Split(' ')[1];

    private static byte[] RandomData(int size)
    {
        var data = new byte[size];
        new Random(17).NextBytes(data);
        return data;
    }

    /// <summary>Notes each process of borg and what it prints.</summary>
    private void WatchBorg() => _backup.Set("borg", "path", _backup.Directory.WriteScript("borg-watched",
        $"""
        {TestBackup.StandInVersion}
        echo "$1" >> '{_backup.Directory["calls"]}'
        borg "$@" > '{_backup.Directory["printed"]}'".$1"
        code=$?
        cat '{_backup.Directory["printed"]}'".$1"
        exit $code
        """));
}
