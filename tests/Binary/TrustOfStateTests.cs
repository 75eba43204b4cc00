using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>Where the state is kept, nobody else can plant anything; and it is closed to others, whatever the umask.</summary>
public sealed class TrustOfStateTests
{
    private const string Place = "error: FILE:18: [state] directory: ";

    [Theory]
    [InlineData(Root, "DIR/state", ":")]
    [InlineData(Root, "DIR/state", "chmod 755 DIR/state")]
    [InlineData(Root, "DIR/state", "rm -r DIR/state")]
    [InlineData(Root, "DIR/state/a/b", ":")]
    [InlineData(Root, "DIR/link", "ln -s state DIR/link")]
    [InlineData(Root, "DIR/link/a", "ln -s state DIR/link; chown -h 65534 DIR/link")]
    [InlineData(Root, "DIR/open/mine", "mkdir -m 1777 DIR/open; mkdir DIR/open/mine")]
    [InlineData(User, "DIR/state", "chown root DIR/state; chmod 2770 DIR/state")]
    [InlineData(User, "DIR/state/mine", "chown root:33 DIR/state; chmod 775 DIR/state")]
    [InlineData(User, "DIR/open/mine", "mkdir -m 1777 DIR/open; mkdir DIR/open/mine; chown 33 DIR/open/mine")]
    public void A_directory_that_nobody_else_can_write_is_accepted(uint user, string directory, string shell)
    {
        using var scene = Scene(directory).Prepare(user, shell);
        scene.IsAccepted(scene.Run(user));
    }

    [Theory]
    [InlineData(Root, "DIR/state", "chown 65534 DIR/state", "DIR/state belongs to user 65534, who could replace what is in it", "chown root DIR/state")]
    [InlineData(Root, "DIR/state", "chmod 777 DIR/state", "DIR/state is writable by everybody, who could replace what is in it", "chmod go-w DIR/state")]
    [InlineData(Root, "DIR/state", "chgrp 33 DIR/state; chmod 770 DIR/state", "DIR/state is writable by group 33, which could replace what is in it", "chmod go-w DIR/state")]
    [InlineData(Root, "DIR/state/a", "chown 33 DIR/state", "DIR/state belongs to user 33, who could replace what is in it", "chown root DIR/state")]
    [InlineData(Root, "DIR/state", "chmod 1777 DIR/state", "DIR/state is writable by everybody, who could replace what is in it",
        "mkdir -m 700 DIR/state/assimilator, and name that")]
    [InlineData(Root, "DIR/open/mine/..", "mkdir -m 1777 DIR/open; mkdir DIR/open/mine", "DIR/open is writable by everybody, who could replace what is in it",
        "mkdir -m 700 DIR/open/assimilator, and name that")]
    [InlineData(Root, "DIR/open/here", "mkdir -m 1777 DIR/open; ln -s . DIR/open/here", "DIR/open is writable by everybody, who could replace what is in it",
        "mkdir -m 700 DIR/open/assimilator, and name that")]
    [InlineData(Root, "DIR/open/new", "mkdir -m 1777 DIR/open", "DIR/open/new does not exist, and others could make it first", "mkdir -m 700 DIR/open/new")]
    [InlineData(Root, "DIR/open/link/new", "mkdir -m 1777 DIR/open; ln -s DIR/state DIR/open/link; chown -h 65534 DIR/open/link",
        "DIR/open/link is a link of user 65534, who could lead it elsewhere", "chown -h root DIR/open/link")]
    [InlineData(User, "DIR/state", "chown 65534 DIR/state; chmod 755 DIR/state", "DIR/state belongs to user 65534, who could replace what is in it", "chown 33 DIR/state")]
    [InlineData(User, "DIR/state", "chown root:33 DIR/state; chmod 777 DIR/state", "DIR/state is writable by everybody, who could replace what is in it", "chmod go-w DIR/state")]
    public void A_directory_that_others_can_write_is_refused(uint user, string directory, string shell, string problem, string remedy)
    {
        using var scene = Scene(directory).Prepare(user, shell);
        scene.IsRefused(scene.Run(user), $"{Place}{problem}", $"hint: {remedy}");
    }

    [Fact]
    public void A_lock_that_others_could_take_is_closed_to_them()
    {
        using var scene = new TrustScene();
        scene.Prepare(Root, "chmod 755 DIR/state; touch DIR/state/test.lock; chmod 644 DIR/state/test.lock");
        scene.IsAccepted(scene.Run(Root));
        Assert.Equal("600\n", Users.RunAsRoot("stat", "-c", "%a", scene.Filled("DIR/state/test.lock")));
    }

    [Fact]
    public void A_refused_directory_is_not_touched_and_still_reported()
    {
        using var gateway = new PushgatewayServer();
        using var scene = new TrustScene();
        scene.Backup.Set("pushgateway", "url", gateway.Url).Set("pushgateway", "instance", TestBackup.Instance);
        scene.Prepare(Root, "chmod 777 DIR/state");
        var result = scene.Run(Root);
        Assert.Equal(78, result.ExitCode);
        Assert.Equal(78, gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
        Assert.Equal("", Users.RunAsRoot("ls", "-A", scene.Filled("DIR/state")));
    }

    [Theory]
    [InlineData(Root, "000")]
    [InlineData(Root, "777")]
    [InlineData(User, "000")]
    [InlineData(User, "022")]
    [InlineData(User, "777")]
    public void What_is_made_is_closed_to_others_whatever_the_umask(uint user, string umask)
    {
        using var scene = Scene("DIR/new/state");
        scene.Backup.WithStandIn("umask 022; echo \"$JSON\"").Set("textfile", "path", "DIR/way/test.prom");
        // What scripts make is theirs: the umask that they get is the one we got.
        scene.Backup.Directory.WriteScript("way/script", $"umask > '{scene.Filled("DIR/umask")}'; chmod 644 '{scene.Filled("DIR/umask")}'");
        scene.Prepare(user, "touch DIR/calls DIR/umask DIR/arguments.create DIR/environment.create; chmod 666 DIR/[ce]* DIR/umask DIR/arguments.create; "
            + $"chown {user} DIR/calls DIR/umask DIR/arguments.create DIR/environment.create DIR/way; chmod 755 DIR/borg-stand-in");
        foreach (var _ in new[] { 1, 2 })
        {
            var result = scene.Run(user, "sh", "-c", $"umask {umask}; exec \"$@\"", "sh");
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal("", result.Error);
        }
        Assert.Equal($"0{umask}\n", Users.RunAsRoot("cat", scene.Filled("DIR/umask")));
        Assert.Equal($"700 {user}\n700 {user}\n600 {user}\n600 {user}\n644 {user}\n", Users.RunAsRoot("sh", "-c",
            scene.Filled("stat -c '%a %u' DIR/new DIR/new/state DIR/new/state/test.json DIR/new/state/test.lock DIR/way/test.prom")));
    }

    [Theory]
    [InlineData("ln -s DIR/target DIR/state/test.lock", "DIR/state/test.lock: Too many levels of symbolic links")]
    [InlineData("ln -s DIR/target DIR/state/test.json", null)]
    [InlineData("ln DIR/target DIR/state/test.json", null)]
    public void A_link_in_place_of_a_file_is_not_written_through(string shell, string? failure)
    {
        using var scene = new TrustScene().Prepare(Root, $"echo precious > DIR/target; {shell}");
        var result = scene.Run(Root);
        Assert.Equal("precious\n", Users.RunAsRoot("cat", scene.Filled("DIR/target")));
        Assert.Equal(failure is null ? 0 : 1, result.ExitCode);
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
