using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>A source path on a file server that does not answer holds the process that looks at it, but not the run.</summary>
public sealed class SilentFileServerTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void A_path_there_counts_as_missing()
    {
        var silent = _backup.Directory["silent"];
        _backup.Set("paths", "2", silent).WriteConfiguration();
        // Each look at the path takes so long, and cannot be interrupted.
        var result = Programs.Run("strace", ["-f", "-qq", "-o", _backup.Directory["trace"], "-P", silent, "-e", "trace=%file",
            "-e", "inject=%file:delay_enter=35s", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"{silent} does not respond", result.Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
    }
}
