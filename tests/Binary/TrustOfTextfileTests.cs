using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>The textfile's directory is node_exporter's own, on Debian the one above it too. Whatever that user puts there, root
/// writes nothing anywhere else, reads nothing of anybody else's, and waits for nothing.</summary>
public sealed class TrustOfTextfileTests
{
    private const string NotOurs = "DIR/exporter/textfile/test.prom ";

    [Theory]
    [InlineData(":", null)]
    [InlineData("chmod 1777 DIR/exporter/textfile", null)]
    [InlineData("ln -s exporter DIR/link; mv DIR/exporter DIR/e; ln -s e DIR/exporter", null)]
    [InlineData("ln -s DIR/target DIR/exporter/textfile/test.prom", NotOurs + "is a link, expected a file")]
    [InlineData("ln -s DIR/missing DIR/exporter/textfile/test.prom", NotOurs + "is a link, expected a file")]
    [InlineData("ln DIR/target DIR/exporter/textfile/test.prom", NotOurs + "holds metrics of another program")]
    [InlineData("printf '# HELP up of another program\\n# TYPE up gauge\\n' > DIR/exporter/textfile/test.prom", NotOurs + "holds metrics of another program")]
    [InlineData("mkfifo DIR/exporter/textfile/test.prom", NotOurs + "is a pipe or device, expected a file")]
    [InlineData("mkdir DIR/exporter/textfile/test.prom", NotOurs + "is a directory, expected a file")]
    [InlineData("rmdir DIR/exporter/textfile; ln -s DIR/elsewhere DIR/exporter/textfile; chown -h 33 DIR/exporter/textfile",
        "cannot write DIR/exporter/textfile/test.prom: DIR/exporter/textfile is a link of user 33, who could lead it elsewhere")]
    [InlineData("rmdir DIR/exporter/textfile; ln -s DIR/exporter/a DIR/exporter/textfile; ln -s DIR/elsewhere DIR/exporter/a; "
        + "chown -h 33 DIR/exporter/a",
        "cannot write DIR/exporter/textfile/test.prom: DIR/exporter/a is a link of user 33, who could lead it elsewhere")]
    [InlineData("rmdir DIR/exporter/textfile",
        "cannot write DIR/exporter/textfile/test.prom: cannot open DIR/exporter/textfile: No such file or directory")]
    public void Root_writes_into_the_directory_of_another_user_and_nowhere_else(string shell, string? failure)
    {
        using var scene = new TrustScene();
        scene.Backup.Set("textfile", "path", "DIR/exporter/textfile/test.prom");
        scene.Prepare(Root, "mkdir -p DIR/exporter/textfile DIR/elsewhere; echo precious > DIR/target; "
            + $"chown 33 DIR/exporter DIR/exporter/textfile; {shell}");
        var result = scene.Run(Root);
        Assert.Equal(["script", "create"], scene.Calls());
        Assert.Equal("precious\n", Users.RunAsRoot("cat", scene.Filled("DIR/target")));
        Assert.Equal("", Users.RunAsRoot("ls", "-A", scene.Filled("DIR/elsewhere")));
        if (failure is null)
        {
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal("test.prom\n", Users.RunAsRoot("ls", "-A", scene.Filled("DIR/exporter/textfile/")));
        }
        else
        {
            Assert.Equal(1, result.ExitCode);
            Assert.Contains($"error: the report was not written to the textfile: {scene.Filled(failure)}\n", result.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(scene.Filled("DIR/missing")));
        }
    }

    [Fact]
    public void Root_removes_nothing_elsewhere_either()
    {
        using var scene = new TrustScene();
        scene.Backup.Set("textfile", "path", "DIR/exporter/textfile/test.prom");
        scene.Prepare(Root, "mkdir -p DIR/exporter/textfile; chown 33 DIR/exporter DIR/exporter/textfile");
        Assert.Equal(0, scene.Run(Root).ExitCode);
        Users.RunAsRoot("sh", "-c", scene.Filled(
            "mv DIR/exporter/textfile DIR/elsewhere; ln -s DIR/elsewhere DIR/exporter/textfile; chown -h 33 DIR/exporter/textfile"));
        var result = scene.Run(Root, "sh", "-c", "exec \"$@\" forget", "sh");
        Assert.Equal(69, result.ExitCode);
        Assert.Equal(scene.Filled("assimilator: error: the textfile was not removed: cannot remove DIR/exporter/textfile/test.prom: "
            + "DIR/exporter/textfile is a link of user 33, who could lead it elsewhere\n"), result.Error);
        Assert.Equal("test.prom\n", Users.RunAsRoot("ls", "-A", scene.Filled("DIR/elsewhere")));
    }

    /// <summary>The other user swaps directory and link as fast as possible, to be between a look and the write.</summary>
    [Fact]
    public void A_directory_that_is_swapped_for_a_link_all_the_time_leads_nowhere_else()
    {
        using var scene = new TrustScene();
        scene.Backup.Set("textfile", "path", "DIR/exporter/textfile/test.prom").Set("logging", "level", "error");
        scene.Prepare(Root, "mkdir -p DIR/exporter/textfile DIR/elsewhere; ln -s DIR/elsewhere DIR/exporter/link; "
            + "chown -h -R 33 DIR/exporter; chmod 777 DIR/exporter");
        using var swapper = new Swapper(scene.Filled("DIR/exporter/textfile"), scene.Filled("DIR/exporter/link"));
        var codes = Enumerable.Range(0, 40).Select(_ => scene.Run(Root).ExitCode).ToHashSet();
        swapper.Dispose();
        Assert.Subset(new HashSet<int> { 0, 1 }, codes);
        Assert.True(swapper.Count > 1000, $"only {swapper.Count} times");
        Assert.Equal("", Users.RunAsRoot("ls", "-A", scene.Filled("DIR/elsewhere")));
    }
}
