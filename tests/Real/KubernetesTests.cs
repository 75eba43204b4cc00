using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The CronJob of <c>print cronjob</c>, as a node would start it: its user, its volumes as Kubernetes mounts them, a root that cannot be
/// written, and the program as the first process of the container.</summary>
public sealed partial class KubernetesTests : IDisposable
{
    // A ConfigMap and a Secret are directories that everybody may write, were they not mounted read-only, with links to the
    // current version; a volume with fsGroup belongs to the group, which hands itself on to what is made in it.
    private const string Pod =
        """
        set -eu
        root=$1 group=65532
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=1777 none "$root/tmp"
        for volume in config secrets; do
            mkdir -p "$root/$volume/..2026_01_31"
            find "$root/$volume" -maxdepth 1 -type f -exec mv -t "$root/$volume/..2026_01_31" {} +
            ln -s ..2026_01_31 "$root/$volume/..data"
            for file in $(ls "$root/$volume/..data/"); do ln -s ..data/$file "$root/$volume/$file"; done
            chmod 777 "$root/$volume"
        done
        chgrp -R $group "$root/secrets"
        chmod 440 "$root"/secrets/..data/*
        for volume in config secrets data; do
            mount --bind "$root/$volume" "$root/$volume"
            mount -o remount,bind,ro "$root/$volume"
        done
        chgrp $group "$root/state"
        chmod 2775 "$root/state"
        mount --bind "$root/state" "$root/state"
        mount -o remount,bind,ro "$root"
        exec env -i PATH=/usr/bin:/bin BORG_BASE_DIR=/state/borg BORG_HOST_ID=backup-web \
            /usr/sbin/chroot --userspec=$group:$group --groups=$group "$root" /assimilator -c /config/assimilator.ini
        """;

    private readonly TestDirectory _directory = new();
    private readonly TlsPushgatewayServer _gateway;
    private readonly TestRoot _root;

    public KubernetesTests()
    {
        _gateway = new TlsPushgatewayServer(_directory, "DNS:push.example.org");
        _root = new TestRoot("");
        _root.Write("/etc/hosts", "127.0.0.1 push.example.org\n")
            .Write("/etc/ssl/certs/ca-certificates.crt", File.ReadAllText(_gateway.AuthorityFile))
            .Write("/config/assimilator.ini",
                Configuration().Replace("push.example.org", $"push.example.org:{_gateway.Port}", StringComparison.Ordinal))
            .Write("/secrets/passphrase", "a b c\n")
            .WriteExecutable("/bin/busybox", File.ReadAllBytes("/bin/busybox"))
            .Link("/bin/sh", "busybox").Link("/usr/bin/ssh", "../../bin/busybox");
        foreach (var directory in new[] { "proc", "tmp", "state" })
            Directory.CreateDirectory(_root[directory]);
    }

    public void Dispose()
    {
        _root.Dispose();
        _gateway.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_CronJob_backs_up_and_reports()
    {
        Borg("echo '{\"archive\": {\"name\": \"a\", \"stats\": {\"nfiles\": 42}}}'");
        var result = Start();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(42, _gateway.Samples("web")["assimilator_create_files_count"]);
        Assert.Contains("instance=\"web\"", _gateway.Text(), StringComparison.Ordinal);
        Assert.True(File.Exists(_root["state/assimilator/web.json"]));
        Assert.Equal("pid 1, user 65532\n", File.ReadAllText(_root["state/seen"]));
    }

    [Fact]
    public void A_pod_that_is_deleted_still_reports()
    {
        Borg("kill -TERM 1; sleep 1000");
        Assert.Equal(143, Start().ExitCode);
        Assert.Equal(143, _gateway.Samples("web")["assimilator_return_code"]);
    }

    private void Borg(string create) => _root.Write("/usr/bin/borg",
        $$"""
        #!/bin/sh
        [ "$1" != --version ] || { busybox echo borg 1.2.4; exit; }
        busybox echo "pid $PPID, user $(busybox id -u)" > /state/seen
        [ "$1" != create ] || { {{create}}; }
        """, "755");

    private ProgramResult Start()
    {
        var result = Users.IsRoot
            ? Programs.Run("unshare", ["--mount", "--pid", "--fork", "sh", "-c", Pod, "sh", _root.Path])
            : Programs.Run("sudo", ["-n", "unshare", "--mount", "--pid", "--fork", "sh", "-c", Pod, "sh", _root.Path]);
        Users.RunAsRoot("chmod", "-R", "a+rX", _root["state"]);
        return result;
    }

    private static string Configuration() => Indent().Replace(
        InTheConfigMap().Match(Programs.RunOrThrow(Repository.Binary, ["print", "cronjob"])).Groups[1].Value, "")
        // The stand-in prints no list.
        .Replace("daily = 7", "daily = 7\nadopt = true\ncompact = always", StringComparison.Ordinal);

    [GeneratedRegex(@"  assimilator\.ini: \|\n(.*?)---\n", RegexOptions.Singleline)]
    private static partial Regex InTheConfigMap();

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
