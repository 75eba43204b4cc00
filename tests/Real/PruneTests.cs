using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Retention never deletes what nobody agreed to, and never without a word.</summary>
public sealed class PruneTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public PruneTests() => _backup = new TestBackup(_gateway).WithRealBorg()
        .Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}").Set("retention", "daily", "1");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void The_first_prune_asks_and_names_what_it_would_delete()
    {
        var foreign = Enumerable.Range(1, 6).Select(second => $"web-2026-10-01T00:00:00.00000{second}").ToList();
        foreach (var name in foreign)
            Create(name, "2026-10-01T00:00:00");
        var first = _backup.Run();
        Assert.True(first.ExitCode == 1, first.ToString());
        Assert.Equal(7, _backup.Archives().Count);
        Assert.All(foreign, name => Assert.Contains(name, first.Error, StringComparison.Ordinal));
        Assert.Equal(1, Held());
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_prune_deleted_archives"]);

        var listed = Prune("--dry-run");
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains($"would delete   {foreign[0]}", listed.Output, StringComparison.Ordinal);
        // Without a terminal, nobody can be asked.
        Assert.Equal(64, Prune().ExitCode);
        Assert.Equal(7, _backup.Archives().Count);

        var agreed = Prune("--yes");
        Assert.True(agreed.ExitCode == 0, agreed.ToString());
        Assert.Contains($"deleted {foreign[0]}", agreed.Output, StringComparison.Ordinal);
        Assert.Single(_backup.Archives());
        var next = _backup.Run();
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal(0, Held());
        Assert.Single(_backup.Archives());
    }

    [Fact]
    public void Ctrl_C_at_the_question_ends_it_and_deletes_nothing()
    {
        Create("web-2026-10-01T00:00:00.000001", "2026-10-01T00:00:00");
        Create("web-2026-10-01T00:00:00.000002", "2026-10-01T00:00:00");
        _backup.WriteConfiguration();
        var shown = _backup.Directory["shown"];
        var result = Programs.Run("sh",
            ["-c", $"{{ until grep -q y/N '{shown}' 2>/dev/null; do sleep 0.1; done; printf '\\003'; sleep 1; }} | "
                + $"script -qefc \"'{Repository.Binary}' prune -c '{_backup.ConfigurationFile}'\" '{shown}'"],
            _backup.Environment);
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Contains("nothing was deleted", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, _backup.Archives().Count);
    }

    [Fact]
    public void A_person_at_a_terminal_is_asked()
    {
        Create("web-2026-10-01T00:00:00.000001", "2026-10-01T00:00:00");
        Create("web-2026-10-01T00:00:00.000002", "2026-10-01T00:00:00");
        _backup.WriteConfiguration();
        Assert.Equal(1, Answer("n").ExitCode);
        Assert.Equal(2, _backup.Archives().Count);
        var agreed = Answer("y");
        Assert.True(agreed.ExitCode == 0, agreed.ToString());
        Assert.Single(_backup.Archives());
    }

    [Fact]
    public void Archives_of_the_future_make_prune_stop()
    {
        _backup.Set("retention", "daily", "3");
        Assert.Equal(0, _backup.Run().ExitCode);
        var success = LastSuccess();
        for (var day = 1; day <= 3; day++)
            Create($"web-2036-01-0{day}T00:00:00.000000", $"2036-01-0{day}T00:00:00");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal((success, 1), (LastSuccess(), Held()));
        Assert.Contains("prune deleted the archive that this run had just created", result.Error, StringComparison.Ordinal);
        // From then on, archives stay.
        var next = _backup.Run();
        Assert.Equal(1, next.ExitCode);
        Assert.Equal(4, _backup.Archives().Count);
    }

    [Fact]
    public void Two_hosts_with_one_pattern_find_each_others_archives()
    {
        using var other = new TestBackup(_gateway) { Label = "other" };
        other.Set("repository", "location", _backup.Location).Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}")
            .Set("retention", "daily", "1");
        Assert.Equal(0, _backup.Run().ExitCode);
        // Prune would keep one archive of each day.
        var first = other.Run();
        Assert.True(first.ExitCode == 1, first.ToString());
        Assert.Equal(2, _backup.Archives().Count);
        var second = _backup.Run();
        Assert.True(second.ExitCode == 1, second.ToString());
        Assert.Contains("also matches archives that it did not make", second.Error, StringComparison.Ordinal);
        Assert.Equal(1, Held());
    }

    [Fact]
    public void Archives_that_vanish_hold_pruning_until_somebody_agrees()
    {
        _backup.Set("retention", "secondly", "9");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        var gone = _backup.Archives()[0];
        _backup.Borg("delete", $"{_backup.Location}::{gone}");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains(gone, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, Held());
        var held = _backup.Set("logging", "level", "debug").Run();
        Assert.Equal(1, held.ExitCode);
        Assert.DoesNotContain(" prune --", held.Output, StringComparison.Ordinal);
        Assert.Contains(gone, Prune("--dry-run").Output, StringComparison.Ordinal);
        Assert.Equal(0, Prune("--yes").ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, Held());
    }

    [Fact]
    public void The_archive_of_a_run_that_was_killed_is_this_backups()
    {
        _backup.Set("retention", "within", "1d");
        Assert.Equal(0, _backup.Run().ExitCode);
        // Borg goes on when nobody is left to hear of its archive.
        var (running, killed, done) = (_backup.Directory["running"], _backup.Directory["killed"], _backup.Directory["done"]);
        _backup.Set("borg", "path", _backup.Directory.WriteScript("slow-borg",
            $"{TestBackup.StandInVersion}\ntouch '{running}'; until [ -e '{killed}' ]; do sleep 0.05; done\nborg \"$@\"\ntouch '{done}'"));
        using (var process = _backup.Start())
        {
            Wait.Until(() => File.Exists(running), "borg is started");
            process.Kill();
            process.WaitForExit();
        }
        File.WriteAllText(killed, "");
        Wait.Until(() => File.Exists(done), "borg has ended");
        var lost = _backup.Archives()[1];

        var next = _backup.Remove("borg", "path").Run();
        Assert.True(next.ExitCode == 0, next.ToString());
        Assert.Equal(0, Held());
        Assert.Contains(lost, next.Output, StringComparison.Ordinal);
        Assert.Equal(3, _backup.Memory().GetProperty("archives").GetArrayLength());
        Assert.False(_backup.Memory().TryGetProperty("unreported_since", out _));
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void Rewritten_archives_are_called_that_and_hold_pruning()
    {
        _backup.Set("retention", "within", "1d");
        Assert.Equal(0, _backup.Run().ExitCode);
        var name = Assert.Single(_backup.Archives());
        _backup.Borg("recreate", "--comment", "other", $"{_backup.Location}::{name}");
        var result = _backup.Run();
        Assert.Equal((1, 1), (result.ExitCode, Held()));
        Assert.Contains("rewritten", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("disappeared", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("did not make", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Prune("--yes").ExitCode);
        // What a person did since the run is told beside the causes, until the next run.
        Assert.Contains("since then: assimilator prune", _backup.Run("status").Output, StringComparison.Ordinal);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.DoesNotContain("since then", _backup.Run("status").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_stream_is_agreed_to_and_held_by_itself_and_nothing_is_compacted_meanwhile()
    {
        _backup.Set("retention", "secondly", "9").Set("retention", "compact", "always").Set("streams", "a", "/bin/echo a").Set("streams", "b", "/bin/echo b");
        Create("web-2026-10-01T00:00:00.000001-b", "2026-10-01T00:00:00");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_compact_return_code"]);
        foreach (var stream in new[] { "a", "b" })
        {
            var gone = _backup.Archives().Last(name => name.EndsWith($"-{stream}", StringComparison.Ordinal));
            _backup.Borg("delete", $"{_backup.Location}::{gone}");
        }
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((0, 1, 1), (samples["assimilator_prune_held"], samples["assimilator_prune_held{a}"], samples["assimilator_prune_held{b}"]));
        Assert.DoesNotContain("assimilator_compact_return_code", samples.Keys);

        // The list of all three, in order: only the last one frees the space of all.
        _backup.Set("retention", "secondly", "1").Set("logging", "level", "debug");
        var agreed = Prune("--yes");
        Assert.True(agreed.ExitCode == 0, agreed.ToString());
        var borgs = agreed.Output.Split('\n').Where(line => line.Contains("running /", StringComparison.Ordinal)
            && line.Contains(" compact ", StringComparison.Ordinal));
        Assert.Contains(": b: running", Assert.Single(borgs), StringComparison.Ordinal);
        // The newest, and the oldest of the day.
        Assert.True(_backup.Archives().Count == 6, agreed.ToString());
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_repository_in_place_of_another_holds_pruning()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        Directory.Delete(_backup.Location, recursive: true);
        _backup.Borg("init", "-e", "repokey-blake2", _backup.Location);
        _backup.Set("borg", "environment", "BORG_RELOCATED_REPO_ACCESS_IS_OK=yes");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("archives of this backup have disappeared", result.Error, StringComparison.Ordinal);
        Assert.Contains("this is not the repository of the last run", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_in_place_of_another_is_said_where_nothing_is_pruned()
    {
        Assert.Equal(0, _backup.Remove("retention").Run().ExitCode);
        Directory.Delete(_backup.Location, recursive: true);
        _backup.Borg("init", "-e", "repokey-blake2", _backup.Location);
        _backup.Set("borg", "environment", "BORG_RELOCATED_REPO_ACCESS_IS_OK=yes");
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_new_pattern_is_said_once_with_the_command_that_lists_the_old_archives()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Remove("backup", "archive");
        var result = _backup.Run();
        // The default name tells the second.
        var second = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Wait.Until(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > second, "a second has passed");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"assimilator borg -c {_backup.ConfigurationFile} -- list --glob-archives 'web-[0-9]", result.Error, StringComparison.Ordinal);
        var next = _backup.Run();
        Assert.True(next.ExitCode == 0, next.ToString());
        // The default says which backup of which host it is, in UTC.
        Assert.Contains(_backup.Archives(), name => name.StartsWith($"test@{TestBackup.Instance}-20", StringComparison.Ordinal)
            && name.EndsWith('Z'));
    }

    [Fact]
    public void An_append_only_repository_is_pruned_by_hand_alone()
    {
        Create("web-2026-10-01T00:00:00.000001", "2026-10-01T00:00:00");
        Create("web-2026-10-01T00:00:00.000002", "2026-10-01T00:00:00");
        _backup.Set("repository", "append_only", "true");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(3, _backup.Archives().Count);
        Assert.DoesNotContain("borg_prune_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Equal(0, Prune("--yes").ExitCode);
        Assert.Single(_backup.Archives());
    }

    [Fact]
    public void A_host_without_a_state_can_adopt_what_matches()
    {
        Create("web-2026-10-01T00:00:00.000001", "2026-10-01T00:00:00");
        Create("web-2026-10-01T00:00:00.000002", "2026-10-01T00:00:00");
        _backup.Set("retention", "adopt", "true");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Single(_backup.Archives());
        Assert.Equal(0, Held());
    }

    [Fact]
    public void Nothing_is_pruned_while_the_clock_is_behind()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var ahead = DateTimeOffset.UtcNow.AddHours(2).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        _backup.Directory.Write("state/test.json", System.Text.RegularExpressions.Regex.Replace(
            _backup.StateText(), "(?<=\"last_success\": \")[^\"]*", ahead));
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("clock is behind", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("borg_prune_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Equal(1, Prune("--yes").ExitCode);
        Assert.Equal(2, _backup.Archives().Count);
    }

    [Fact]
    public void A_pattern_for_everything_is_said() =>
        Assert.Contains("matches every archive", _backup.Set("retention", "glob_archives", "*").Run("validate").Error, StringComparison.Ordinal);

    private ProgramResult Prune(params string[] arguments) => _backup.Run(["prune", .. arguments]);

    /// <summary>script(1) gives the program a terminal.</summary>
    private ProgramResult Answer(string answer) => Programs.Run("sh",
        ["-c", $"{{ sleep 2; echo {answer}; }} | script -qec \"'{Repository.Binary}' prune -c '{_backup.ConfigurationFile}'\" /dev/null"],
        _backup.Environment);

    private void Create(string name, string time) =>
        _backup.Borg("create", $"--timestamp={time}", $"{_backup.Location}::{name}", _backup.Directory["source"]);

    private double Held() => _gateway.Samples(TestBackup.Name)["assimilator_prune_held"];

    private double LastSuccess() => _gateway.Samples(TestBackup.Name)["assimilator_last_success_timestamp_seconds"];
}
