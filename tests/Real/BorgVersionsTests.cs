using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>What everybody does with a backup, with the real borg of each Debian: each has its own way to say the same.</summary>
public sealed class BorgVersionsTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public BorgVersionsTests() => _backup = new TestBackup(_gateway).Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}")
        .Set("check", "every", "300d").Set("check", "restore_every", "300d");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("bullseye", "borg", "1.1.", 2, 2)]
    [InlineData("bookworm", "borg", "1.2.", 2, 2)]
    [InlineData("trixie", "borg", "1.4.", 73, 52)]
    [InlineData("trixie", "borg2", "2.0.", 73, 52)]
    public void Every_borg_works(string suite, string borg, string version, int locked, int wrongPassphrase)
    {
        var isBorg2 = borg == "borg2";
        Use(suite, borg);
        Succeeds("init");
        Succeeds("init");
        File.WriteAllBytes(_backup.Directory["source/random"], RandomBytes());

        Succeeds();
        Assert.StartsWith(version, _backup.State().GetProperty("borg").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Contains($"borg_version=\"{version}", _gateway.Text(), StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((0, 2), (samples["assimilator_return_code"], samples["assimilator_create_files_count"]));
        // What a borg does not report is left out.
        foreach (var metric in new[] { "archive_compressed_size_bytes", "archive_deduplicated_size_bytes", "all_archives_original_size_bytes", "create_total_chunks" })
            Assert.Equal(!isBorg2, samples.ContainsKey($"assimilator_{metric}"));

        // The first prune asks.
        _backup.Set("retention", "daily", "1");
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Equal(2, Archives());
        Succeeds("prune", "--yes");
        Assert.Equal(1, Archives());
        Succeeds();
        samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((1, 1), (samples["assimilator_prune_kept_archives"], samples["assimilator_prune_deleted_archives"]));
        Assert.Equal(version != "1.1.", samples.ContainsKey("assimilator_compact_return_code"));
        Succeeds("compact");

        Assert.Contains("source/random", Succeeds("list", "latest"), StringComparison.Ordinal);
        Succeeds("info", "latest");
        Extracts();
        Succeeds("check", "--now", "--drill");
        Succeeds("run", "--dry-run");

        Assert.Equal(locked, WhileLocked(isBorg2));
        _backup.Directory.Write("passphrase", "another\n");
        Assert.Equal(wrongPassphrase, CodeOfFailedCreate());
        _backup.Directory.Write("passphrase", TestBackup.Passphrase);

        // Killed when its archive was complete: it counts.
        _backup.Directory.Write("kills", "");
        Assert.Equal(1, _backup.Run().ExitCode);
        Assert.Equal(137, _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"]);
        File.Delete(_backup.Directory["kills"]);
        Assert.Equal(2, Archives());

        Damage();
        Assert.Equal(2, _backup.Run("check", "--now").ExitCode);
        // Nothing is known before the first run.
        Assert.Equal(3, _backup.Calls().Count(call => call == "--version"));
    }

    /// <summary>Sets the borg of a Debian, in the files of that Debian. It notes each call.</summary>
    private void Use(string suite, string borg)
    {
        var files = DebianFiles.Of(suite);
        // Without it, Python compiles borg at each start.
        var compiled = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(files)!, "compiled")).FullName;
        // In there borg cannot tell on which host it is.
        var enter = $"bwrap --ro-bind '{files}' /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --ro-bind /etc /etc "
            + $"--ro-bind /proc /proc --dev /dev --bind '{compiled}' /compiled --bind '{_backup.Directory.Path}' '{_backup.Directory.Path}' "
            + $"--setenv PYTHONPYCACHEPREFIX /compiled --unsetenv PYTHONDONTWRITEBYTECODE --setenv PATH /usr/bin --setenv BORG_HOST_ID test {borg} \"$@\"";
        _backup.Set("borg", "path", _backup.Directory.WriteScript("borg-of-debian", $$"""
            echo "$1" >> '{{_backup.Directory["calls"]}}'
            [ "$1" != create ] || [ ! -e '{{_backup.Directory["kills"]}}' ] || { {{enter}}; kill -KILL $$; }
            exec {{enter}}
            """));
    }

    private string Succeeds(params string[] arguments)
    {
        var result = _backup.Run(arguments);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    private int Archives()
    {
        var result = Programs.Run(Repository.Binary, ["list", "-c", _backup.ConfigurationFile, "--", "--json"], _backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("archives").GetArrayLength();
    }

    private void Extracts()
    {
        var target = _backup.Directory.MakeDirectory("target");
        var result = Programs.Run("/bin/sh", ["-c", "cd \"$1\" && exec \"$2\" extract latest -c \"$3\"", "sh", target, Repository.Binary,
            _backup.ConfigurationFile], _backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(File.ReadAllBytes(_backup.Directory["source/random"]), File.ReadAllBytes($"{target}{_backup.Directory["source/random"]}"));
    }

    private double WhileLocked(bool isBorg2)
    {
        var locked = _backup.Directory["locked"];
        string[] wait = ["sh", "-c", $": > '{locked}'; while [ -e '{locked}' ]; do sleep 0.1; done"];
        using var holder = Programs.Start(_backup.Directory["borg-of-debian"],
            ["with-lock", isBorg2 ? $"--repo={_backup.Location}" : _backup.Location, .. wait],
            new Dictionary<string, string?>(_backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });
        Wait.Until(() => File.Exists(locked), "the repository is locked");
        _backup.Set("repository", "lock_wait", "1s");
        try
        {
            return CodeOfFailedCreate();
        }
        finally
        {
            _backup.Remove("repository", "lock_wait");
            File.Delete(locked);
            Programs.Finish(holder);
        }
    }

    private double CodeOfFailedCreate()
    {
        var result = _backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
        return _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"];
    }

    private void Damage()
    {
        var file = new DirectoryInfo(Path.Combine(_backup.Location, "data")).EnumerateFiles("*", SearchOption.AllDirectories)
            .MaxBy(file => file.Length)!.FullName;
        var content = File.ReadAllBytes(file);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(file, content);
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
