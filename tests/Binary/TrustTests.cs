using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>A file that is run, or says what is run, is refused as soon as somebody else could change it or anything on the way
/// to it, and only then. Modes and owners are real; the program runs as root and as another user.</summary>
public sealed class TrustTests
{
    private const string Script = "error: FILE:11: [preexec] 1: ";

    [Theory]
    [InlineData("DIR/way/script", ":")]
    [InlineData("DIR/way/script", "chmod 555 DIR/way/script DIR/way")]
    [InlineData("DIR/way/script", "chmod 775 DIR/way DIR/way/script")]
    [InlineData("DIR/way/script", "chgrp staff DIR/way; chmod 2775 DIR/way")]
    [InlineData("DIR/way/script", "chmod 1777 DIR/way")]
    [InlineData("DIR/way/script", "chgrp 4242 DIR/way; chmod 3777 DIR/way")]
    [InlineData("DIR/way/../way/./script", ":")]
    [InlineData("DIR/link", "ln -s way/script DIR/link")]
    [InlineData("DIR/link", "ln -s way/script DIR/link; chown -h 65534 DIR/link")]
    [InlineData("DIR/way/link", "ln -s script DIR/way/link; chmod 1777 DIR/way")]
    [InlineData("DIR/link/script", "ln -s way/. DIR/link")]
    [InlineData("DIR/link", "mkdir DIR/way/data; ln -s data DIR/way/..data; ln -s way/..data/s DIR/link; mv DIR/way/script DIR/way/..data/s; chmod 3777 DIR/way")]
    public void What_nobody_else_can_change_is_accepted_by_root(string path, string shell)
    {
        using var scene = Scene(path).Prepare(Root, shell);
        scene.IsAccepted(scene.Run(Root));
    }

    [Theory]
    [InlineData("DIR/way/script", "chown 65534 DIR/way/script", "DIR/way/script belongs to user 65534, who could change it", "chown root DIR/way/script")]
    [InlineData("DIR/way/script", "chown 65534 DIR/way/script; chmod 722 DIR/way/script", "DIR/way/script belongs to user 65534, who could change it",
        "chown root DIR/way/script; chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chmod 702 DIR/way/script", "DIR/way/script is writable by everybody, who could change it", "chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chgrp 33 DIR/way/script; chmod 770 DIR/way/script", "DIR/way/script is writable by group 33, which could change it", "chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chgrp 4242 DIR/way/script; chmod 770 DIR/way/script", "DIR/way/script is writable by group 4242, which could change it", "chmod go-w DIR/way/script")]
    [InlineData("DIR/way/script", "chown 65534 DIR/way", "DIR/way belongs to user 65534, who could replace what is in it", "chown root DIR/way")]
    [InlineData("DIR/way/script", "chmod 777 DIR/way", "DIR/way is writable by everybody, who could replace what is in it", "chmod go-w DIR/way")]
    [InlineData("DIR/way/script", "chgrp 33 DIR/way; chmod 775 DIR/way", "DIR/way is writable by group 33, which could replace what is in it", "chmod go-w DIR/way")]
    [InlineData("DIR/way/script", "chown 65534 DIR/way; chmod 1777 DIR/way", "DIR/way belongs to user 65534, who could replace what is in it", "chown root DIR/way")]
    [InlineData("DIR/way/script", "chmod 1777 DIR/way; chown 65534 DIR/way/script", "DIR/way/script belongs to user 65534, who could change it", "chown root DIR/way/script")]
    [InlineData("DIR/way/link", "ln -s script DIR/way/link; chown -h 33 DIR/way/link; chmod 1777 DIR/way; chown 33 DIR/way",
        "DIR/way belongs to user 33, who could replace what is in it", "chown root DIR/way")]
    [InlineData("DIR/way/link", "ln -s script DIR/way/link; chown -h 33 DIR/way/link; chmod 777 DIR/way",
        "DIR/way is writable by everybody, who could replace what is in it", "chmod go-w DIR/way",
        "DIR/way/link is a link of user 33, who could lead it elsewhere", "chown -h root DIR/way/link")]
    [InlineData("DIR/link", "mkdir DIR/links; ln -s ../way/script DIR/links/link; ln -s links/link DIR/link; chmod 777 DIR/links",
        "DIR/links is writable by everybody, who could replace what is in it", "chmod go-w DIR/links")]
    [InlineData("DIR/link", "ln -s DIR/way/script DIR/link; chown 65534 DIR/way", "DIR/way belongs to user 65534, who could replace what is in it", "chown root DIR/way")]
    [InlineData("DIR/link/../way/script", "mkdir DIR/a; mkdir -m 777 DIR/a/b; ln -s DIR/a/b DIR/link; mv DIR/way DIR/a", "DIR/a/b is writable by everybody, who could replace what is in it", "chmod go-w DIR/a/b")]
    [InlineData("DIR/way/script", "printf '#!DIR/sh\\n' > DIR/way/script; cp /bin/sh DIR/sh; chown 65534 DIR/sh", "DIR/sh belongs to user 65534, who could change it", "chown root DIR/sh")]
    [InlineData("DIR/way/script", "printf '#!DIR/wrap\n' > DIR/way/script; printf '#!DIR/sh\n' > DIR/wrap; chmod 755 DIR/wrap; cp /bin/sh DIR/sh; chown 65534 DIR/sh",
        "DIR/sh belongs to user 65534, who could change it", "chown root DIR/sh")]
    [InlineData("DIR/way/script", "D=DIR; printf \"#!${D#/}/sh\\n\" > DIR/way/script; cp /bin/sh DIR/sh; chown 65534 DIR/sh", "DIR/sh belongs to user 65534, who could change it", "chown root DIR/sh")]
    public void What_others_could_change_is_refused_to_root(string path, string shell, params string[] problemsAndRemedies)
    {
        using var scene = Scene(path).Prepare(Root, shell);
        scene.IsRefused(scene.Run(Root), Lines(Script, problemsAndRemedies));
    }

