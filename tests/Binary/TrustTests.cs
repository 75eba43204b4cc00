using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>Root runs and believes only what nobody else can change. Modes and owners are real.</summary>
public sealed class TrustTests
{
    private const string Script = "error: FILE:11: [preexec] 1: ";

    [Theory]
    [InlineData("DIR/way/script", ":")]
    [InlineData("DIR/way/script", "chmod 555 DIR/way/script DIR/way")]
    [InlineData("DIR/way/script", "chmod 711 DIR/way/script")]
    [InlineData("DIR/way/script", "chmod 775 DIR/way DIR/way/script")]
    [InlineData("DIR/way/script", "chgrp staff DIR/way; chmod 2775 DIR/way")]
    [InlineData("DIR/way/script", "chmod 1777 DIR/way")]
    [InlineData("DIR/way/../way/./script", ":")]
    [InlineData("DIR/link", "ln -s way/script DIR/link")]
    [InlineData("DIR/link/script", "ln -s way/. DIR/link")]
    public void What_nobody_else_can_change_is_accepted(string path, string shell)
    {
        using var scene = Scene(path).Prepare(Root, shell);
        scene.IsAccepted(scene.Run(Root));
    }

    [Theory]
    [InlineData("DIR/way/script", "chown 65534 DIR/way/script", "DIR/way/script belongs to user 65534", "chown root DIR/way/script")]
    [InlineData("DIR/way/script", "chmod 702 DIR/way/script", "DIR/way/script is writable by everyone", "chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chgrp 33 DIR/way/script; chmod 770 DIR/way/script", "DIR/way/script is writable by group 33",
        "chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chown 65534 DIR/way", "DIR/way belongs to user 65534", "move DIR/way/script to a directory owned by root")]
    [InlineData("DIR/way/script", "chown 65534 DIR/way; chmod 1777 DIR/way", "DIR/way belongs to user 65534",
        "move DIR/way/script to a directory owned by root")]
    [InlineData("DIR/way/script", "chmod 777 DIR/way", "DIR/way is writable by everyone", "chmod go-w DIR/way")]
    [InlineData("DIR/way/script", "chgrp 33 DIR/way; chmod 775 DIR/way", "DIR/way is writable by group 33", "chmod go-w DIR/way")]
    [InlineData("DIR/link", "ln -s way/script DIR/link; chmod 777 DIR/way", "DIR/way is writable by everyone", "chmod go-w DIR/way")]
    [InlineData("DIR/open/link", "mkdir -m 777 DIR/open; ln -s ../way/script DIR/open/link", "DIR/open is writable by everyone",
        "chmod go-w DIR/open")]
    public void What_others_could_change_is_refused_to_root(string path, string shell, string problem, string hint)
    {
        using var scene = Scene(path).Prepare(Root, shell);
        scene.IsRefused(scene.Run(Root), $"{Script}{problem}", $"hint: {hint}");
    }

    [Fact]
    public void Other_users_run_what_they_may_run()
    {
        using var scene = Scene().Prepare(User, "chown 65534 DIR/way/script; chmod 777 DIR/way DIR/way/script");
        scene.IsAccepted(scene.Run(User));
    }

    [Theory]
    [InlineData("borg", "path")]
    [InlineData("repository", "passphrase_file")]
    [InlineData("repository", "identity_file")]
    [InlineData("pushgateway", "ca_file")]
    [InlineData("pushgateway", "bearer_token_file")]
    [InlineData("pushgateway", "password_file")]
    public void Every_file_that_a_configuration_names_is_judged(string section, string key)
    {
        using var scene = Scene();
        scene.Backup.Directory.WriteScript("file", "exit 0");
        if (section == "pushgateway")
            scene.Backup.Set(section, "url", "https://localhost:1");
        if (key == "password_file")
            scene.Backup.Set(section, "username", "u");
        scene.Backup.Set(section, key, "DIR/file");
        scene.Prepare(Root, "chmod 700 DIR/file; chown 65534 DIR/file");
        var result = scene.Run(Root);
        Assert.Equal(78, result.ExitCode);
        Assert.Contains(scene.Filled($"[{section}] {key}: DIR/file belongs to user 65534"), result.Error, StringComparison.Ordinal);
        Assert.Empty(scene.Calls());
    }

    [Theory]
    [InlineData("chown 65534 FILE", "error: FILE: belongs to user 65534", "chown root FILE")]
    [InlineData("chmod 666 FILE", "error: FILE: is writable by everyone", "chmod go-w FILE")]
    [InlineData("chmod 777 DIR", "error: FILE: DIR is writable by everyone", "chmod go-w DIR")]
    [InlineData("echo hunter2 > FILE; chown 65534 FILE", "error: FILE: belongs to user 65534", "chown root FILE")]
    public void A_configuration_that_others_could_change_is_not_looked_into(string shell, string problem, string hint)
    {
        using var scene = Scene().Prepare(Root, shell);
        scene.IsRefused(scene.Run(Root), problem, $"hint: {hint}");
    }

    [Fact]
    public void One_directory_is_named_once_and_every_path_at_once()
    {
        using var scene = Scene();
        scene.Backup.Set("postexec", "1", "DIR/way/script").Set("postexec", "2", "/bin/sh").Set("borg", "path", "DIR/bin/borg");
        scene.Prepare(Root, "mkdir DIR/bin; mv DIR/borg-stand-in DIR/bin/borg; chown 65534 DIR/bin/borg; chmod 777 DIR/bin DIR/way");
        scene.IsRefused(scene.Run(Root),
            "error: FILE:5: [borg] path: DIR/bin is writable by everyone", "hint: chmod go-w DIR/bin",
            "error: FILE:5: [borg] path: DIR/bin/borg belongs to user 65534", "hint: chown root DIR/bin/borg",
            "error: FILE:11: [postexec] 1: DIR/way is writable by everyone", "hint: chmod go-w DIR/way");
    }

    /// <summary>Kubernetes mounts a ConfigMap read-only and with mode 777, Docker a file of the user who wrote it.</summary>
    [Theory]
    [InlineData("--unshare-pid --proc /proc --ro-bind DIR/way DIR/way", "chmod 777 DIR/way", true)]
    [InlineData("--unshare-pid --proc /proc --ro-bind DIR/way/script DIR/way/script", "chown 65534 DIR/way/script", true)]
    [InlineData("--unshare-pid --proc /proc", "chmod 777 DIR/way", false)]
    [InlineData("--ro-bind DIR/way DIR/way", "chmod 777 DIR/way", false)]
    public void What_is_mounted_read_only_into_a_container_is_accepted(string mounts, string shell, bool isAccepted)
    {
        using var scene = Scene().Prepare(Root, shell);
        var result = scene.Run(Root, $"bwrap --bind / / --dev /dev {mounts}".Split(' '));
        if (isAccepted)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"{Script}DIR/way is writable by everyone", "hint: chmod go-w DIR/way");
    }

    /// <summary>A command that borg would split in another way.</summary>
    [Theory]
    [InlineData("rsh", "ssh -v\\")]
    [InlineData("passcommand", "pass 'borg")]
    public void A_command_with_an_open_quote_is_refused(string key, string command)
    {
        using var scene = Scene();
        scene.Backup.Remove("repository", "passphrase_file").Set("repository", key, command);
        scene.IsRefused(scene.Prepare(Root, ":").Run(Root),
            $"error: FILE:15: [repository] {key}: has an unclosed quote, or a backslash at the end");
    }

    private static TrustScene Scene(string script = "DIR/way/script")
    {
        var scene = new TrustScene();
        scene.Backup.Set("preexec", "1", script);
        return scene;
    }
}
