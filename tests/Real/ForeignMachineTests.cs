using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The executable for the other architecture, under QEMU's emulation of a user's program: what it starts, borg and
/// scripts, is of this machine.</summary>
[Collection(nameof(BuiltRelease))]
public sealed class ForeignMachineTests(BuiltRelease release) : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Backs_up_with_the_real_borg_and_pushes_by_name_over_tls()
    {
        using var gateway = new TlsPushgatewayServer(_directory, "DNS:localhost");
        using var backup = Backup(gateway).WithRealBorg().AddScript("preexec", "1").AddScript("postexec", "1");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Single(backup.Archives());
        Assert.Equal(["preexec-1", "postexec-1"], backup.Calls());
        var samples = gateway.Samples(TestBackup.Name);
        Assert.Equal(0, samples["assimilator_return_code"]);
        Assert.Equal(backup.BorgJson("info", "--last=1", "--json", backup.Location)
            .GetProperty("archives")[0].GetProperty("stats").GetProperty("nfiles").GetInt32(), samples["assimilator_create_files_count"]);
    }

    [Fact]
    public void Ends_in_good_order_at_a_signal()
    {
        using var gateway = new TlsPushgatewayServer(_directory, "DNS:localhost");
        using var backup = Backup(gateway).WithStandIn(create: "kill -TERM $PPID; exec sleep 1000").AddScript("postexec", "1");
        var result = backup.Run();
        Assert.True(result.ExitCode == 143, result.ToString());
        Assert.Equal(["create", "postexec-1"], backup.Calls());
        Assert.Equal(143, gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void Kills_a_borg_that_hangs_and_reports_it()
    {
        using var gateway = new TlsPushgatewayServer(_directory, "DNS:localhost");
        using var backup = Backup(gateway).WithStandIn(create: "trap '' TERM; sleep 1000 & wait; wait")
            .Set("borg", "create_timeout", "1s");
        var result = backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal(1, gateway.Samples(TestBackup.Name)["assimilator_timed_out_processes"]);
    }

    [Fact]
    public void Says_whom_it_does_not_believe()
    {
        using var gateway = new TlsPushgatewayServer(_directory, "DNS:elsewhere.test");
        using var backup = Backup(gateway).WithStandIn();
        var result = backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("the gateway's certificate is not for localhost, but for elsewhere.test", result.Error, StringComparison.Ordinal);
    }

    private TestBackup Backup(TlsPushgatewayServer gateway) => new TestBackup { Command = release.ForeignCommand }
        .Set("pushgateway", "url", $"https://localhost:{gateway.Port}")
        .Set("backup", "instance", TestBackup.Instance)
        .Set("pushgateway", "ca_file", gateway.AuthorityFile)
        .Set("backup", "shutdown_timeout", "20s");
}