    [Theory]
    [InlineData("chown root DIR/way DIR/way/script; chmod 755 DIR/way/script")]
    [InlineData("chmod 775 DIR DIR/way DIR/way/script")]
    [InlineData("chown root:root DIR/way; chmod 775 DIR/way")]
    [InlineData("chown root:root DIR/way; chmod 1777 DIR/way")]
    public void What_only_root_and_the_user_can_change_is_accepted_by_the_user(string shell)
    {
        using var scene = Scene().Prepare(User, shell);
        scene.IsAccepted(scene.Run(User));
    }

    [Theory]
    [InlineData("chown 65534 DIR/way/script; chmod 755 DIR/way/script", "DIR/way/script belongs to user 65534, who could change it", "chown 33 DIR/way/script")]
    [InlineData("chmod 777 DIR/way", "DIR/way is writable by everybody, who could replace what is in it", "chmod go-w DIR/way")]
    [InlineData("chown root:4242 DIR/way; chmod 775 DIR/way", "DIR/way is writable by group 4242, which could replace what is in it", "chmod go-w DIR/way")]
    [InlineData("chown 65534 DIR/way", "DIR/way belongs to user 65534, who could replace what is in it", "chown 33 DIR/way")]
    public void What_third_users_could_change_is_refused_to_the_user(string shell, params string[] problemsAndRemedies)
    {
        using var scene = Scene().Prepare(User, shell);
        scene.IsRefused(scene.Run(User), Lines(Script, problemsAndRemedies));
    }

    [Theory]
    [InlineData("borg", "path", "DIR/file", "error: FILE:5: [borg] path: ")]
    [InlineData("borg", "environment", "BORG_RSH=DIR/file", "error: FILE:5: [borg] environment: ")]
    [InlineData("repository", "passphrase_file", "DIR/file", "error: FILE:15: [repository] passphrase_file: ")]
    [InlineData("repository", "identity_file", "DIR/file", "error: FILE:14: [repository] identity_file: ")]
    [InlineData("repository", "rsh", "DIR/file -v", "error: FILE:16: [repository] rsh: ")]
    [InlineData("pushgateway", "ca_file", "DIR/file", "error: FILE:14: [pushgateway] ca_file: ")]
    [InlineData("pushgateway", "bearer_token_file", "DIR/file", "error: FILE:14: [pushgateway] bearer_token_file: ")]
    [InlineData("pushgateway", "password_file", "DIR/file", "error: FILE:14: [pushgateway] password_file: ")]
    public void Every_file_that_a_configuration_names_is_looked_at(string section, string key, string value, string place)
    {
        using var scene = Scene();
        scene.Backup.Directory.WriteScript("file", "exit 0");
        if (section == "pushgateway")
            scene.Backup.Set(section, "url", "https://localhost:1");
        if (key == "password_file")
            scene.Backup.Set(section, "username", "u");
        scene.Backup.Set(section, key, value);
        scene.Prepare(Root, "chown 65534 DIR/file");
        var refused = Lines(place, "DIR/file belongs to user 65534, who could change it", "chown root DIR/file");
        scene.IsRefused(scene.Run(Root), refused);
    }

