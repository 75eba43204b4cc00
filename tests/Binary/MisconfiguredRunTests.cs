using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>A configuration error is reported to the Pushgateway, as long as it is sure to which group.</summary>
public sealed class MisconfiguredRunTests
{
    private const string LastSuccess = "assimilator_last_success_timestamp_seconds";

    [Theory]
    [InlineData("compression = lz5")]
    [InlineData("intervall = 24h")]
    [InlineData("just a line")]
    [InlineData("[retenion]\ndaily = 7")]
    [InlineData("[retention")]
    [InlineData("[email]\nto = root")]
    [InlineData("[paths]\n2 = home")]
    [InlineData("[preexec]\n2 = /missing")]
    [InlineData("[borg]\npath2 = x")]
    public void ErrorIsReported(string lines)
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);

        var result = broken.Replace("name", $"name = {TestBackup.Name}\n{lines}").Run();

        Assert.Equal(78, result.ExitCode);
        Assert.Equal($"assimilator: report pushed to {GroupUrl(gateway)}\n", result.Output);
        Assert.StartsWith(
            $"assimilator: error: {broken.Backup.ConfigurationFile}:", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(" so nothing was started\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(78, gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
        Assert.Empty(broken.Backup.Calls());
    }

    [Theory]
    [InlineData("url", "url = URL/metrics")]
    [InlineData("url", "url = URL\ntimeout = soon")]
    [InlineData("url", "url = URL\nusername = backup")]
    [InlineData("url", "url = URL\nintsance = x")]
    [InlineData("url", "url = URL\nx")]
    [InlineData("[pushgateway]", "[pushgatway]")]
    [InlineData("[pushgateway]", "[pushgateway ; here")]
    [InlineData("[pushgateway]", "[labels]\njob = x\n[pushgateway]")]
    [InlineData("[pushgateway]", "[labels]\npassphrase = hunter2\n[pushgateway]")]
    [InlineData("[pushgateway]", "[labels]\nsite vienna\n[pushgateway]")]
    [InlineData("[pushgateway]", "[lables]\nsite = vienna\n[pushgateway]")]
    [InlineData("[pushgateway]", "[labels\nsite = vienna\n[pushgateway]")]
    [InlineData("name", "name = a/b")]
    [InlineData("name", "NAME = ${UNDEFINED}")]
    [InlineData("name", "name = a\nname = b")]
    [InlineData("name", "nmae = web")]
    [InlineData("name", "name web")]
    [InlineData("[backup]", "[bakcup]")]
    [InlineData("[backup]", "x = y\n[backup]")]
    [InlineData("directory", "directory = state")]
    public void NothingIsReportedWhereItCouldGoWrong(string line, string by)
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);

        var result = broken.Replace(line, by.Replace("URL", gateway.Url, StringComparison.Ordinal)).Run();

        Assert.Equal(78, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.EndsWith(" so nothing was started or reported\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("assimilator_", gateway.Text(), StringComparison.Ordinal);
        Assert.Empty(broken.Backup.Calls());
    }

    [Theory]
    [InlineData("timeout = soon")]
    [InlineData("retires = 3")]
    [InlineData("password_file = /missing")]
    [InlineData("ca_file = /missing")]
    public void ErrorInTheGatewaysSectionIsReportedInTheTextfile(string line)
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);
        var textfile = broken.Backup.Directory["backup.prom"];
        broken.Replace("url", $"url = {gateway.Url}\n{line}").Append($"[textfile]\npath = {textfile}");

        Assert.Equal(78, broken.Run().ExitCode);

        Assert.Contains($"assimilator_return_code{{job=\"assimilator\",instance=\"{TestBackup.Instance}\",backup=\"test\"}} 78\n",
            File.ReadAllText(textfile), StringComparison.Ordinal);
        Assert.DoesNotContain("assimilator_", gateway.Text(), StringComparison.Ordinal);
        Assert.Equal(78, broken.Run("forget").ExitCode);
        Assert.True(File.Exists(textfile));
    }

    [Theory]
    [InlineData("intsance = x")]
    [InlineData("host = x")]
    [InlineData("job =")]
    public void ErrorInTheLabelsIsNotReportedInTheTextfileEither(string line)
    {
        using var broken = new BrokenConfiguration();
        var textfile = broken.Backup.Directory["backup.prom"];
        broken.Append($"[pushgateway]\nurl = http://127.0.0.1:9\n{line}\n[textfile]\npath = {textfile}");

        Assert.Equal(78, broken.Run().ExitCode);

        Assert.False(File.Exists(textfile));
    }

    [Fact]
    public void LastSuccessOfTheStateStays()
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);
        Assert.Equal(0, broken.Run().ExitCode);
        var before = gateway.Samples(TestBackup.Name);
        var known = broken.Backup.State().GetProperty("repositories").GetRawText();

        Assert.Equal(78, broken.Append("[hooks]\ntimeout = 0").Run().ExitCode);

        var after = gateway.Samples(TestBackup.Name);
        Assert.Equal(0, before["assimilator_return_code"]);
        Assert.Equal(78, after["assimilator_return_code"]);
        Assert.Equal(before[LastSuccess], after[LastSuccess]);
        Assert.DoesNotContain("assimilator_create_return_code", after.Keys);
        Assert.Equal(known, broken.Backup.State().GetProperty("repositories").GetRawText());
        // Once the configuration is right again, status still tells that no backup was made.
        broken.Backup.WriteConfiguration();
        Assert.Equal(2, broken.Backup.Run("status").ExitCode);
        Assert.Equal(0, broken.Backup.Run().ExitCode);
        Assert.Equal(0, broken.Backup.Run("status").ExitCode);
        Assert.Equal(["preexec-1", "create", "postexec-1", "preexec-1", "create", "postexec-1"], broken.Backup.Calls());
    }

    [Fact]
    public void LastSuccessOfTheGatewayStaysWhenThereIsNoState()
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);
        gateway.Put(TestBackup.Name, $"{LastSuccess} 123\nassimilator_create_return_code 1\n");

        Assert.Equal(78, broken.Append("[hooks]\ntimeout = 0").Run().ExitCode);

        var samples = gateway.Samples(TestBackup.Name);
        Assert.Equal(78, samples["assimilator_return_code"]);
        Assert.Equal(123, samples[LastSuccess]);
        Assert.Equal(1, samples["assimilator_create_return_code"]);
    }

    [Fact]
    public void ConfigurationErrorStaysOneWithoutAGateway()
    {
        using var broken = new BrokenConfiguration();
        var port = Server.FreePort();
        broken.Append($"[backup]\ninstance = {TestBackup.Instance}\n[pushgateway]\n"
            + $"url = http://u:{BrokenConfiguration.Canary}@127.0.0.1:{port}\nretries = 0\n[hooks]\ntimeout = 0").IsRefused([
                $"FILE:28: [hooks] timeout: {Duration}, or 'none', found '0'",
                $"cannot push the report to http://127.0.0.1:{port}/metrics/job/assimilator/instance/{TestBackup.Instance}"
                    + $"/backup/test: cannot connect to 127.0.0.1:{port}: Connection refused",
            ]);
    }

    [Fact]
    public void ValidateReportsNothing()
    {
        using var gateway = new PushgatewayServer();
        using var broken = new BrokenConfiguration(gateway);

        var result = broken.Append("[hooks]\ntimeout = 0").Run("validate");

        Assert.Equal(78, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.DoesNotContain("assimilator_", gateway.Text(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(broken.Backup.Directory["state"]));
    }

    private static string GroupUrl(PushgatewayServer gateway) =>
        $"{gateway.Url}/metrics/job/assimilator/instance/{TestBackup.Instance}/backup/{TestBackup.Name}";
}
