using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>What goes wrong with backups, each from a good run to a good run.</summary>
internal static class MonitoredFaults
{
    /// <summary>The key of <c>[check]</c> that makes the damage found.</summary>
    private const string Check = "every";

    private const string Growing = "the repository grows";

    public static readonly IReadOnlyDictionary<string, Action<WatchedBackup>> All = new Dictionary<string, Action<WatchedBackup>>
    {
        ["nothing is wrong"] = backup => backup.Good().Good().Good(),
        ["a preexec script fails"] = backup => backup.Good()
            .Fault(2, it => it.AddScript("preexec", "1", "exit 3"), "BackupFailed", "BackupPreexecFailed")
            .Mended(it => it.Remove("preexec")),
        ["a preexec script fails and borg runs"] = backup => backup.Good()
            .Fault(1, it => it.AddScript("preexec", "1", "exit 3").Set("hooks", "on_failure", "continue"), "BackupPreexecFailed")
            .Mended(it => it.Remove("preexec")),
        ["a postexec script fails"] = backup => backup.Good()
            .Fault(1, it => it.AddScript("postexec", "1", "exit 3"), "BackupPostexecFailed")
            .Mended(it => it.Remove("postexec")),
        ["the passphrase is wrong"] = backup => backup.Good()
            .Fault(2, it => it.Directory.Write("passphrase", "wrong\n"), "BackupFailed")
            .Mended(it => it.Directory.Write("passphrase", $"{TestBackup.Passphrase}\n")),
        ["a path is missing"] = backup => backup.Good()
            .Fault(2, it => it.Set("paths", "2", it.Directory["missing"]), "BackupFailed")
            .Mended(it => it.Remove("paths", "2")),
        ["the configuration is wrong"] = backup => backup.Good()
            .Fault(78, it => it.Set("backup", "compresion", "lz4"), "BackupFailed")
            .Mended(it => it.Remove("backup", "compresion")),
        ["borg is killed"] = backup => backup.Good()
            .Fault(2, it => Wrap(it, "create", "borg \"$@\" & sleep 0.05; kill -KILL $!; wait $!; exit"), "BackupFailed")
            .Mended(Unwrap),
        ["the run is told to end"] = backup => backup.Good()
            .Fault(143, it => it.AddScript("preexec", "1", "kill -TERM $PPID; exec sleep 1000"), "BackupFailed", "BackupPreexecFailed")
            .Mended(it => it.Remove("preexec")),
        ["prune cannot lock"] = backup => backup.Good()
            .Fault(1, it => Wrap(it, "prune", $"{LockFromElsewhere(it)}; exec borg \"$@\""), "BackupPruneFailed")
            .Mended(Unwrap),
        ["compact cannot lock"] = backup => backup.Good()
            .Fault(1, it => Wrap(it, "compact", $"{LockFromElsewhere(it)}; exec borg \"$@\""), "BackupCompactFailed")
            .Mended(Unwrap),
        ["the run is killed"] = backup => backup.Good()
            .Fault(0, Kill, "BackupInterrupted")
            .Mended(),
        ["borg warns in three runs"] = backup => backup.Good()
            .Fault(1, it => it.Set("paths", "2", it.Directory["missing"]).Set("backup", "paths_must_exist", "false"))
            .Still(1)
            .Still(1, "BackupFinishedWithWarnings")
            .Mended(it => it.Remove("paths", "2")),
        ["the state cannot be written"] = backup => backup.Good()
            .Fault(1, it => it.Set("state", "directory", it.Directory.Write("no-directory", "")),
                "BackupFinishedWithWarnings", "BackupPruneHeld")
            // The archive of that run is not known to be ours.
            .Mended(it => it.Set("state", "directory", it.Directory["state"]).Set("retention", "adopt", "true")),
        ["one run is skipped"] = backup => backup.Good()
            .Fault(75, it => it.AddScript("preexec", "1", "exit 75"))
            .Mended(it => it.Remove("preexec")),
        ["three runs are skipped"] = backup => backup.Good()
            .Fault(75, it => it.AddScript("preexec", "1", "exit 75").AgeState("last_success", 2))
            .Still(75)
            .Still(75, "BackupSkippedTooOften")
            .Mended(it => it.Remove("preexec")),
        ["no run has ever succeeded"] = backup => backup
            .Fault(2, it => it.Set("paths", "2", it.Directory["missing"]), "BackupFailed")
            .Still(2, "BackupFailed")
            .Still(2, "BackupFailed", "BackupNeverSucceeded")
            .Mended(it => it.Remove("paths", "2")),
        ["runs have failed for three days"] = backup => backup.Good()
            .Fault(2, it => it.Set("paths", "2", it.Directory["missing"]).AgeState("last_success", 3), "BackupFailed", "BackupOverdue")
            .Mended(it => it.Remove("paths", "2")),
        ["the host is silent for two days"] = backup => backup.Good().Silent(TimeSpan.FromDays(2), "BackupReportMissing").Mended(),
        ["the host is silent for three days"] = backup => backup.Good()
            .Silent(TimeSpan.FromDays(3), "BackupOverdue", "BackupReportMissing")
            .Mended(),
        ["the source shrinks"] = backup => backup.Good()
            .Fault(0, it => File.WriteAllText(it.Directory["source/random"], "little"), "BackupArchiveShrunk")
            .Mended(it => it.Directory.Write("source/random", WatchedBackup.RandomText())),
        ["the source is empty"] = backup => backup.Good()
            .Fault(1, it =>
            {
                Exchange(it.Directory["source"], it.Directory["aside"]);
                it.Set("backup", "paths_must_exist", "false");
            }, "BackupArchiveShrunk")
            // What was there before: an archive that is all new has an alert of its own.
            .Mended(it => Exchange(it.Directory["source"], it.Directory["aside"])),
        ["the files are new"] = backup => backup.Good().Good().Good().Good()
            .Fault(0, it => AgeArchives(it).Directory.Write("source/random", WatchedBackup.RandomText()), "BackupArchiveMostlyNew")
            .Mended(),
        ["a segment of the repository is zeroed"] = backup => backup.Good()
            .Damaged(1, "zeroed_segment", Check, "BackupCheckFailed")
            .Still(1, "BackupCheckFailed")
            .Repaired(),
        ["a segment of the repository is missing"] = backup => backup.Good()
            .Damaged(1, "missing_segment", Check, "BackupCheckFailed")
            .Still(1, "BackupCheckFailed")
            .Repaired(),
        ["a byte of the data is flipped"] = backup => backup.Good()
            .Damaged(1, "flipped_byte", "verify_data_every", "BackupCheckFailed")
            .Still(1, "BackupCheckFailed")
            .Repaired(),
        ["a byte of the data is flipped and a restore drill meets it"] = backup => backup.Good()
            .Damaged(1, "flipped_byte", "restore_every", "BackupRestoreFailed")
            // A repository with a file that cannot be read is checked.
            .Still(1, "BackupCheckFailed", "BackupRestoreFailed")
            .Still(1, "BackupCheckFailed", "BackupRestoreFailed")
            .Repaired(),
        ["an archive has lost its files"] = backup => backup.Good()
            .Damaged(1, "lost_item", Check, "BackupCheckFailed", "BackupPruneFailed")
            // Nothing is pruned any more.
            .Still(1, "BackupCheckFailed")
            .Repaired(),
        ["the repository has the key of another one"] = backup => backup.Good()
            .Damaged(2, "other_key", Check, "BackupCheckFailed", "BackupFailed")
            .Still(2, "BackupCheckFailed", "BackupFailed")
            .Repaired("own_key"),
        // Borg makes a new index whenever it opens the repository: nothing is left to be alerted of.
        ["the index of the repository is truncated"] = backup => backup.Good()
            .Fault(1, it => backup.Damage("truncated_index"))
            .Mended(),
        [Growing] = backup => backup.Good().Good().Good().Good()
            .Fault(0, it => AgeArchives(it).Directory.Write("source/random", WatchedBackup.RandomText()),
                "BackupArchiveMostlyNew", "BackupRepositoryGrowing")
            .Mended(),
    };

