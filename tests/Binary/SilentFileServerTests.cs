using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What lies on a file server that does not answer holds who looks at it; it does not hold the run.</summary>
public sealed class SilentFileServerTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void The_report_is_pushed_without_the_textfile()
    {
        using var gateway = new PushgatewayServer();
        using var backup = new TestBackup(gateway).WithStandIn().AddScript("preexec", "1", "kill -TERM $PPID; sleep 20")
            .Set("backup", "shutdown_timeout", "8s").Set("textfile", "path", _backup.Directory["silent/test.prom"]);
        var result = Run(backup, _backup.Directory.MakeDirectory("silent"), seconds: 15);
        Assert.True(result.ExitCode == 143, result.ToString());
        Assert.Contains($"error: the report was not written to the textfile: {_backup.Directory["silent/test.prom"]} does not answer: "
            + "is its file server gone?\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(143, gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void A_path_there_counts_as_missing()
    {
        _backup.Set("paths", "2", _backup.Directory["silent"]);
        var result = Run(_backup, _backup.Directory["silent"], seconds: 35);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: the path {_backup.Directory["silent"]} does not answer: is its file server gone?\n",
            result.Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
    }

    [Fact]
    public void A_configuration_that_names_a_file_there_is_wrong()
    {
        _backup.Set("preexec", "1", _backup.Directory["silent"]);
        var result = Run(_backup, _backup.Directory["silent"], seconds: 35);
        Assert.True(result.ExitCode == 78, result.ToString());
        // Strace may have words of its own behind it.
        Assert.StartsWith($"assimilator: error: {_backup.ConfigurationFile}, or a file that it names, does not answer\n"
            + "assimilator: hint: is a file server gone?\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
    }

    /// <summary>Each look at the path takes so long, and cannot be broken off.</summary>
    private static ProgramResult Run(TestBackup backup, string path, int seconds)
    {
        backup.WriteConfiguration();
        return Programs.Run("strace", ["-f", "-qq", "-o", backup.Directory["trace"], "-P", path, "-e", "trace=%file",
            "-e", $"inject=%file:delay_enter={seconds}s", Repository.Binary, "-c", backup.ConfigurationFile], backup.Environment);
    }
}