    /// <summary>The kernel goes by other bytes than can be told here, or by a shorter way: what stands there is another user's.</summary>
    [Theory]
    [InlineData("d=$(printf 'DIR/b\\374'); mkdir \"$d\"; mv DIR/way/script \"$d\"; chown 65534 \"$d\" \"$d/script\"; rmdir DIR/way; ln -s \"$d\" DIR/way")]
    [InlineData("n=$(printf '%0200d' 0); l=$n/$n/$n/$n/$n/$n/$n/$n/$n/$n/$n/$n; cd DIR; mkdir -p $l; cd -P $l; mkdir -p $l; cd -P $l; mv DIR/way/script .; "
        + "chown 65534 script; cd DIR; rmdir way; ln -s DIR/$l one; cd one; ln -s $l two; ln -s one/two DIR/way")]
    public void What_cannot_be_looked_at_is_refused(string shell)
    {
        using var scene = Scene().Prepare(Root, shell);
        var result = scene.Run(Root);
        Assert.True(result.ExitCode == 78, result.ToString());
        Assert.Contains("cannot be looked at, so nobody knows whose it is\nassimilator: hint: give it a shorter name, in UTF-8\n",
            result.Error, StringComparison.Ordinal);
        Assert.Empty(scene.Calls());
    }

    /// <summary>Then nobody knows who is in a group.</summary>
    [Theory]
    [InlineData("", null)]
    [InlineData("M\\374ller", "DIR/way is writable by group 4242, which could replace what is in it")]
    [InlineData("\\000", "DIR/way is writable by group 4242, which could replace what is in it")]
    public void A_list_of_users_may_be_in_any_encoding(string name, string? problem)
    {
        using var scene = Scene().Prepare(Root, $"chgrp 4242 DIR/way; chmod 775 DIR/way; echo h:x:4242: > DIR/group; cp /etc/passwd DIR/passwd; "
            + $"printf 'h:x:4242:{(problem is null ? 0 : 4242)}:{name}:/:/bin/sh\\n' >> DIR/passwd");
        var result = scene.Run(Root, scene.Filled("bwrap --bind / / --dev /dev --ro-bind DIR/passwd /etc/passwd --ro-bind DIR/group /etc/group").Split(' '));
        if (problem is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: {problem}", "hint: chmod go-w DIR/way");
    }

    /// <summary>Nobody else is in the group as far as these files know.</summary>
    [Theory]
    [InlineData("passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: dns", "", true)]
    [InlineData("passwd: compat # ldap\ngroup:compat", "", true)]
    [InlineData("", "", true)]
    [InlineData("passwd: files\ngroup: files ldap", "", false)]
    [InlineData("passwd:\tsss files systemd\ngroup: files", "", false)]
    [InlineData("passwd: files\ngroup: files[SUCCESS=continue]sss", "", false)]
    [InlineData("passwd: compat\ngroup: compat", "+::::::", false)]
    public void A_directory_of_users_could_put_others_into_a_group(string sources, string line, bool isAccepted)
    {
        using var scene = Scene().Prepare(Root, $"chgrp 4242 DIR/way; chmod 775 DIR/way; echo h:x:4242: > DIR/group; "
            + $"(cat /etc/passwd; echo '{line}') > DIR/passwd; echo '{sources}' > DIR/sources");
        var result = scene.Run(Root, scene.Filled("bwrap --bind / / --dev /dev --ro-bind DIR/passwd /etc/passwd "
            + "--ro-bind DIR/group /etc/group --ro-bind DIR/sources /etc/nsswitch.conf").Split(' '));
        if (isAccepted)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, "error: FILE:11: [preexec] 1: DIR/way is writable by group 4242, which could replace what is in it",
                "hint: chmod go-w DIR/way");
    }

