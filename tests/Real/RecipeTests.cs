using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>README's recipes, as they are written there; only the places are others.</summary>
public sealed partial class RecipeTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup = new TestBackup().WithRealBorg();

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Three_copies()
    {
        using var ssh = new SshServer(_backup.Directory);
        var usb = _backup.Directory["mnt/usb/web1"];
        _backup.Directory.MakeDirectory("mnt/usb");
        _backup.Borg("init", "-e", "repokey-blake2", usb);
        var recipe = Recipe("### Several repositories: 3-2-1", "ini");
        foreach (var (place, other) in new[]
        {
            ("/etc/assimilator.passphrase", _backup.Directory["passphrase"]),
            ("ssh://borg@backup.example.org/./web1", $"ssh://{Environment.UserName}@127.0.0.1:{ssh.Port}{_backup.Location}"),
            ("/root/.ssh/borg_ed25519", ssh.IdentityFile), ("/mnt/usb/web1", usb), ("= /etc\n", $"= {_backup.Directory["source"]}\n"),
            ("= /home\n", $"= {_backup.Directory.MakeDirectory("empty")}\n"), ("https://push.example.org", _gateway.Url),
        })
        {
            Assert.Contains(place, recipe, StringComparison.Ordinal);
            recipe = recipe.Replace(place, other, StringComparison.Ordinal);
        }
        var file = _backup.Directory.Write("web1.ini",
            $"{recipe}\n[state]\ndirectory = {_backup.Directory["state"]}\n[repository]\nrsh = ssh -o BatchMode=yes -o UserKnownHostsFile={ssh.KnownHosts}\n");
        _backup.Environment["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes";

        var result = Programs.Run(Repository.Binary, ["-c", file], _backup.Environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Single(_backup.Archives());
        Assert.Single(_backup.Archives(usb));
        Assert.Equal(2592000, _gateway.Samples("web1")["assimilator_interval_seconds{usb}"]);
    }

    [Fact]
    public void Three_backups_on_one_host()
    {
        foreach (var directory in new[] { "etc", "home/alice", "mail", "local/bin" })
            _backup.Directory.MakeDirectory(directory);
        _backup.Directory.Write("home/alice/letter", "Dear Bob\n");
        _backup.Directory.Write("mail/alice", "From bob\n");
        _backup.Directory.Write("etc/passwd", File.ReadAllText("/etc/passwd"));
        _backup.Directory.Write("etc/assimilator.passphrase", $"{TestBackup.Passphrase}\n");
        File.Copy(Repository.Binary, _backup.Directory["local/bin/assimilator"]);
        var recipe = Recipe("### Several backups on one host", "sh").Replace("https://push.example.org", _gateway.Url, StringComparison.Ordinal);

        var result = Programs.Run("bwrap",
        [
            "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", _backup.Directory["etc"], "/etc", "--bind", _backup.Directory["home"], "/home",
            "--bind", _backup.Directory["mail"], "/var/mail", "--bind", _backup.Directory["local"], "/usr/local",
            "--dir", "/srv/borg", "--bind", _backup.Location, "/srv/borg", "--setenv", "STATE_DIRECTORY", _backup.Directory.MakeDirectory("state"),
            "--setenv", "BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes", "sh", "-euc", recipe,
        ], _backup.Environment);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("error", result.Error, StringComparison.Ordinal);
        Assert.Contains("OK: 3 backups\n", result.Output, StringComparison.Ordinal);
        _backup.Environment["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes";
        Assert.Equal(["home", "mail", "system"], _backup.Archives().Select(archive => archive.Split('@')[0]));
        foreach (var name in new[] { "home", "mail", "system" })
            Assert.Equal(0, _gateway.Samples(name)["assimilator_return_code"]);
    }

    private static string Recipe(string heading, string language)
    {
        var readme = Repository.ReadText("README.md");
        var chapter = readme[readme.IndexOf(heading, StringComparison.Ordinal)..];
        return Block().Matches(chapter).First(block => block.Groups["language"].Value == language).Groups["text"].Value;
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
