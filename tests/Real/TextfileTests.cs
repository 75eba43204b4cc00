using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The report as a file, as node_exporter, Prometheus and promtool read it.</summary>
public abstract class ServedTextfileTests : IDisposable
{
    private protected const string Labels =
        $"job=\"assimilator\",instance=\"{TestBackup.Instance}\",backup=\"{TestBackup.Name}\",site=\"vienna\"";

    private readonly MonitoringPrograms _programs;
    private protected readonly PushgatewayServer _gateway;
    private protected readonly NodeExporterServer _exporter;
    private protected readonly TestBackup _backup;
    private protected readonly string _file;

    private protected ServedTextfileTests(MonitoringPrograms programs)
    {
        _programs = programs;
        _gateway = new PushgatewayServer(programs);
        _exporter = new NodeExporterServer(programs);
        _file = _exporter["test.prom"];
        _backup = new TestBackup(_gateway).WithStandIn().Set("labels", "site", "vienna").Set("textfile", "path", _file)
            .Set("backup", "interval", "24h");
    }

    public void Dispose()
    {
        _backup.Dispose();
        _exporter.Dispose();
        _gateway.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Node_exporter_serves_what_the_gateway_serves()
    {
        Assert.Equal(0, _backup.Run().ExitCode);

        Assert.Equal(Served(_gateway.Text().Split('\n')), Served(_exporter.Lines()));
        Assert.NotEmpty(Served(_exporter.Lines()));
        Assert.Contains("node_textfile_scrape_error 0", _exporter.Lines());
        var text = File.ReadAllText(_file);
        Assert.Contains($"\nassimilator_return_code{{{Labels}}} 0\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nassimilator_build_info{{{Labels},version=", text, StringComparison.Ordinal);
        // It would have that name, of the original, without _count.
        Assert.Equal("", Programs.Run("/bin/sh",
            ["-c", $"'{_programs["promtool"]}' check metrics < '{_file}' 2>&1 | grep -v files_count"]).Output);
    }

    /// <summary>With everything in it that a report can hold.</summary>
    [Fact]
    public void Each_run_replaces_the_report_of_the_one_before()
    {
        _backup.Set("retention", "daily", "7").AddScript("preexec", "1").AddScript("postexec", "1");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Contains($"\nborg_prune_return_code{{{Labels}}} 0\n", File.ReadAllText(_file), StringComparison.Ordinal);
        _backup.WithStandIn(prune: "exit 2");
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Contains($"\nborg_prune_return_code{{{Labels}}} 2\n", File.ReadAllText(_file), StringComparison.Ordinal);
        Assert.Equal(Served(_gateway.Text().Split('\n')), Served(_exporter.Lines()));
        Assert.Equal(0, _backup.Run("forget").ExitCode);
        Assert.False(File.Exists(_file));
    }

    [Fact]
    public void Alerts_fire_from_the_file_as_well()
    {
        using var prometheus = new PrometheusServer(
            [("node", _exporter.Address)], Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]), honorLabels: false,
            programs: _programs);
        _backup.Remove("pushgateway").WithStandIn(create: "exit 2");
        Assert.Equal(2, _backup.Run().ExitCode);
        Wait.Until(() => Firing(prometheus).Length > 0, "an alert fires");
        prometheus.WaitForEvaluations();
        Assert.Equal([$"BackupFailed {TestBackup.Name} of {_exporter.Address}"], Firing(prometheus));

