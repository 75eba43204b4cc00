using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>State, lock and textfile are readable by the right users, whatever the umask, and written through no link.</summary>
public sealed class TrustOfStateTests
{
    [Theory]
    [InlineData(Root, "000")]
    [InlineData(User, "000")]
    [InlineData(User, "022")]
    public void What_is_made_is_closed_to_others_whatever_the_umask(uint user, string umask)
    {
        using var scene = Scene("DIR/new/state");
        scene.Backup.WithStandIn("umask 022; echo \"$JSON\"").Set("textfile", "path", "DIR/way/test.prom");
        // What scripts make is theirs: the umask that they get is the one we got.
        scene.Backup.Directory.WriteScript("way/script", $"umask > '{scene.Filled("DIR/umask")}'; chmod 644 '{scene.Filled("DIR/umask")}'");
        scene.Prepare(user, "touch DIR/calls DIR/umask DIR/arguments.create; chmod 666 DIR/calls DIR/umask DIR/arguments.create; "
            + $"chown {user} DIR/calls DIR/umask DIR/arguments.create DIR/way; chmod 755 DIR/borg-stand-in");
        foreach (var _ in new[] { 1, 2 })
        {
            var result = scene.Run(user, "sh", "-c", $"umask {umask}; exec \"$@\"", "sh");
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal("", result.Error);
        }
        Assert.Equal($"0{umask}\n", Users.RunAsRoot("cat", scene.Filled("DIR/umask")));
        Assert.Equal($"700 {user}\n600 {user}\n600 {user}\n644 {user}\n", Users.RunAsRoot("sh", "-c",
            scene.Filled("stat -c '%a %u' DIR/new/state DIR/new/state/test.json DIR/new/state/test.lock DIR/way/test.prom")));
    }

    [Theory]
    [InlineData("ln -s DIR/target DIR/state/test.lock", "DIR/state/test.lock: Too many levels of symbolic links")]
    [InlineData("ln -s DIR/target DIR/state/test.json", null)]
    [InlineData("ln DIR/target DIR/state/test.json", null)]
    [InlineData("mkdir DIR/exporter; chown 33 DIR/exporter; ln -s DIR/missing DIR/exporter/test.prom", null)]
    public void A_link_in_place_of_a_file_is_not_written_through(string shell, string? failure)
    {
        using var scene = new TrustScene();
        if (shell.Contains("exporter", StringComparison.Ordinal))
            scene.Backup.Set("textfile", "path", "DIR/exporter/test.prom");
        scene.Prepare(Root, $"echo precious > DIR/target; {shell}");
        var result = scene.Run(Root);
        Assert.False(File.Exists(scene.Filled("DIR/missing")));
        Assert.Equal("precious\n", Users.RunAsRoot("cat", scene.Filled("DIR/target")));
        Assert.True(result.ExitCode == (failure is null ? 0 : 1), result.ToString());
        if (failure is not null)
            Assert.Contains($"warning: running without a lock: cannot open {scene.Filled(failure)}\n", result.Error, StringComparison.Ordinal);
    }

    private static TrustScene Scene(string directory)
    {
        var scene = new TrustScene();
        scene.Backup.Set("state", "directory", directory);
        return scene;
    }
}
