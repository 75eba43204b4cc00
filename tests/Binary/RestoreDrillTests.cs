using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What a restore drill makes of what borg lists and extracts, with a stand-in for borg: the real one extracts what it has
/// stored.</summary>
public sealed class RestoreDrillTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public RestoreDrillTests()
    {
        _backup = new TestBackup(_gateway).Set("check", "restore_every", "7d");
        foreach (var name in new[] { "a", "b", "c" })
            _backup.Directory.Write($"source/{name}", $"contents of {name}\n");
    }

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Files_that_match_their_source_are_verified()
    {
        Expect(0, Drill(Listed("a", "b", "c")), verified: 3);
        Assert.Equal(["create", "extract", "create"], _backup.Calls());
    }

    [Fact]
    public void A_source_that_has_changed_since_is_only_read()
    {
        var files = Listed("a", "b", "c");
        File.AppendAllText(_backup.Directory["source/b"], "more");
        File.Delete(_backup.Directory["source/c"]);
        _backup.WithStandIn(files: Print(files), extract: "printf '%s\\n' 'contents of a' 'contents of ?' 'contents of c'");
        Expect(0, Check(), verified: 1, read: 2);
    }

    [Fact]
    public void A_file_that_differs_from_an_unchanged_source_is_named()
    {
        var result = Drill(Listed("a", "b", "c"), "while [ $# -gt 0 ]; do case $1 in pp:*/b) echo 'contents of B' ;; pp:*) cat \"/${1#pp:}\" ;; esac; shift; done");
        Expect(2, result, verified: 2, failed: 1);
        Assert.Contains($"{_backup.Directory["source/b"]} differs", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("source/a", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The output of borg ends where it meets damage; what is behind it may be good.</summary>
    [Fact]
    public void A_file_that_cannot_be_read_is_named_and_those_behind_it_are_read_all_the_same()
    {
        var result = Drill(Listed("a", "b", "c"), "while [ $# -gt 0 ]; do case $1 in pp:*/b) printf cont; exit 2 ;; pp:*) cat \"/${1#pp:}\" ;; esac; shift; done");
        Expect(2, result, verified: 2, failed: 1);
        Assert.Contains($"{_backup.Directory["source/b"]} cannot be restored", result.Error, StringComparison.Ordinal);
        // The repository is damaged, and the run after it looks where.
        Assert.Contains("check", _backup.Calls());
    }

    /// <summary>A path below another path is in the archive twice, and so it is extracted twice.</summary>
    [Fact]
    public void A_file_that_is_in_the_archive_twice_is_no_damage() =>
        Expect(0, Drill(Listed("a", "b", "c"), "for path; do case $path in pp:*/a) cat \"/${path#pp:}\" \"/${path#pp:}\" ;; pp:*) cat \"/${path#pp:}\" ;; esac; done"), verified: 3);

    [Fact]
    public void A_file_that_a_repair_has_filled_with_zeros_is_not_read()
    {
        var files = Listed("a", "b");
        files[1] = files[1].Replace("\"healthy\":true", "\"healthy\":false", StringComparison.Ordinal);
        Expect(2, Drill(files), verified: 1, failed: 1);
    }

    [Fact]
    public void An_archive_that_cannot_be_listed_is_damage()
    {
        _backup.WithStandIn(files: "echo '{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"msgid\": \"IntegrityError\", \"message\": \"x\"}' >&2; exit 2");
        Assert.Equal(2, Check().ExitCode);
        Assert.Equal(2, Report()["assimilator_restore_return_code"]);
        Assert.Contains("check", _backup.Calls());
        Assert.DoesNotContain("assimilator_restore_verified_files", Report().Keys);
    }

    [Theory]
    [InlineData("echo '{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"msgid\": \"LockTimeout\", \"message\": \"x\"}' >&2; exit 2")]
    [InlineData("echo '{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"msgid\": \"ConnectionClosed\", \"message\": \"x\"}' >&2; exit 2")]
    [InlineData("kill -KILL $$")]
    [InlineData("sleep 1000")]
    public void What_keeps_borg_from_looking_says_nothing_about_the_archive(string files)
    {
        _backup.Set("borg", "check_timeout", "1s").WithStandIn(files: files);
        Assert.Equal(1, Check().ExitCode);
        Assert.DoesNotContain("assimilator_restore_return_code", Report().Keys);
    }

    [Fact]
    public void Where_nothing_can_be_read_back_that_is_said()
    {
        _backup.Set("check", "restore_bytes", "5B").WithStandIn(files: Print(Listed("a")));
        var result = Check();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("restore_bytes", result.Error, StringComparison.Ordinal);
        _backup.WithStandIn(files: "echo no JSON");
        Assert.Equal(1, Check().ExitCode);
        _backup.WithStandIn();
        Assert.Equal(1, Check().ExitCode);
    }

    [Fact]
    public void A_signal_ends_it_and_the_last_result_stays()
    {
        Expect(0, Drill(Listed("a")), verified: 1);
        _backup.WithStandIn(files: $"echo >> '{_backup.Directory["begun"]}'; exec sleep 1000");
        _backup.AgeState("ended_at", 8);
        using var run = _backup.Start();
        Wait.Until(() => File.Exists(_backup.Directory["begun"]), "the drill has begun");
        Programs.RunOrThrow("kill", ["-TERM", $"{run.Id}"]);
        Assert.Equal(143, Programs.Finish(run).ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((143, 1), (samples["assimilator_return_code"], samples["assimilator_restore_verified_files"]));
    }

    /// <summary>The source may be on a file server that does not respond; here, it is a pipe that nobody writes to.</summary>
    [Fact]
    public void A_source_that_became_something_else_is_not_opened()
    {
        var files = Listed("a");
        File.Delete(_backup.Directory["source/a"]);
        Programs.RunOrThrow("mkfifo", [_backup.Directory["source/a"]]);
        _backup.WithStandIn(files: Print(files), extract: "echo contents of a");
        var startedAt = Stopwatch.GetTimestamp();
        Expect(0, Check(), read: 1);
        Assert.InRange(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, 0, 60);
    }

    private ProgramResult Drill(string[] files, string extract = "while [ $# -gt 0 ]; do case $1 in pp:*) cat \"/${1#pp:}\" ;; esac; shift; done")
    {
        _backup.WithStandIn(files: Print(files), extract: extract);
        return Check();
    }

    /// <summary>A run, for there to be an archive, and then the drill.</summary>
    private ProgramResult Check()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        return _backup.Run("check", "--drill");
    }

    private void Expect(int exitCode, ProgramResult result, int verified = 0, int read = 0, int failed = 0)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        var samples = Report();
        Assert.Equal((verified, read, failed), (samples["assimilator_restore_verified_files"], samples["assimilator_restore_read_files"],
            samples["assimilator_restore_failed_files"]));
        Assert.Equal(failed > 0, samples["assimilator_restore_return_code"] != 0);
        Assert.InRange(samples["assimilator_last_restore_timestamp_seconds"], 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>What the next run reports.</summary>
    private IReadOnlyDictionary<string, double> Report()
    {
        _backup.Run();
        return _gateway.Samples(TestBackup.Name);
    }

    /// <summary>As borg lists files of the source.</summary>
    private string[] Listed(params string[] names) => [.. names.Select(name =>
    {
        var path = _backup.Directory[$"source/{name}"];
        var times = Programs.RunOrThrow("stat", ["-c", "%.9Y %.9Z", path]).Trim().Split(' ')
            .Select(time => DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(time, System.Globalization.CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)))
            .Select(time => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return $$"""{"type":"-","path":"{{path[1..]}}","healthy":true,"source":"","size":{{new FileInfo(path).Length}},"mtime":"{{times[0]}}","ctime":"{{times[1]}}"}""";
    })];

    private static string Print(string[] files) => $"cat <<'END'\n{string.Join('\n', files)}\nEND\n";
}
