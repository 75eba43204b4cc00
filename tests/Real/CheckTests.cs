using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Checks and restore drills with the real borg; what they find is in <see cref="MonitoredFaults"/>.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public CheckTests() => _backup = new TestBackup(_gateway).WithRealBorg().Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Whatever_a_file_is_like_it_is_verified()
    {
        var source = _backup.Directory["source"];
        foreach (var name in new[] { "with blank ", "line\nfeed", "*", "[a]?", "ünï", "-x", "pp:x", @"back\slash", @"a\\udcffb" })
            File.WriteAllText(Path.Combine(source, name), name);
        File.WriteAllBytes(Path.Combine(source, "large"), RandomBytes(3_000_000));
        Programs.RunOrThrow("sh", ["-c", "cd \"$1\" && ln large second-name && ln -s large link && : > empty && truncate -s 5000000 sparse && mkfifo pipe && "
            + "printf x > \"$(printf 'not-utf8-\\377')\"", "sh", source]);
        // Below another path: it is in the archive twice.
        _backup.Set("paths", "2", _backup.Directory.Write("source/below/file", "below\n")).Set("check", "restore_files", "200").Set("check", "restore_every", "7d");
        Assert.Equal(0, _backup.Run().ExitCode);
        var drill = _backup.Run("check", "--drill");
        Assert.True(drill.ExitCode == 0, drill.ToString());
        var samples = Report();
        // file, seven names, large, sparse, and twice what is below. A name that may stand for bytes that are not UTF-8 is left out.
        Assert.Equal((0, 12, 0), (samples["assimilator_restore_failed_files"], samples["assimilator_restore_verified_files"], samples["assimilator_restore_read_files"]));
    }

    [Fact]
    public void A_check_is_due_one_interval_after_the_first_run_and_then_again()
    {
        _backup.Set("check", "every", "30d").Set("check", "verify_data_every", "60d").Set("check", "restore_every", "7d");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.DoesNotContain("assimilator_check_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Equal(30 * 86400, _gateway.Samples(TestBackup.Name)["assimilator_check_interval_seconds"]);
        Assert.Equal(0, _backup.AgeState("first_run", 61).Run().ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((0, 0, 1), (samples["assimilator_check_return_code"], samples["assimilator_restore_return_code"], samples["assimilator_restore_verified_files"]));
        Assert.True(samples["assimilator_check_duration_seconds"] > 0);
        var first = samples["assimilator_last_check_timestamp_seconds"];
        // Not due any more: the result stays.
        Assert.Equal(first, Report()["assimilator_last_check_timestamp_seconds"]);
        Assert.Equal(JsonDate("last_check", "ended_at"), _backup.Memory().GetProperty("last_verify_data").GetDateTimeOffset());
    }

    [Fact]
    public void A_bounded_check_of_a_small_repository_is_complete()
    {
        _backup.Set("check", "every", "30d").Set("check", "max_duration", "1h");
        Assert.Equal(0, _backup.Run().ExitCode);
        var result = _backup.AgeState("first_run", 31).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
    }

    [Fact]
    public void Damage_keeps_archives_from_being_pruned_until_a_check_is_clean()
    {
        // The middle of the segment is data then, so that prune could do its work.
        File.WriteAllBytes(_backup.Directory["source/random"], RandomBytes(100_000));
        _backup.Set("retention", "daily", "1");
        Assert.Equal(0, _backup.Run().ExitCode);
        var (segment, good) = FlipByte();
        Assert.Equal(2, _backup.Run("check", "--now").ExitCode);
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Equal(2, _backup.Archives().Count);
        Assert.Equal(1, _backup.Run("prune", "--yes").ExitCode);
        Assert.Equal(2, _backup.Archives().Count);
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
        // Without [check], only somebody can tell that it is repaired.
        File.WriteAllBytes(segment, good);
        Assert.Equal(0, _backup.Run("check", "--now").ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Single(_backup.Archives());
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
    }

    [Fact]
    public void Damage_that_another_backup_has_found_counts_until_a_check_of_either_is_clean()
    {
        using var other = new TestBackup(_gateway) { Label = "other" }.WithRealBorg().Set("repository", "location", _backup.Location)
            .Set("state", "directory", _backup.Directory["state"]).Set("backup", "archive", "other-{utcnow:%Y-%m-%dT%H:%M:%S.%f}")
            .Set("retention", "daily", "1").Set("retention", "compact", "always");
        File.WriteAllBytes(_backup.Directory["source/random"], RandomBytes(100_000));
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, other.Run().ExitCode);
        var (segment, good) = FlipByte();
        Assert.Equal(2, _backup.Run("check", "--now").ExitCode);
        Assert.Equal(1, other.Run().ExitCode);
        Assert.Equal(1, other.Run("prune", "--yes").ExitCode);
        Assert.Equal(1, other.Run("compact").ExitCode);
        Assert.Equal(3, _backup.Archives().Count);
        File.WriteAllBytes(segment, good);
        // The state of the first still has the damage.
        Assert.Equal(0, other.Run("check", "--now").ExitCode);
        Assert.Equal(0, other.Run().ExitCode);
        Assert.Equal(2, _backup.Archives().Count);
    }

    [Fact]
    public void Each_of_several_repositories_is_checked_or_the_chosen_one()
    {
        _backup.WithSecondRepository("local", "usb");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run("check", "--now", "--repository", "usb").ExitCode);
        Report();
        Assert.Equal(["usb"], Repositories());
        Assert.Equal(0, _backup.Run("check", "--now").ExitCode);
        Report();
        Assert.Equal(["local", "usb"], Repositories());
    }

    [Fact]
    public void A_drill_reads_the_newest_archive()
    {
        _backup.Set("check", "restore_every", "7d").Set("retention", "secondly", "10");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Equal(0, _backup.Run().ExitCode);
            Assert.Contains($" of {_backup.Archives()[^1]} ", _backup.Run("check", "--drill").Output, StringComparison.Ordinal);
        }
        Assert.Equal(3, _backup.Archives().Count);
    }

    [Fact]
    public void A_seed_chooses_the_same_files_again()
    {
        foreach (var number in Enumerable.Range(0, 100))
            _backup.Directory.Write($"source/{number}", $"{number}");
        _backup.Set("check", "restore_every", "7d").Set("check", "restore_files", "3").Set("logging", "level", "debug");
        Assert.Equal(0, _backup.Run().ExitCode);
        var first = _backup.Run("check", "--drill");
        var seed = Regex.Match(first.Output, @"seed (\d+)").Groups[1].Value;
        var again = _backup.Run("check", "--drill", "--seed", seed);
        Assert.Equal(Extracted(first), Extracted(again));
        Assert.Equal(3, Extracted(first).Count);
    }

    /// <summary>Damages the largest segment of the repository.</summary>
    /// <returns>Its file, and what was in it.</returns>
    private (string Segment, byte[] Good) FlipByte()
    {
        var segment = new DirectoryInfo(Path.Combine(_backup.Location, "data/0")).EnumerateFiles().MaxBy(file => file.Length)!.FullName;
        var good = File.ReadAllBytes(segment);
        var bad = (byte[])good.Clone();
        bad[good.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bad);
        return (segment, good);
    }

    private static List<string> Extracted(ProgramResult result) => [.. Regex.Matches(result.Output, @"pp:\S+").Select(match => match.Value)];

    private string[] Repositories() => [.. _gateway.Text().Split('\n')
        .Where(line => line.StartsWith("assimilator_check_return_code{", StringComparison.Ordinal))
        .Select(line => line.Split("repository=\"")[1].Split('"')[0]).Order(StringComparer.Ordinal)];

    private DateTimeOffset JsonDate(string name, string field) => _backup.Memory().GetProperty(name).GetProperty(field).GetDateTimeOffset();

    /// <summary>What the next run reports.</summary>
    private IReadOnlyDictionary<string, double> Report()
    {
        _backup.Run();
        return _gateway.Samples(TestBackup.Name);
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
