using Assimilator.Reporting;
using Assimilator.State;
using static Assimilator.Tests.Unit.StatusSamples;

namespace Assimilator.Tests.Unit;

/// <summary>The table of all backups, and the details of one.</summary>
public sealed class StatusTableTests
{
    [Fact]
    public void The_first_line_names_what_needs_a_look_and_causes_follow() => Assert.Equal(
        """
        CRITICAL: 3 backups, 2 with problems: mail, broken

        BACKUP  RESULT         LAST SUCCESS  NEXT DUE     ARCHIVES  LAST CHECK   LAST DRILL
        home    OK             4 hours ago   in 19 hours         2  12 days ago  3 days ago
        mail    FAILED         4 hours ago   OVERDUE             2  12 days ago  3 days ago
          last run 1 hour ago
          borg create exited with code 2
        broken  misconfigured
          2 problems: assimilator validate -c x.ini

        """, Table(Good, Failed, BackupStatus.Unknown("broken", "x.ini", "misconfigured", "2 problems: assimilator validate -c x.ini")));

    [Fact]
    public void A_good_and_a_failed_backup_with_all_columns_fit_a_terminal() =>
        Assert.All(Table(Good, Failed, Good with { Backup = "documents" }).Split('\n'), line => Assert.InRange(line.Length, 0, 80));

    [Fact]
    public void Columns_that_are_empty_are_left_out()
    {
        var memory = new Report.RepositoryMemory();
        var bare = Good with { LastRun = null, Series = [new() { Location = "/r", Result = "never ran", Memory = memory }] };
        Assert.Equal(
            """
            OK: 1 backup

            BACKUP  RESULT     LAST SUCCESS  ARCHIVES
            home    never ran  never                0

            """, Table(bare));
        Assert.EndsWith("?\n", Table(bare with { Series = [bare.Series[0] with { Memory = memory with { LastSuccess = Now } }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_series_has_its_own_line_and_a_run_in_progress_is_named() => Assert.Equal(
        """
        CRITICAL: 1 backup, 1 with problems: web

        BACKUP  REPOSITORY  STREAM          RESULT                   LAST SUCCESS  NEXT DUE     ARCHIVES  LAST CHECK  LAST DRILL
        web     server      dumps/shop.sql  OK, prune held, DAMAGED  4 hours ago   in 19 hours         2  2 days ago  3 days ago
                usb                         absent                   never                             0
          this run started 2 minutes ago

        """, Table(Several with { RunningSince = Now.AddMinutes(-2) }));

    [Fact]
    public void One_backup_is_shown_with_all_that_is_known() => Assert.Equal(
        """
        home
          configuration  /etc/assimilator.d/home.ini
          last run       2026-05-10 07:00Z (5 hours ago): good, took 5 min
          location       /srv/borg
          last success   2026-05-10 07:03Z (4 hours ago)
          next due       2026-05-11 07:03Z (in 19 hours); every 24 h
          archives       2
          newest         home-5: 7 files, 9 kB, 8 kB compressed, 200 B new
          last check     2026-04-28 12:00Z (12 days ago): no damage; all data read 40
                         days ago
          last drill     2026-05-07 12:00Z (3 days ago): 20 files good

        runs with problems
          2026-05-08 07:00Z  problems
          2026-05-09 07:00Z  never reported

        Last 4 runs of home, oldest left
          new data  ▄█ ▂  up to 1 kB
          duration  ▂█ ▅  up to 10 min
          result     !x.
                    . good, ! problems, x failed, - skipped

        """, StatusDetails.Of(Good, Chart.Blocks, Now));

    [Fact]
    public void Says_when_the_first_check_is_due()
    {
        var series = Good.Series[0] with
        {
            CheckInterval = TimeSpan.FromDays(30),
            Memory = Good.Series[0].Memory with { LastCheck = null, FirstRun = Now.AddDays(-10) },
        };
        Assert.Contains("\n  last check     never; due 2026-05-30 12:00Z (in 20 days)\n",
            StatusDetails.Of(Good with { Series = [series] }, Chart.Ascii, Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_series_are_shown_one_after_the_other_with_one_chart()
    {
        var text = StatusDetails.Of(Several, Chart.Ascii, Now);
        Assert.Equal(["web", "web: server dumps/shop.sql", "web: usb", "runs with problems", "Last 4 runs of web, oldest left"], text.Split('\n').Where(line => line.Length > 0 && line[0] != ' '));
        foreach (var row in new[]
        {
            "  last check    2026-05-08 12:00Z (2 days ago): exit code 1; all data read 40\n                days ago",
            "  last drill    2026-05-07 12:00Z (3 days ago): 10 files good, 7 bad",
            "  DAMAGED       since 2026-05-08 12:00Z (2 days ago)",
            "  prune held    since 2026-05-06 12:00Z (4 days ago): archives are gone",
            "  last success  never",
            "  new data, server dumps/shop.sql  -# .  up to 1 kB",
            "  new data, usb",
        })
            Assert.Contains($"\n{row}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_shows_thirty_runs_and_none_if_there_was_none()
    {
        var many = Good with { Runs = [.. Enumerable.Range(1, 40).Select(hour => new PastRun { StartedAt = Now.AddHours(-hour), Outcome = Report.Outcome.Skipped, Duration = TimeSpan.Zero }).Reverse()] };
        Assert.Contains($"\n  result    {new string('-', PastRun.MostKept)}\n", RunChart.Of(many, Chart.Ascii), StringComparison.Ordinal);
        Assert.Equal("", RunChart.Of(BackupStatus.Unknown("x", "x.ini", "unknown", "torn"), Chart.Ascii));
    }

    [Fact]
    public void What_a_file_says_cannot_reach_the_terminal()
    {
        var evil = Failed with { Causes = ["a\u001b[2Jb"], Series = [Failed.Series[0] with { Location = "/r\u001b[2J" }] };
        Assert.DoesNotContain('\u001b', Table(evil) + StatusDetails.Of(evil, Chart.Ascii, Now));
    }

    private static string Table(params BackupStatus[] backups) => StatusTable.Of(backups, Now);
}
