using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Report;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

/// <summary>The steps that a run would take, as <c>--dry-run</c> shows them.</summary>
public sealed class PlannedStepsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RetentionSettings Retention = new([("daily", "7")], "web-*", CompactWhen.Auto, Adopt: false);

    private static readonly Script Dump = new("1", "/usr/bin/dump", ["--to", "/var/my backups"]);

    private static readonly BackupConfiguration Full = Samples.Configuration with
    {
        Repositories =
        [
            Repository("server", null), Repository("server", Dump with { Label = "shop.sql" }),
            Repository("usb", null) with { Location = "/mnt/usb", Retention = null },
        ],
        Preexec = [Dump],
        Postexec = [new("9", "/usr/bin/rm", [])],
        Textfile = "/var/lib/metrics/web.prom",
        Pushgateway = new(new("https://push.example.org/"), "Basic c2VjcmV0", null, null, TimeSpan.FromSeconds(1), 0),
        GroupingLabels = [new LabelPair("job", "assimilator"), new LabelPair("backup", "we/b")],
        Check = CheckSettings.None with
        {
            Every = TimeSpan.FromDays(30),
            MaxDuration = TimeSpan.FromHours(1),
            RestoreEvery = TimeSpan.FromDays(7),
        },
    };

    private static readonly RepositoryMemory Agreed = new()
    {
        Id = "id",
        Consent = new("id", "web-*"),
        LastCompact = Now.AddDays(-1),
        LastSuccess = Now.AddDays(-1),
    };

    [Fact]
    public void Are_in_the_order_of_the_run()
    {
        var due = Agreed with { FirstRun = Now.AddDays(-400) };
        Assert.Equal(
            [
                "preexec 1", "source paths", "server create", "server shop.sql create", "usb create", "server prune", "server shop.sql prune",
                "server compact", "server check", "server check", "server restore drill", "server restore drill",
                "server shop.sql restore drill", "server shop.sql restore drill", "usb check", "usb check", "usb restore drill",
                "usb restore drill", "postexec 9", "textfile", "push",
            ], Names(Full, due));
        var early = Full with { Hooks = Full.Hooks with { PostexecAfterCreate = true }, Check = null };
        Assert.Equal(["usb create", "postexec 9", "server prune"], Names(early, due)[4..7]);
    }

    [Fact]
    public void Show_commands_that_a_shell_can_run()
    {
        var texts = Steps(Full, Agreed).Select(step => step.ToString()).ToList();
        Assert.Equal("preexec 1: /usr/bin/dump --to '/var/my backups'", texts[0]);
        Assert.Equal("source paths: /etc", texts[1]);
        Assert.Equal("create: /usr/bin/borg create --json --log-json --show-version --lock-wait=600 --compression=lz4 -- "
            + "'/srv/borg::{hostname}-{now}' /etc", texts[2]);
        Assert.StartsWith("create: /usr/bin/dump --to '/var/my backups' | /usr/bin/borg create ", texts[3], StringComparison.Ordinal);
        Assert.EndsWith(" --stdin-name=shop.sql -- '/srv/borg::{hostname}-{now}' -", texts[3], StringComparison.Ordinal);
        Assert.Contains("textfile: /var/lib/metrics/web.prom", texts);
        Assert.Contains("push: https://push.example.org/metrics/job/assimilator/backup@base64/d2UvYg", texts);
    }

    [Fact]
    public void Show_what_borg_gets_from_the_configuration_but_not_how_it_gets_the_passphrase()
    {
        var configuration = Samples.Configuration with
        {
            Repositories =
            [
                Samples.Repository with { Location = "ssh://borg@host/./web", Passphrase = "canary", IdentityFile = "/root/my key" },
            ],
            Borg = Samples.Configuration.Borg with { Environment = [("BORG_CACHE_DIR", "/var/cache/b o")] },
        };
        var create = Steps(configuration, Agreed, ("BORG_PASSPHRASE", "canary"), ("PATH", "/bin"))[1].ToString();
        Assert.StartsWith("create: BORG_CACHE_DIR='/var/cache/b o' BORG_RSH='ssh -o BatchMode=yes ", create, StringComparison.Ordinal);
        Assert.Contains(" -i '\"'\"'/root/my key'\"'\"' ", create, StringComparison.Ordinal);
        Assert.DoesNotContain("PASSPHRASE", create, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", create, StringComparison.Ordinal);
        Assert.DoesNotContain("PATH=", create, StringComparison.Ordinal);
    }

    [Fact]
    public void Prune_deletes_only_with_consent_and_not_while_pruning_is_held()
    {
        string? Prune(RepositoryMemory memory, RetentionSettings? retention = null) => Steps(
            Samples.Configuration with { Repositories = [Samples.Repository with { Retention = retention ?? Retention }] }, memory)
            .SingleOrDefault(step => step.Name == "prune")?.What;
        Assert.DoesNotContain("--dry-run", Prune(Agreed), StringComparison.Ordinal);
        Assert.Contains("--dry-run", Prune(Agreed with { Consent = null }), StringComparison.Ordinal);
        Assert.Contains("--dry-run", Prune(Agreed with { Id = "other" }), StringComparison.Ordinal);
        Assert.DoesNotContain("--dry-run", Prune(Agreed with { Consent = null }, Retention with { Adopt = true }), StringComparison.Ordinal);
        Assert.Null(Prune(Agreed with { Hold = new(Now, "gone") }));
        Assert.Null(Prune(Agreed with { DamagedSince = Now }));
        Assert.Null(Prune(Agreed with { LastSuccess = Now.AddDays(1) }));
    }

    [Theory]
    [InlineData("Auto", 1, true, "if prune deletes archives")]
    [InlineData("Auto", 31, true, null)]
    [InlineData("Auto", 1, false, "never")]
    [InlineData("Always", 1, true, null)]
    [InlineData("Always", 1, false, null)]
    [InlineData("Never", 31, true, "never")]
    public void Compact_says_when(string when, int daysAgo, bool isAgreed, string? expected)
    {
        var memory = Agreed with { LastCompact = Now.AddDays(-daysAgo), Consent = isAgreed ? Agreed.Consent : null };
        var compact = Steps(Samples.Configuration with
        {
            Repositories = [Samples.Repository with { Retention = Retention with { Compact = Enum.Parse<CompactWhen>(when) } }],
        }, memory).SingleOrDefault(step => step.Name == "compact");
        Assert.Equal(expected, compact is null ? "never" : compact.If);
    }

    [Fact]
    public void Leave_out_what_somebody_did_not_choose()
    {
        var report = NewReport.Of(Full, Now, "usb");
        Assert.Equal(["create"], PlannedSteps.Of(Full with { Check = null }, report, new Dictionary<string, string>())
            .Where(step => step.Label is not null).Select(step => step.Name));
    }

    private static RepositorySettings Repository(string name, Script? stream) =>
        Samples.Repository with { Name = name, Stream = stream, Retention = Retention };

    private static string[] Names(BackupConfiguration configuration, RepositoryMemory memory) =>
        [.. Steps(configuration, memory).Select(step => $"{step.Label} {step.Name}".TrimStart())];

    private static IReadOnlyList<PlannedStep> Steps(
        BackupConfiguration configuration, RepositoryMemory memory, params (string Name, string Value)[] environment)
    {
        var report = NewReport.Of(configuration, Now);
        return PlannedSteps.Of(
            configuration, report with { Repositories = [.. report.Repositories.Select(one => one with { Memory = memory })] },
            environment.ToDictionary(variable => variable.Name, variable => variable.Value));
    }
}
