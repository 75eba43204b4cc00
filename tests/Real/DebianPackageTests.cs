using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The package in a copy of this system that is thrown away: this root below, everything that is written above.</summary>
[Collection(nameof(BuiltRelease))]
public sealed class DebianPackageTests(BuiltRelease release)
{
    private const string NextVersion = "99.0.0";

    // systemctl notes what it is told; a running systemd is pretended.
    private const string Life =
        """
        set -eu
        scene=$1 package=$2 next=$3
        mount -t tmpfs none "$scene"
        mkdir "$scene/lower" "$scene/upper" "$scene/work" "$scene/root"
        mount --bind / "$scene/lower"
        mount -t overlay none -o lowerdir="$scene/lower",upperdir="$scene/upper",workdir="$scene/work" "$scene/root"
        cp "$package" "$scene/root/package.deb"
        cp "$next" "$scene/root/next.deb"
        exec chroot "$scene/root" /bin/sh -eu <<'INSIDE'
        export DEBIAN_FRONTEND=noninteractive
        mkdir -p /run/systemd/system
        rm -f /usr/bin/systemctl /usr/sbin/policy-rc.d
        # This machine may have been used for backups.
        rm -rf /var/lib/assimilator /etc/assimilator.ini
        printf '#!/bin/sh\necho "systemctl $*" >> /told\n' > /usr/bin/systemctl
        chmod 755 /usr/bin/systemctl
        step() { echo "== $1"; : > /told; }
        seen() {
            cat /told
            for file in /usr/bin/assimilator /etc/assimilator.ini /etc/assimilator.d /var/lib/assimilator /lib/systemd/system/assimilator*.timer; do
                [ ! -e $file ] || stat -c '%n %a' $file
            done
        }

        step install
        dpkg -i /package.deb > /log 2>&1 || { cat /log; exit 1; }
        seen
        assimilator --version | cut -d ' ' -f 1,2
        sed -n 's/^ExecStart=//p' /lib/systemd/system/assimilator.service /lib/systemd/system/assimilator@.service
        [ ! -e /etc/systemd/system/timers.target.wants/assimilator.timer ]

        step upgrade
        echo '; mine' >> /etc/assimilator.ini
        mkdir -p /var/lib/assimilator
        dpkg -i /next.deb > /log 2>&1 || { cat /log; exit 1; }
        seen
        tail -n 1 /etc/assimilator.ini
        dpkg-query -W -f '${Version}\n' assimilator

        step remove
        dpkg -r assimilator > /log 2>&1 || { cat /log; exit 1; }
        seen

        step purge
        dpkg -P assimilator > /log 2>&1 || { cat /log; exit 1; }
        seen
        dpkg-query -W assimilator 2>/dev/null || echo gone
        INSIDE
        """;

    [Fact]
    public void Is_installed_upgraded_removed_and_purged()
    {
        using var scene = new TestDirectory();
        var architecture = Programs.RunOrThrow("dpkg", ["--print-architecture"]).Trim();
        var next = Pack(scene, architecture, NextVersion);
        var output = Users.RunAsRoot("unshare", "--mount", "sh", "-c", Life, "sh", scene.MakeDirectory("scene"),
            Path.Combine(release.First, $"assimilator_{BuiltRelease.Version}_{architecture}.deb"), next);
        Assert.Equal(
            $"""
            == install
            systemctl --system daemon-reload
            /usr/bin/assimilator 755
            /etc/assimilator.d 755
            /lib/systemd/system/assimilator.timer 644
            /lib/systemd/system/assimilator@.timer 644
            assimilator {BuiltRelease.Version}
            /usr/bin/assimilator
            /usr/bin/assimilator run %i
            == upgrade
            systemctl --system daemon-reload
            /usr/bin/assimilator 755
            /etc/assimilator.ini 644
            /etc/assimilator.d 755
            /var/lib/assimilator 755
            /lib/systemd/system/assimilator.timer 644
            /lib/systemd/system/assimilator@.timer 644
            ; mine
            {NextVersion}
            == remove
            systemctl stop assimilator.timer assimilator@*.timer
            systemctl --system daemon-reload
            /etc/assimilator.ini 644
            /var/lib/assimilator 755
            == purge
            /etc/assimilator.ini 644
            gone

            """, output);
    }

    [Theory]
    [InlineData("amd64", "x64")]
    [InlineData("arm64", "arm64")]
    public void Holds_the_executable_as_it_was_released_and_what_it_prints(string architecture, string runtime)
    {
        using var scene = new TestDirectory();
        var root = scene["root"];
        Programs.RunOrThrow("dpkg-deb",
            ["--extract", Path.Combine(release.First, $"assimilator_{BuiltRelease.Version}_{architecture}.deb"), root]);
        Assert.Equal(File.ReadAllBytes(release.Named(runtime)), File.ReadAllBytes($"{root}/usr/bin/assimilator"));
        Assert.Equal(
            ["README.md.gz", "bill-of-materials.cdx.json", "changelog.gz", "copyright", "examples"],
            Directory.GetFileSystemEntries($"{root}/usr/share/doc/assimilator").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (what, file) in new[] { ("config", "assimilator.ini"), ("alerts", "alerts.yaml"), ("dashboard", "dashboard.json") })
            Assert.Equal(Programs.RunOrThrow(release.Native, ["print", what]), File.ReadAllText($"{root}/usr/share/doc/assimilator/examples/{file}"));
        foreach (var (what, file) in new[]
        {
            ("completion-bash", "bash-completion/completions/assimilator"), ("completion-zsh", "zsh/vendor-completions/_assimilator"),
            ("completion-fish", "fish/vendor_completions.d/assimilator.fish"),
        })
            Assert.Equal(Programs.RunOrThrow(release.Native, ["print", what]), File.ReadAllText($"{root}/usr/share/{file}"));
        foreach (var (page, directory) in new[] { ("assimilator.1", "man1"), ("assimilator.ini.5", "man5") })
            Assert.Equal(Programs.RunOrThrow(release.Native, ["print", page]), Programs.RunOrThrow("zcat", [$"{root}/usr/share/man/{directory}/{page}.gz"]));
    }

    [Fact]
    public void Lintian_finds_nothing()
    {
        // The build lets lintian look at every package, and shows what it finds.
        Assert.Contains("build.sh: checking the packages with lintian\n", release.Words.Error, StringComparison.Ordinal);
        Assert.True(release.Words.Output.Length == 0, release.Words.ToString());
    }

    private string Pack(TestDirectory scene, string architecture, string version)
    {
        Programs.RunOrThrow(Path.Combine(release.Checkout, "src/Packaging/debian-package"),
            [release.Native, release.Native, architecture, version, scene.Path],
            // Not for the network: nobody waits for the smallest package.
            new Dictionary<string, string?> { ["SOURCE_DATE_EPOCH"] = "1700000000", ["DPKG_DEB_COMPRESSOR_TYPE"] = "none" });
        return scene[$"assimilator_{version}_{architecture}.deb"];
    }
}
