using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A host with a directory full of backups, and no option to name it.</summary>
public sealed class BackupDirectoryTests : IDisposable
{
    private const int Count = 12;

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public BackupDirectoryTests() => _backup = new TestBackup(_gateway).WithRealBorg().Remove("backup", "name");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Twelve_backups_of_which_two_are_broken()
    {
        _backup.Directory.Write("etc/assimilator.ini", _backup.ConfigurationText());
        _backup.Directory.Write("etc/passwd", File.ReadAllText("/etc/passwd"));
        for (var number = 1; number < Count; number++)
            _backup.Directory.Write($"etc/assimilator.d/backup-{number:00}.ini", "[include]\n1 = ../assimilator.ini\n"
                + (number is 3 or 7 ? "[paths]\nmissing = relative\n" : ""));
        _backup.Directory.Write("etc/assimilator.d/.backup.ini.swp", "not a configuration");
        _backup.Directory.Write("etc/assimilator.d/readme", "not a configuration");

        var result = Run();

        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Equal(Count - 2, _backup.Archives().Count);
        for (var number = 1; number < Count; number++)
            Assert.Equal(number is 3 or 7 ? 78 : 0, _gateway.Samples($"backup-{number:00}")["assimilator_return_code"]);
        Assert.Equal(0, _gateway.Samples("assimilator")["assimilator_return_code"]);
        var order = result.Output.Split('\n').Where(line => line.Contains("created archive", StringComparison.Ordinal)).ToList();
        Assert.Equal(order.Order(StringComparer.Ordinal), order);
        var status = Run("status");
        Assert.Equal(2, status.ExitCode);
        Assert.StartsWith("CRITICAL: 12 backups, 2 with problems: backup-03, backup-07\n", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, Run("run", "backup-05").ExitCode);
        Assert.Equal(Count - 1, _backup.Archives().Count);
    }

    private ProgramResult Run(params string[] arguments) => Programs.Run("bwrap",
        ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", _backup.Directory["etc"], "/etc", Repository.Binary, .. arguments], _backup.Environment);
}