    /// <summary>Whom a group's administrators, or its password, could let in.</summary>
    [Theory]
    [InlineData("other:!::", null)]
    [InlineData("h:!::", null)]
    [InlineData("h:*::\\nother:$6$x:alice:", null)]
    [InlineData("h:!:root:", null)]
    [InlineData("h:!:alice:", "group 4242")]
    [InlineData("h:$6$salt$hash::", "group 4242")]
    public void A_group_is_open_to_whom_it_lets_in(string line, string? writers)
    {
        using var scene = Scene().Prepare(Root, "chgrp 4242 DIR/way; chmod 775 DIR/way; echo h:x:4242: > DIR/group; "
            + $"printf '%b\\n' '{line}' > DIR/shadow");
        var result = scene.Run(Root, scene.Filled(
            "bwrap --bind / / --dev /dev --ro-bind DIR/group /etc/group --ro-bind DIR/shadow /etc/gshadow").Split(' '));
        if (writers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: DIR/way is writable by {writers}, which could replace what is in it",
                "hint: chmod go-w DIR/way");
    }

    /// <summary>Borg keeps its keys and caches in there, and Python runs what lies in a home.</summary>
    [Theory]
    [InlineData("HOME", "chown 33 DIR/own", "sudo -H; or give borg another one here: HOME=…")]
    [InlineData("XDG_CONFIG_HOME", "chown 33 DIR/own", "unset it, or give another one here: XDG_CONFIG_HOME=…")]
    [InlineData("XDG_CACHE_HOME", "chown 33 DIR/own", "unset it, or give another one here: XDG_CACHE_HOME=…")]
    [InlineData("HOME", "rmdir DIR/own; chown 33 DIR/way; ln -s ../state DIR/way/own; ln -s way/own DIR/own", "sudo -H; or give borg another one here: HOME=…")]
    [InlineData("HOME", "rmdir DIR/own; chown 33 DIR/way; ln -s way/new DIR/own", "sudo -H; or give borg another one here: HOME=…")]
    [InlineData("HOME", "chmod 777 DIR/own; mkdir -p DIR/own/.cache/borg; chown -R 33 DIR/own/.cache", "sudo -H; or give borg another one here: HOME=…")]
    [InlineData("HOME", "chmod 777 DIR/own", null)]
    [InlineData("HOME", "rmdir DIR/own", null)]
    public void The_home_of_another_user_is_refused(string name, string shell, string? hint)
    {
        using var scene = Scene();
        scene.Backup.Directory.MakeDirectory("own");
        scene.Backup.Environment[name] = scene.Filled("DIR/own");
        scene.Prepare(Root, shell);
        var result = scene.Run(Root);
        if (hint is null)
            scene.IsAccepted(result);
        else
        {
            Assert.Equal(78, result.ExitCode);
            Assert.Matches(scene.Filled(@$"error: FILE:4: \[borg\] environment: DIR/(own|way|own/.cache) belongs to user 33, who could replace what is in it, "
                + $@"and {name} leads there\nassimilator: hint: {hint}\n"), result.Error);
            Assert.Empty(scene.Calls());
        }
    }

