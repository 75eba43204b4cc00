using System.Globalization;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What borg prints is not what it should be: the report is true all the same.</summary>
public sealed class StandInOutputTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public StandInOutputTests() => _backup = new TestBackup(_gateway).Set("retention", "daily", "7");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("not JSON", "echo this is not JSON", "borg's output is not one JSON object")]
    [InlineData("nothing", ":", "borg printed no JSON")]
    [InlineData("half an object", "echo \"$JSON\" | head -c 150", "borg's JSON cannot be read at archive")]
    [InlineData("two objects", "echo \"$JSON\"; echo \"$JSON\"", "borg's output is not one JSON object")]
    [InlineData("another object", "echo '{\"a\": 1}'", "borg's JSON contains no archive")]
    [InlineData("an array", "echo '[1, 2]'", "borg's output is not one JSON object")]
    [InlineData("binary data", "head -c 10000 /dev/urandom", "borg's output is not one JSON object")]
    [InlineData("5 MB", "head -c 5000000 /dev/zero", "borg printed far more than the expected JSON")]
    public void Success_without_readable_json_is_an_archive_that_wants_attention(string what, string create, string problem)
    {
        _backup.WithStandIn(create: create);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, $"{what}: {result}");
        Assert.Contains($"assimilator: warning: {problem}", result.Error, StringComparison.Ordinal);
        Assert.Equal(["create", "prune", "compact"], _backup.Calls());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(0, samples["assimilator_create_return_code"]);
        Assert.Equal(1, samples["assimilator_return_code"]);
        Assert.True(samples.ContainsKey("assimilator_last_success_timestamp_seconds"));
        Assert.DoesNotContain(samples.Keys, name => name.StartsWith("assimilator_archive_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_of_the_wrong_type_makes_the_json_unreadable()
    {
        _backup.WithStandIn(create: """echo "$JSON" | sed 's/1001/"1001"/'""");
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("archive.stats.original_size", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("assimilator_archive_compressed_size_bytes", _gateway.Samples(TestBackup.Name).Keys);
    }

    [Fact]
    public void The_json_of_borg_2_lacks_fields_and_that_is_no_problem()
    {
        _backup.WithStandIn(create:
            """echo '{"archive": {"name": "b2", "stats": {"original_size": 5, "deduplicated_size": 4, "nfiles": 3}}, "cache": {"path": "/c"}}'""",
            prune: "echo \"$LIST\" | sed 's/stand-in/b2/' >&2");
        Assert.Equal(0, _backup.Run().ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(5, samples["assimilator_archive_original_size_bytes"]);
        Assert.DoesNotContain("assimilator_archive_compressed_size_bytes", samples.Keys);
        Assert.DoesNotContain("assimilator_create_total_chunks", samples.Keys);
    }

    [Fact]
    public void A_name_with_lone_surrogates_does_not_hide_the_rest()
    {
        _backup.WithStandIn(create: """echo "$JSON" | sed 's/stand-in/bad-\\udcff/'""");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(1001, _gateway.Samples(TestBackup.Name)["assimilator_archive_original_size_bytes"]);
    }

    [Fact]
    public void A_hundred_thousand_lines_of_log_are_counted()
    {
        var warning = """{"type": "log_message", "levelname": "WARNING", "name": "borg", "message": "file changed"}""";
        var error = """{"levelname": "ERROR", "message": "cannot read \udcff", "type": "log_message"}""";
        _backup.WithStandIn(create: $"yes '{warning}' | head -n 100000 >&2; yes '{error}' | head -n 7 >&2; echo \"$JSON\"; exit 1");
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(100_000, samples["assimilator_create_warnings"]);
        Assert.Equal(7, samples["assimilator_create_errors"]);
        Assert.Contains("assimilator: error: borg: cannot read \\udcff\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_and_broken_lines_are_shown_but_not_counted()
    {
        _backup.WithStandIn(create: """
            echo 'ssh: connect to host example.org port 22: No route to host' >&2
            echo '{"type": "log_message", "levelname": "ERROR"' >&2
            printf 'terminal \033[31m escape' >&2
            exit 2
            """);
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("assimilator: warning: borg: ssh: connect to host", result.Error, StringComparison.Ordinal);
        Assert.Contains("terminal \\x1b[31m escape\n", result.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(0, samples["assimilator_create_errors"]);
        Assert.Equal(2, samples["assimilator_create_return_code"]);
    }

    [Fact]
    public void An_endless_line_takes_bounded_memory()
    {
        _backup.WithStandIn(create: "head -c 300000000 /dev/zero | tr '\\0' x >&2; echo \"$JSON\"")
            .AddScript("postexec", "1", $"grep VmHWM /proc/$PPID/status > '{_backup.Directory["peak"]}'");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.Output + result.Error[..Math.Min(500, result.Error.Length)]);
        var kibibytes = int.Parse(File.ReadAllText(_backup.Directory["peak"]).Split(' ', '\t')[^2], CultureInfo.InvariantCulture);
        Assert.InRange(kibibytes, 1, 100_000);
    }

    [Fact]
    public void A_borg_that_vanishes_between_the_check_and_the_start_is_reported()
    {
        _backup.WithStandIn();
        var borg = _backup.Directory["borg-stand-in"];
        _backup.AddScript("preexec", "1", $"rm '{borg}'").AddScript("postexec", "1");
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("assimilator: error: borg create could not be started: No such file or directory\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(["preexec-1", "postexec-1"], _backup.Calls());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(2, samples["assimilator_return_code"]);
        Assert.DoesNotContain("assimilator_create_return_code", samples.Keys);
    }

    [Theory]
    [InlineData("create", "prune", "borg_prune_return_code")]
    [InlineData("prune", "compact", "assimilator_compact_return_code")]
    public void A_later_borg_that_cannot_be_started_wants_attention(string last, string missing, string metric)
    {
        var vanish = "rm \"$0\"; echo \"$JSON\"";
        _backup.WithStandIn(create: last == "create" ? vanish : "echo \"$JSON\"", prune: vanish).Set("retention", "daily", "7");
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"assimilator: error: borg {missing} could not be started: No such file or directory\n", result.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(1, samples["assimilator_return_code"]);
        Assert.Equal(0, samples["assimilator_create_return_code"]);
        Assert.DoesNotContain(metric, samples.Keys);
    }

    [Fact]
    public void A_script_without_a_first_line_is_reported_in_plain_words()
    {
        // Found at the start; here it comes into being after that.
        _backup.WithStandIn().AddScript("preexec", "1", $"echo echo hello > '{_backup.Directory["borg-stand-in"]}'");
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("borg create could not be started: not a program for this machine, or a script without a '#!' line",
            result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_script_leaves_behind_does_not_hold_the_run()
    {
        var pidFile = _backup.Directory["daemon.pid"];
        _backup.WithStandIn().AddScript("preexec", "1", $"sleep 1000 & echo $! > '{pidFile}'");
        try
        {
            Assert.Equal(0, _backup.Run().ExitCode);
        }
        finally
        {
            Programs.Run("kill", [File.ReadAllText(pidFile).Trim()]);
        }
    }
}
