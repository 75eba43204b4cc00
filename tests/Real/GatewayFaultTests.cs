using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>What goes wrong with the gateway itself; each test has its own, of this host and of newer Debians.</summary>
public sealed class GatewayFaultTests
{
    private const string Label = "main";

    /// <summary>The rules look every two hours whether a group was deleted; here nothing is that old.</summary>
    private static string Sharper(string rules) => rules.Replace("[14d:2h]", "[1h:1s]", StringComparison.Ordinal)
        .Replace("offset 2h", "offset 9s", StringComparison.Ordinal).Replace("> 7200", "> 9", StringComparison.Ordinal);

    [Fact]
    public void A_report_that_the_gateway_refuses_is_noticed()
    {
        using var stack = new MonitoringStack(mirrored: MonitoringPrograms.NewerSuites);
        using var backup = new WatchedBackup(stack, Label);
        // Another program has taken a name of ours, with another type.
        stack.Gateway.PutGroup("job/foreign", "# TYPE assimilator_return_code counter\nassimilator_return_code 1\n");
        Assert.Equal(1, backup.Backup.Run().ExitCode);
        stack.ExpectAlerts(Label, "BackupReportRejected");

        stack.Gateway.Delete("job/foreign");
        backup.Mended();
    }

    [Fact]
    public void A_restart_without_memory_alarms_nobody_but_for_a_host_that_is_silent()
    {
        using var stack = new MonitoringStack(Sharper, mirrored: MonitoringPrograms.NewerSuites);
        using var healthy = new WatchedBackup(stack, Label);
        using var silent = new WatchedBackup(stack, "silent");
        healthy.Good();
        silent.Good().Silent(TimeSpan.FromDays(2), "BackupReportMissing");

        stack.RestartGateway();
        stack.ExpectAlerts(Label);
        stack.ExpectAlerts("silent", "BackupReportMissing");

        healthy.Good();
        silent.Mended();
    }

    [Fact]
    public void A_gateway_that_is_down_is_noticed()
    {
        using var stack = new MonitoringStack(
            rules => rules.Replace("for: 10m", "for: 1s", StringComparison.Ordinal), mirrored: MonitoringPrograms.NewerSuites);
        using var backup = new WatchedBackup(stack, Label);
        backup.Good();

        stack.StopGateway();
        stack.ExpectAlerts(null, "BackupGatewayDown");

        stack.RestartGateway();
        stack.ExpectAlerts(null);
        backup.Good();
    }

    [Fact]
    public void A_backup_that_was_forgotten_is_not_missed()
    {
        using var stack = new MonitoringStack(Sharper, mirrored: MonitoringPrograms.NewerSuites);
        using var backup = new WatchedBackup(stack, Label);
        backup.Good().Silent(TimeSpan.FromDays(3), "BackupOverdue", "BackupReportMissing");

        Assert.Equal(0, backup.Backup.Run("forget").ExitCode);
        stack.ExpectAlerts(Label);
    }
}
