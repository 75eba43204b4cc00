using System.Runtime.InteropServices;
using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.TrustScene;

namespace Assimilator.Tests.Binary;

/// <summary>Where modes and owners alone do not tell: containers, access lists, descriptors.</summary>
public sealed partial class TrustInContainersTests
{
    private const string Container = "bwrap --bind / / --dev /dev --unshare-pid --proc /proc";

    /// <summary>Kubernetes mounts a ConfigMap read-only and with mode 777, Docker a file of the user who wrote it.</summary>
    [Theory]
    [InlineData(Container + " --ro-bind DIR/way DIR/way", "chmod 777 DIR/way", null)]
    [InlineData(Container + " --ro-bind DIR/way/script DIR/way/script", "chown 65534 DIR/way/script", null)]
    [InlineData(Container + " --ro-bind DIR/way DIR/way",
        "mv DIR/way/script DIR/way/s; ln -s s DIR/way/script; chown -h 65534 DIR/way/s DIR/way/script DIR/way", null)]
    [InlineData(Container, "chmod 777 DIR/way", "DIR/way is writable by everybody, who could replace what is in it")]
    [InlineData("bwrap --bind / / --dev /dev --ro-bind DIR/way DIR/way", "chmod 777 DIR/way", "DIR/way is writable by everybody, who could replace what is in it")]
    public void What_is_mounted_read_only_into_a_container_is_accepted(string before, string shell, string? problem)
    {
        using var scene = new TrustScene().Prepare(Root, shell);
        var result = scene.Run(Root, before.Split(' '));
        if (problem is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: {problem}", "hint: chmod go-w DIR/way");
    }

    [Fact]
    public void A_file_that_is_exchanged_for_a_link_to_what_is_read_only_is_not_accepted()
    {
        using var scene = new TrustScene().Prepare(Root, "mkdir DIR/mounted; cp -p DIR/way/script DIR/mounted; "
            + "ln -s DIR/mounted/script DIR/way/link; chown -h 65534 DIR/way/link DIR/way/script; chmod 1777 DIR/way");
        using var swapper = new Swapper(scene.Filled("DIR/way/script"), scene.Filled("DIR/way/link"));
        foreach (var _ in Enumerable.Range(0, 100))
            Assert.Equal(78, scene.Run(Root, $"{Container} --ro-bind DIR/mounted DIR/mounted".Split(' ')).ExitCode);
        Assert.Empty(scene.Calls());
    }

    /// <summary>In a user namespace of an ordinary user, root's files seem to be nobody's; in one of root's, they do not.</summary>
    [Theory]
    [InlineData(User, "bwrap --unshare-user --uid 0 --gid 0 --bind / / --dev /dev", "chown root DIR/way; chmod 755 DIR/way")]
    [InlineData(User, "bwrap --unshare-user --uid 33 --gid 33 --bind / / --dev /dev", "chown root DIR/way")]
    [InlineData(User, "bwrap --unshare-user --uid 0 --gid 0 --bind / / --dev /dev", "chown root DIR/way; chmod 757 DIR/way",
        "DIR/way is writable by everybody, who could replace what is in it", "chmod go-w DIR/way")]
    [InlineData(Root, "unshare --user --map-root-user", "chown 33 DIR/way", "DIR/way belongs to user 65534, who could replace what is in it", "chown root DIR/way")]
    public void Owners_whom_a_user_namespace_does_not_have_are_taken_for_its_host(uint user, string before, string shell, params string[] refusal)
    {
        using var scene = new TrustScene().Prepare(user, shell);
        var result = scene.Run(user, before.Split(' '));
        if (refusal.Length == 0)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: {refusal[0]}", $"hint: {refusal[1]}");
    }

    /// <summary>As in an unprivileged container, which has a nobody that is not the host's root, but is shown as the same.</summary>
    [Theory]
    [InlineData(0, null)]
    [InlineData(100000, null)]
    [InlineData(165534, "DIR/way/script belongs to user 65534, who could change it")]
    [InlineData(100033, "DIR/way/script belongs to user 33, who could change it")]
    public void The_nobody_of_a_container_is_not_taken_for_its_host(int owner, string? problem)
    {
        const string enter = "unshare --user sleep 60 & child=$!; until echo '0 100000 65536' > /proc/$child/uid_map; do sleep 0.1; done 2>/dev/null; "
            + "echo '0 100000 65536' > /proc/$child/gid_map; nsenter -t $child -U -S 0 -G 0 \"$@\"; code=$?; kill $child; exit $code";
        using var scene = new TrustScene().Prepare(100000, $"chown {owner}:{owner} DIR/way/script; chmod 755 DIR/way/script");
        var result = scene.Run(Root, "sh", "-c", enter, "sh");
        if (problem is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: {problem}", "hint: chown root DIR/way/script");
    }

    /// <summary>The mode's group bits are then the most that the list gives; who is in the group does not matter.</summary>
    [Theory]
    [InlineData(Root, 7, "DIR/way is writable by group 0, which could replace what is in it")]
    [InlineData(User, 7, "DIR/way is writable by group 33, which could replace what is in it")]
    [InlineData(Root, 5, null)]
    public void An_access_list_lets_others_write(uint user, short mask, string? problem)
    {
        using var scene = new TrustScene();
        SetAccessList(scene.Filled("DIR/way"), mask);
        scene.Prepare(user, $"chmod g={(mask == 7 ? "rwx" : "rx")} DIR/way");
        var result = scene.Run(user);
        if (problem is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result, $"error: FILE:11: [preexec] 1: {problem}", "hint: chmod go-w DIR/way");
    }

    /// <summary>Red Hat and Alpine have <c>operator</c> in it.</summary>
    [Theory]
    [InlineData("root:x:0:root", "root:x:0:0::/:", null)]
    [InlineData("", "", null)]
    [InlineData("root:x:0:alice", "root:x:0:0::/:", "group 0")]
    [InlineData("root:x:0:", "root:x:0:0::/:\\noperator:x:11:0::/:", "group 0")]
    public void In_the_group_of_root_others_may_be_as_in_any(string groups, string users, string? writers)
    {
        using var scene = new TrustScene().Prepare(Root,
            $"printf '{groups}\\n' > DIR/group; printf '{users}\\n' > DIR/passwd; chmod 770 DIR/way");
        var result = scene.Run(Root, "bwrap --bind / / --dev /dev --bind DIR/group /etc/group --bind DIR/passwd /etc/passwd".Split(' '));
        if (writers is null)
            scene.IsAccepted(result);
        else
            scene.IsRefused(result,
                $"error: FILE:11: [preexec] 1: DIR/way is writable by {writers}, which could replace what is in it", "hint: chmod go-w DIR/way");
    }

    [Theory]
    [InlineData("/dev/stdin", ":", null)]
    [InlineData("/dev/fd/0", "chmod 777 DIR/open", null)]
    [InlineData("/proc/self/fd/0", "rm DIR/open/test.ini.copy", null)]
    [InlineData("/dev/stdin", "chown 65534 DIR/open/test.ini", "belongs to user 65534, who could change it")]
    public void Of_a_descriptor_only_the_file_counts(string path, string shell, string? problem)
    {
        using var scene = new TrustScene { ConfigurationFile = path };
        scene.Backup.Set("backup", "name", TestBackup.Name);
        scene.Prepare(Root, $"mkdir DIR/open; cp FILE DIR/open/test.ini; cp FILE DIR/open/test.ini.copy; {shell}");
        var opened = shell.StartsWith("rm", StringComparison.Ordinal)
            ? "exec 0< FILE; rm FILE; exec \"$@\"" : "exec \"$@\" < DIR/open/test.ini";
        var result = scene.Run(Root, "sh", "-c", opened, "sh");
        if (problem is null)
            scene.IsAccepted(result);
        else
            Assert.Matches($"^assimilator: error: {path}: .*{problem}\nassimilator: hint: chown root [^\n]*\n$", result.Error);
    }

    [Theory]
    [InlineData("..", "DIR/state")]
    [InlineData("../..", "DIR/state/deep")]
    public void What_is_above_the_directory_of_a_descriptor_is_looked_at(string above, string opened)
    {
        using var scene = new TrustScene();
        scene.Backup.Set("preexec", "1", $"/dev/fd/0/{above}/way/script");
        scene.Prepare(Root, "mkdir DIR/state/deep; chown 65534 DIR/way");
        var result = scene.Run(Root, "sh", "-c", $"exec \"$@\" < {opened}", "sh");
        scene.IsRefused(result,
            $"error: FILE:11: [preexec] 1: /proc/self/fd/0/{above}/way belongs to user 65534, who could replace what is in it",
            $"hint: chown root /proc/self/fd/0/{above}/way");
    }

    /// <summary>Another user of the list may do what the mask allows.</summary>
    private static void SetAccessList(string path, short mask)
    {
        // Version 2, then tag, permissions and id of each entry: owner, user 1, group, mask, others.
        byte[] list = [2, 0, 0, 0, .. Entry(1, 7, -1), .. Entry(2, 7, 1), .. Entry(4, 5, -1), .. Entry(16, mask, -1), .. Entry(32, 5, -1)];
        Assert.True(SetAttribute(path, "system.posix_acl_access", list, (nuint)list.Length, 0) == 0, $"no access list on {path}");
    }

    private static byte[] Entry(short tag, short permissions, int id) =>
        [.. BitConverter.GetBytes(tag), .. BitConverter.GetBytes(permissions), .. BitConverter.GetBytes(id)];

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, byte[] value, nuint size, int flags);
}
