using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The script of <c>print snapshot</c>: whatever fails, or ends it, no snapshot is left. btrfs is a real one, LVM is
/// played by stand-ins; see <c>snapshot-scene.sh</c>.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly string Scenes = Path.Combine(Repository.Root, "tests/Resources/snapshot-scene.sh");

    private readonly TestBackup _backup = new TestBackup().WithRealBorg();

    public SnapshotTests() =>
        _backup.Directory.Write("snapshot", Programs.RunOrThrow(Repository.Binary, ["print", "snapshot"]), "700");

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void Shellcheck_finds_nothing()
    {
        var result = Programs.Run("shellcheck", [_backup.Directory["snapshot"]]);
        Assert.Equal((0, ""), (result.ExitCode, result.Everything));
    }

    [Theory]
    [InlineData("btrfs", "btrfs find findmnt mkdir mount tr umount")]
    [InlineData("lvm", "findmnt lvcreate lvremove lvs mkdir mount tr umount")]
    public void Nothing_is_left_whatever_fails_or_ends_it(string kind, string programs)
    {
        var rows = Play($"use_{kind}; every_fault").Split('\n').Select(row => row.Split('|')).ToList();

        Assert.Equal(programs, string.Join(' ', rows.Select(row => row[2]).Distinct().Order(StringComparer.Ordinal)));
        foreach (var row in rows)
        {
            var (start, fault, code, left, text) = (row[0], row[1], row[3], row[4], string.Join('|', row));
            Assert.True(row[5..] is ["0", ""], $"remove failed afterwards, or left something: {text}");
            if (start == "create nothing" && !fault.StartsWith("is killed", StringComparison.Ordinal))
                Assert.True(left == "", $"create left something: {text}");
            if (start == "remove leftover" && left != "")
                Assert.True(code != "0" && fault != "TERM", $"remove left something, and does not say so: {text}");
            if (start != "remove leftover")
                Assert.True(fault == "TERM" ? code == "143" : code != "0", $"create does not say so: {text}");
        }
    }

    [Theory]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Each_signal_undoes_what_create_has_made(string signal, int code) =>
        Assert.Equal($"lvcreate {code} .", Play($"use_lvm; faulty create {signal} 10; echo $(sed -n 10p started) $code $(left)."));

    [Theory]
    [InlineData("dash")]
    [InlineData("busybox sh")]
    [InlineData("bash --posix")]
    public void The_view_is_frozen(string shell) => Assert.Equal(
        """
        create 0
        content
        create 0
        newer content
        remove 0
        remove 0
        """,
        Play($"""
        use_btrfs
        SHELL_UNDER_TEST='{shell}'
        snapshot create; echo create $code
        echo newer content >"$source/file"
        cat "$mountpoint/file"
        ! echo x >"$mountpoint/file" 2>/dev/null
        snapshot create; echo create $code
        cat "$mountpoint/file"
        snapshot remove; echo remove $code
        snapshot remove; echo remove $code
        left
        """));

    [Fact]
    public void A_snapshot_in_use_stays_and_is_an_error() => Assert.Equal(
        """
        failed
        content
        0
        """,
        Play("""
        use_btrfs
        snapshot create
        exec 5<"$mountpoint/file"
        snapshot remove
        [ "$code" = 0 ] || echo failed
        cat "$mountpoint/file"
        exec 5<&-
        snapshot remove; echo $code
        left
        """));

    [Theory]
    [InlineData("mount -t tmpfs foreign \"$mountpoint\"")]
    [InlineData("mount --bind \"$source\" \"$mountpoint\"")]
    [InlineData("btrfs -q subvolume snapshot -r \"$source\" \"$source/.own\"; mount --bind \"$source/.own\" \"$mountpoint\"")]
    public void What_somebody_else_has_mounted_is_left_alone(string mount) => Assert.Equal(
        """
        1
        1
        the same
        """,
        Play($"""
        use_btrfs
        mkdir "$mountpoint"
        {mount}
        before=$(ls -A "$source"; findmnt -no SOURCE --mountpoint "$mountpoint")
        snapshot create; echo $code
        snapshot remove; echo $code
        [ "$before" = "$(ls -A "$source"; findmnt -no SOURCE --mountpoint "$mountpoint")" ] && echo the same
        """));

    [Theory]
    [InlineData("chown 1 \"$source\"")]
    [InlineData("chmod 775 \"$source\"")]
    [InlineData("chmod 1777 \"$source\"")]
    [InlineData("source=$source/nowhere")]
    [InlineData("source=/proc")]
    [InlineData("source=relative")]
    [InlineData("mountpoint=relative")]
    public void What_cannot_be_a_source_is_refused(string change) =>
        Assert.Equal("1", Play($"use_btrfs; {change}; snapshot create; echo $code; ls -A \"$SCENE/file systems/data\" | grep -v file || true"));

    [Fact]
    public void Only_a_subvolume_is_a_source() => Assert.Equal("failed",
        Play("use_btrfs; mkdir \"$source/plain\"; source=$source/plain; snapshot create; [ $code = 0 ] || echo failed; left"));

    [Fact]
    public void A_full_snapshot_is_removed_and_is_an_error() =>
        Assert.Equal("1 .", Play("use_lvm; snapshot create; echo '  snapshot invalid' >invalid; snapshot remove; echo $code $(left)."));

    [Fact]
    public void Lvm_needs_neither_path_nor_terminal_and_gets_its_size() => Assert.Equal(
        "30%ORIGIN",
        Play("""
        use_lvm
        sed -i '2i echo "${0##*/} $*" >>"$SCENE/calls"' stand-ins/all
        PATH=$SCENE/stand-ins /bin/dash "$SCENE/snapshot" create "$source" "$mountpoint" 30%ORIGIN >>log 2>&1 <&-
        sed -n 's/^lvcreate .* --extents \([^ ]*\) .*/\1/p' calls
        """));

    [Theory]
    [InlineData("exec borg \"$@\"", "0 0 0", "held create, gone prune, gone compact", "file")]
    [InlineData("exit 2", "2 0 2", "held create", "")]
    [InlineData("kill -TERM $PPID; exec sleep 60", "143 0 143", "held create", "")]
    public void A_backup_reads_the_snapshot_and_prunes_without_it(string borg, string codes, string steps, string content)
    {
        var scene = _backup.Directory;
        var (source, mountpoint) = (scene["file systems/data"], scene["snap shot"]);
        // Notes what there is of a snapshot while borg runs.
        var notes = $"[ -e '{source}/.assimilator'* ] && is=held || is=gone; [ $1 = list ] || echo $is $1 >>'{scene["calls"]}'";
        var recipe = Recipe()
            .Replace("1 = /mnt/home", $"1 = {mountpoint}", StringComparison.Ordinal)
            .Replace(" /home /mnt/home", $" \"{source}\" \"{mountpoint}\"", StringComparison.Ordinal)
            .Replace("/usr/local/sbin/assimilator-snapshot", scene["snapshot"], StringComparison.Ordinal);
        Assert.DoesNotContain("/home", recipe, StringComparison.Ordinal);
        _backup.Remove("paths").Set("retention", "daily", "7").Set("retention", "compact", "always")
            .Set("postexec", "z", $"/bin/sh -c 'echo $$ASSIMILATOR_PREEXEC_RETURN_CODE $$ASSIMILATOR_CREATE_RETURN_CODE >{scene["codes"]}'")
            .Set("borg", "path", scene.WriteScript("borg-noting", $"{TestBackup.StandInVersion}\n{notes}\n{borg}"));
        scene.Write($"{TestBackup.Name}.ini", $"{_backup.ConfigurationText()}\n{recipe}");

        Assert.Equal(codes, Play($"use_btrfs; code=0; {Repository.Binary} -c '{_backup.ConfigurationFile}' >run 2>&1 || code=$?; echo $code $(cat codes) $(left)"));
        Assert.Equal(steps, string.Join(", ", _backup.Calls()));
        Assert.Equal(content, string.Join('\n', _backup.Archives().SelectMany(archive =>
            _backup.Borg("list", "--short", $"{_backup.Location}::{archive}").Split('\n'))
            .Where(path => path.EndsWith("/file", StringComparison.Ordinal)).Select(Path.GetFileName)));
    }

    private static string Recipe()
    {
        var readme = Repository.ReadText("README.md");
        var start = readme.IndexOf("```ini\n", readme.IndexOf("\n### Snapshots\n", StringComparison.Ordinal), StringComparison.Ordinal);
        return readme[(start + "```ini\n".Length)..readme.IndexOf("\n```\n", start, StringComparison.Ordinal)];
    }

    /// <summary>Plays a scene as root, with this test's directory as the place.</summary>
    /// <returns>What it printed, without the last line's end.</returns>
    private string Play(string scene)
    {
        var environment = new Dictionary<string, string?>(_backup.Environment) { ["SCENE"] = _backup.Directory.Path };
        environment.TryAdd("PATH", Environment.GetEnvironmentVariable("PATH"));
        // A minute for all scenes together on a machine that does nothing else.
        using var process = Users.StartAs(0, environment, "unshare", "--mount", "sh", "-euc", $". {Scenes}\n{scene}");
        var result = Programs.Finish(process, TimeSpan.FromMinutes(6));
        return result.ExitCode == 0 ? result.Output.TrimEnd('\n') : throw new InvalidOperationException(result.ToString());
    }
}