        _backup.WithStandIn();
        Assert.Equal(0, _backup.Run().ExitCode);
        Wait.Until(() => Firing(prometheus).Length == 0, "the alert has ended");
    }

    private static string[] Firing(PrometheusServer prometheus) =>
        [.. prometheus.Query("ALERTS{alertstate=\"firing\"}").Select(alert =>
            $"{alert.Labels["alertname"]} {alert.Labels["backup"]} of {alert.Labels["instance"]}")];

    /// <summary>Samples and comments of ours: without the values, which each server writes in its own way, in one order.</summary>
    private static IEnumerable<string> Served(string[] lines) => lines
        .Where(line => line.TrimStart('#').Split([' ', '_', '{'], StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            && (first is "assimilator" or "borg" || (first is "HELP" or "TYPE" && line.Contains(" assimilator_", StringComparison.Ordinal))))
        .Select(line => line.StartsWith('#') ? line : Ordered(line)).Order(StringComparer.Ordinal);

    /// <summary>A served sample with its labels in the order of the file; Go writes long numbers in another form.</summary>
    private protected static string Ordered(string line)
    {
        var open = line.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return line;
        var close = line.LastIndexOf('}');
        string[] order = ["job", "instance", "backup", "site"];
        var labels = line[(open + 1)..close].Split(',')
            .OrderBy(label => Array.IndexOf(order, label.Split('=')[0]) is >= 0 and var place ? place : order.Length);
        var value = double.Parse(line[(close + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return $"{line[..open]}{{{string.Join(',', labels)}}} {value}";
    }
}

/// <summary>The same with the programs of Debian 13.</summary>
public sealed class TextfileOnTrixieTests() : ServedTextfileTests(MonitoringPrograms.Of("trixie"));

/// <summary>The report as a file, for a host without a Pushgateway or besides.</summary>
public sealed class TextfileTests() : ServedTextfileTests(MonitoringPrograms.Installed)
{
    [Fact]
    public void Everybody_may_read_it_whatever_the_umask_and_nothing_else_is_left()
    {
        _backup.WriteConfiguration();
        var result = Programs.Run("/bin/sh",
            ["-c", $"umask 077; exec '{Repository.Binary}' -c '{_backup.ConfigurationFile}'"], _backup.Environment);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("644", Convert.ToString((int)File.GetUnixFileMode(_file), 8));
        Assert.Equal([_file], Directory.GetFileSystemEntries(Path.GetDirectoryName(_file)!));
    }

    [Fact]
    public void It_is_written_without_a_gateway_and_with_one_that_is_down()
    {
        _backup.Set("pushgateway", "url", "http://127.0.0.1:1").Set("pushgateway", "retries", "0");
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Contains($"assimilator_return_code{{{Labels}}} 1", _exporter.Lines().Select(Ordered));
        Assert.Contains($"assimilator_warned_runs{{{Labels}}} 1", _exporter.Lines().Select(Ordered));

        _backup.Remove("pushgateway").WithStandIn(create: "exit 2");
        Assert.Equal(2, _backup.Run().ExitCode);
        Assert.Contains($"\nassimilator_return_code{{{Labels}}} 2\n", File.ReadAllText(_file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_configuration_is_reported_there_too()
    {
        _backup.Set("backup", "compression", "best");
        Assert.Equal(78, _backup.Run().ExitCode);
        Assert.Contains($"\nassimilator_return_code{{{Labels}}} 78\n", File.ReadAllText(_file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node_load1 0.5\n")]
    [InlineData("# HELP x X\n# TYPE x gauge\nx 1\n")]
    [InlineData("# Written by assimilator: backup=\"other\"\n")]
    [InlineData("\0")]
    public void What_is_not_this_backups_is_left_alone(string content)
    {
        File.WriteAllText(_file, content);
        ExpectRefusal(_file);
        Assert.Equal(content, File.ReadAllText(_file));
    }

    [Fact]
    public void An_empty_file_is_replaced()
    {
        File.WriteAllText(_file, "");
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_directory_that_is_not_there_costs_no_backup()
    {
        var path = _backup.Directory["nowhere/test.prom"];
        _backup.Set("textfile", "path", path);
        ExpectRefusal($"cannot write {path}");
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_no_half_of_a_new_one()
    {
        var directory = _backup.Directory.MakeDirectory("full");
        _backup.Set("textfile", "path", $"{directory}/test.prom").WriteConfiguration();
        var result = Programs.Run("bwrap",
            ["--bind", "/", "/", "--dev", "/dev", "--size", "16384", "--tmpfs", directory, "/bin/sh", "-c",
                $"""
                run="'{Repository.Binary}' -c '{_backup.ConfigurationFile}'"
                eval "$run" && cp {directory}/test.prom {_backup.Directory["before"]}
                head -c 100000 /dev/zero > {directory}/fill 2>/dev/null
                eval "$run"; echo second $?
                cmp {directory}/test.prom {_backup.Directory["before"]} && ls {directory}
                """],
            _backup.Environment);
        Assert.Contains("second 1\nfill\ntest.prom\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"cannot write the textfile: cannot write {directory}/test.prom: No space left on device",
            result.Error, StringComparison.Ordinal);
    }

    private void ExpectRefusal(string expected)
    {
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"assimilator: error: cannot write the textfile: {expected}", result.Error, StringComparison.Ordinal);
        Assert.Contains("[textfile] path must be a file that only this backup uses", result.Error, StringComparison.Ordinal);
    }
}
