using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>A file server that does not respond holds the process that looks at it, but not the run.</summary>
public sealed class SilentFileServerTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void A_path_there_counts_as_missing()
    {
        var silent = _backup.Directory["silent"];
        _backup.Set("paths", "2", silent);
        var result = RunWithSilent(silent);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"{silent} does not respond", result.Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
    }

    [Fact]
    public void A_repository_there_counts_as_absent()
    {
        var silent = _backup.Directory["silent"];
        _backup.Remove("repository", "location").Set("repository.nas", "location", silent).Set("repository.nas", "may_be_absent", "true")
            .Set("repository.disk", "location", _backup.Directory["repository"]);
        var result = RunWithSilent($"{silent}/config");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"nas: skipped: {silent} does not respond", result.Output, StringComparison.Ordinal);
        Assert.Equal(["create"], _backup.Calls());
    }

    /// <summary>Each look at the path takes longer than the program waits, and cannot be interrupted.</summary>
    private ProgramResult RunWithSilent(string path)
    {
        _backup.WriteConfiguration();
        return Programs.Run("strace", ["-f", "-qq", "-o", _backup.Directory["trace"], "-P", path, "-e", "trace=%file",
            "-e", "inject=%file:delay_enter=35s", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
    }
}