    [Theory]
    [InlineData("XDG_CACHE_HOME=DIR/tmp", "DIR/tmp/borg does not exist, and others could make it first, and XDG_CACHE_HOME leads there")]
    [InlineData("HOME=DIR/tmp", null)]
    public void What_others_could_make_before_borg_does_is_refused(string variable, string? problem)
    {
        using var scene = Scene().Prepare(Root, "mkdir -m 1777 DIR/tmp");
        var directory = scene.Filled("DIR/tmp");
        var result = scene.Run(Root, "env", variable);
        if (problem is null)
            scene.IsAccepted(result);
        else
        {
            Assert.Equal(78, result.ExitCode);
            Assert.Contains($"environment: {scene.Filled(problem)}\nassimilator: hint: mkdir -m 700 {directory}/borg\n",
                result.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A rest of what was tried: <c>usercustomize.py</c> there would run in each borg.</summary>
    [Theory]
    [InlineData("700", false, null)]
    [InlineData("1777", false, "1")]
    [InlineData("777", false, "1")]
    [InlineData("777", true, "1")]
    public void Python_reads_no_modules_from_a_home_that_others_could_change(string mode, bool isConfigured, string? noUserSite)
    {
        using var scene = new TrustScene();
        scene.Backup.WithStandIn(create: "echo \"$PYTHONNOUSERSITE\" > \"${0%/*}/site\"; echo \"$JSON\"");
        scene.Backup.Directory.MakeDirectory("own");
        if (isConfigured)
            scene.Backup.Set("borg", "environment", "HOME=DIR/own");
        else
            scene.Backup.Environment["HOME"] = scene.Filled("DIR/own");
        scene.IsAccepted(scene.Prepare(Root, $"chmod {mode} DIR/own").Run(Root));
        Assert.Equal($"{noUserSite}\n", Users.RunAsRoot("cat", scene.Filled("DIR/site")));
    }

    /// <summary>.NET reads something else in its place.</summary>
    [Fact]
    public void What_borg_would_get_changed_is_refused()
    {
        using var scene = Scene().Prepare(Root, ":");
        scene.IsRefused(scene.Run(Root, "sh", "-c", "BORG_REMOTE_PATH=$(printf '/m\\374ller') exec \"$@\"", "sh"),
            "error: FILE:4: [borg] environment: BORG_REMOTE_PATH in the environment is not UTF-8, and borg would get another one",
            "hint: unset it, or give another one here: BORG_REMOTE_PATH=…");
    }

    /// <summary>A command that borg would cut otherwise is not one that was judged.</summary>
    [Theory]
    [InlineData("DIR/file\\")]
    [InlineData("DIR/file 'x")]
    public void A_remote_shell_that_is_not_closed_is_refused(string command)
    {
        const string problem = "a quote is not closed, or a backslash ends the line";
        using var scene = Scene().Prepare(Root, ":");
        scene.Backup.Environment["BORG_RSH"] = command;
        scene.IsRefused(scene.Run(Root), $"error: FILE:13: [repository] rsh: {problem}");
        scene.Backup.Environment.Remove("BORG_RSH");
        scene.Backup.Set("repository", "rsh", command);
        scene.Prepare(Root, ":");
        scene.IsRefused(scene.Run(Root), $"error: FILE:16: [repository] rsh: {problem}");
    }

    /// <summary>What cannot be a program, borg will say.</summary>
    [Theory]
    [InlineData("mkfifo DIR/program")]
    [InlineData("mkdir DIR/program")]
    [InlineData(":")]
    public void A_program_of_borg_that_is_no_file_is_left_to_borg(string shell)
    {
        using var scene = Scene();
        scene.Backup.Set("repository", "rsh", "DIR/program -v");
        scene.Prepare(Root, shell);
        scene.IsAccepted(scene.Run(Root));
    }

    [Theory]
    [InlineData("chown 65534 FILE", "belongs to user 65534, who could change it", "chown root FILE")]
    [InlineData("chmod 666 FILE", "is writable by everybody, who could change it", "chmod go-w FILE")]
    [InlineData("chmod 777 DIR", "DIR is writable by everybody, who could replace what is in it", "chmod go-w DIR")]
    [InlineData("echo hunter2 > FILE; chown 65534 FILE", "belongs to user 65534, who could change it", "chown root FILE")]
    public void A_configuration_that_others_could_change_is_not_even_read(string shell, params string[] problemsAndRemedies)
    {
        using var scene = Scene().Prepare(Root, shell);
        scene.IsRefused(scene.Run(Root), Lines("error: FILE: ", problemsAndRemedies));
    }

    [Fact]
    public void One_directory_is_named_once_and_every_place_at_once()
    {
        using var scene = Scene();
        scene.Backup.Set("postexec", "1", "DIR/way/script").Set("postexec", "2", "/bin/sh").Set("borg", "path", "DIR/bin/borg");
        scene.Prepare(Root, "mkdir DIR/bin; mv DIR/borg-stand-in DIR/bin/borg; chown 65534 DIR/bin/borg; chmod 777 DIR/bin DIR/way");
        scene.IsRefused(scene.Run(Root),
            "error: FILE:5: [borg] path: DIR/bin is writable by everybody, who could replace what is in it", "hint: chmod go-w DIR/bin",
            "error: FILE:5: [borg] path: DIR/bin/borg belongs to user 65534, who could change it", "hint: chown root DIR/bin/borg",
            "error: FILE:11: [postexec] 1: DIR/way is writable by everybody, who could replace what is in it", "hint: chmod go-w DIR/way");
    }

    private static TrustScene Scene(string script = "DIR/way/script")
    {
        var scene = new TrustScene();
        scene.Backup.Set("preexec", "1", script);
        return scene;
    }

    private static string[] Lines(string place, params string[] problemsAndRemedies) =>
        [.. problemsAndRemedies.Select((line, i) => i % 2 == 0 ? $"{place}{line}" : $"hint: {line}")];
}
