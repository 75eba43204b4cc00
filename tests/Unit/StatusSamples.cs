using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;

namespace Assimilator.Tests.Unit;

/// <summary>Backups as the views of status show them.</summary>
internal static class StatusSamples
{
    public static readonly DateTimeOffset Now = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A daily backup with checks and drills, of which everything is known.</summary>
    public static readonly BackupStatus Good = new()
    {
        Backup = "home",
        ConfigurationFile = "/etc/assimilator.d/home.ini",
        LastRun = new() { StartedAt = Now.AddHours(-5), Duration = TimeSpan.FromMinutes(5), Outcome = Outcome.Success },
        Runs =
        [
            new() { StartedAt = Now.AddHours(-53), Duration = TimeSpan.FromMinutes(10), Outcome = Outcome.Warning },
            new() { StartedAt = Now.AddHours(-29) },
            new() { StartedAt = Now.AddHours(-5), Duration = TimeSpan.FromMinutes(5), Outcome = Outcome.Success },
        ],
        Series =
        [
            new()
            {
                Location = "/srv/borg",
                Result = "OK",
                Interval = TimeSpan.FromDays(1),
                CheckInterval = TimeSpan.FromDays(30),
                RestoreInterval = TimeSpan.FromDays(7),
                Made = [Made(101, 400), Made(53, 1000), Made(5, 200)],
                Memory = new()
                {
                    LastSuccess = Now.AddHours(-5).AddMinutes(3),
                    RunsWithoutArchive = 0,
                    Archives = [new("home-53", null), new("home-5", null)],
                    LatestArchive = new("home-5", null),
                    LastCheck = new(Now.AddDays(-12), 0, TimeSpan.FromHours(1)),
                    LastVerifyData = Now.AddDays(-40),
                    LastRestore = new(Now.AddDays(-3), 0, new(18, 2, 0, 0)),
                },
            },
        ],
    };

    public static readonly BackupStatus Failed = Good with
    {
        Backup = "mail",
        LastRun = new() { StartedAt = Now.AddHours(-1), Duration = TimeSpan.FromMinutes(5), Outcome = Outcome.Failure },
        Causes = ["borg create exited with code 2"],
        Series = [Good.Series[0] with { Level = StatusLevel.Critical, Result = "FAILED", IsOverdue = true }],
    };

    /// <summary>Two repositories: one is held and damaged, the other never got an archive.</summary>
    public static readonly BackupStatus Several = Good with
    {
        Backup = "web",
        Series =
        [
            Good.Series[0] with
            {
                Repository = "server",
                Stream = "dumps/shop.sql",
                Level = StatusLevel.Critical,
                Result = "OK, prune held, DAMAGED",
                IsPruneHeld = true,
                Memory = Good.Series[0].Memory with
                {
                    DamagedSince = Now.AddDays(-2),
                    LastCheck = new(Now.AddDays(-2), 1, TimeSpan.FromHours(1)),
                    LastRestore = new(Now.AddDays(-3), 2, new(10, 0, 3, 4)),
                    Hold = new(Now.AddDays(-4), "archives are gone"),
                },
            },
            new() { Repository = "usb", Location = "/usb", Result = "absent" },
        ],
    };

    private static ArchiveState Made(int hoursAgo, long newData) => new()
    {
        StartedAt = Now.AddHours(-hoursAgo),
        Duration = TimeSpan.FromMinutes(2),
        Name = $"home-{hoursAgo}",
        Stats = new() { OriginalSize = 9000, CompressedSize = 8000, DeduplicatedSize = newData, Nfiles = 7 },
    };
}