    /// <summary>What Prometheus knew of these backups before. The source has about 100,000 bytes in two files.</summary>
    public static IReadOnlyList<PastMetric> History =>
    [
        AWeekAgo("assimilator_all_archives_deduplicated_size_bytes", 90_000),
        AWeekAgo("assimilator_archive_original_size_bytes", 100_000),
        AWeekAgo("assimilator_prune_kept_archives", 1),
    ];

    /// <summary>The label of the backup that a fault is injected into.</summary>
    public static string Label(string fault) => fault.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-');

    private static PastMetric AWeekAgo(string metric, double value) =>
        new(Label(Growing), metric, value, TimeSpan.FromDays(7.9), TimeSpan.FromDays(6.9));

    /// <summary>Puts shell lines in front of one of the real borg's commands.</summary>
    private static void Wrap(TestBackup backup, string command, string lines) => backup.Set("borg", "path",
        backup.Directory.WriteScript("wrapped-borg", $"case $1 in {command}) {lines} ;; *) exec borg \"$@\" ;; esac"));

    private static void Unwrap(TestBackup backup)
    {
        backup.Remove("borg");
        backup.Borg("break-lock", backup.Location);
    }

    /// <summary>borg takes away locks of this host whose process is gone, so this one is of another.</summary>
    private static string LockFromElsewhere(TestBackup backup) =>
        $"mkdir '{backup.Location}/lock.exclusive'; : > '{backup.Location}/lock.exclusive/elsewhere@1.1-1'";

    private static void Kill(TestBackup backup)
    {
        backup.AddScript("preexec", "1", "kill -KILL $PPID");
        Assert.Equal(137, backup.Run().ExitCode);
        backup.Remove("preexec");
    }

    /// <summary>As if there had been one archive a day, the first of them fifty days ago.</summary>
    private static TestBackup AgeArchives(TestBackup backup)
    {
        var state = System.Text.Json.Nodes.JsonNode.Parse(backup.StateText())!;
        var age = 50;
        foreach (var archive in state["archives"]!.AsArray())
            archive!["started_at"] = archive["started_at"]!.GetValue<DateTimeOffset>().AddDays(-age--);
        backup.Directory.Write($"state/{backup.Label}.json", state.ToJsonString());
        return backup;
    }

    /// <summary>Puts one directory in the place of the other, which is empty at first.</summary>
    private static void Exchange(string directory, string other)
    {
        Directory.CreateDirectory(other);
        Directory.Move(directory, $"{directory}.moved");
        Directory.Move(other, directory);
        Directory.Move($"{directory}.moved", other);
    }
}
