using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The real borg of each Debian, in a root directory with the files of that Debian: what the gateway has is what
/// borg itself says of the repository.</summary>
public sealed class DebianTests : IDisposable
{
    private const string Location = "/srv/borg";
    private const int Size = 3_000_000;

    private static readonly string[] Directories = ["bin", "sbin", "lib", "lib64"];

    private readonly TestDirectory _directory = new();
    private readonly TlsPushgatewayServer _gateway;
    private readonly TestRoot _root;

    public DebianTests()
    {
        _gateway = new TlsPushgatewayServer(_directory, $"DNS:{TestRoot.Host}");
        _root = new TestRoot($"https://{TestRoot.Host}:{_gateway.Port}");
    }

    public void Dispose()
    {
        _root.Dispose();
        _gateway.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("bullseye", "1.1.")]
    [InlineData("bookworm", "1.2.")]
    [InlineData("trixie", "1.4.")]
    public void Backs_up_prunes_and_compacts(string suite, string version)
    {
        Prepare(suite);
        _root.Write("data/one", "content\n").WriteExecutable("data/random", RandomNumberGenerator.GetBytes(Size));
        Borg("init", "-e", "repokey-blake2", Location);

        IsFaultless(_root.Run("first"));
        var first = _gateway.Samples("first");
        HasWhatBorgSays(first);
        Assert.Equal((1, 0), (first["assimilator_prune_kept_archives"], first["assimilator_prune_deleted_archives"]));
        Assert.Contains($"borg_version=\"{version}", _gateway.Text(), StringComparison.Ordinal);

        File.Delete(_root["data/random"]);
        IsFaultless(_root.Run("first"));
        var second = _gateway.Samples("first");
        Assert.Equal((1, 1), (second["assimilator_prune_kept_archives"], second["assimilator_prune_deleted_archives"]));
        Assert.Equal((0, 0), (second["assimilator_return_code"], second["borg_prune_return_code"]));
        // Borg 1.1 has no compact: its prune gives the room back.
        Assert.Equal(version != "1.1.", second.ContainsKey("assimilator_compact_return_code"));
        Assert.InRange(Directory.GetFiles(_root[Location], "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, Size / 10);

        // Half a year later: with borg 1.2 and later in two parts.
        var state = _root["state/first.json"];
        File.WriteAllText(state, Regex.Replace(File.ReadAllText(state), "(?<=\"first_run\": \")[^\"]+", "2025-01-01T00:00:00+00:00"));
        _root.Set("check", "every = 30d\nmax_duration = 1h\nrestore_every = 7d");
        IsFaultless(_root.Run("first"));
        var third = _gateway.Samples("first");
        Assert.Equal((0, 0, 2, 0), (third["assimilator_check_return_code"], third["assimilator_restore_return_code"],
            third["assimilator_restore_verified_files"], third["assimilator_restore_read_files"]));
    }

    [Fact]
    public void Backs_up_as_a_user_whom_nobody_knows()
    {
        Prepare("bookworm");
        _root.Entry.AddRange(["--unshare-user", "--uid", "4711", "--gid", "4711"]);
        Borg("init", "-e", "repokey-blake2", Location);

        IsFaultless(_root.Run("container"));

        HasWhatBorgSays(_gateway.Samples("container"));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("accept = 105", 0)]
    public void A_warning_of_borg_1_4_can_be_accepted(string accept, int exitCode)
    {
        Prepare("trixie");
        _root.Write("data/private", "nobody may read this", "000").Set("backup", $"interval = 24h\n{accept}");
        _root.Entry.AddRange(["--unshare-user", "--uid", "4711", "--gid", "4711"]);
        Borg("init", "-e", "repokey-blake2", Location);
        var result = _root.Run("accept");
        Assert.True(result.ExitCode == exitCode, result.ToString());
    }

    private static void IsFaultless(ProgramResult result) => Assert.Equal((0, ""), (result.ExitCode, result.Error));

    private void HasWhatBorgSays(IReadOnlyDictionary<string, double> samples)
    {
        using var document = JsonDocument.Parse(Borg("info", "--json", "--last=1", Location));
        var archive = document.RootElement.GetProperty("archives")[0].GetProperty("stats");
        var cache = document.RootElement.GetProperty("cache").GetProperty("stats");
        foreach (var (metric, stats, name, records) in new[]
        {
            ("assimilator_create_files_count", archive, "nfiles", 0),
            // Of these borg counts its own records of the files in, and `info` does not, or in another way.
            ("assimilator_archive_original_size_bytes", archive, "original_size", 2000),
            ("assimilator_archive_compressed_size_bytes", archive, "compressed_size", 2000),
            ("assimilator_archive_deduplicated_size_bytes", archive, "deduplicated_size", 2000),
            ("assimilator_all_archives_original_size_bytes", cache, "total_size", 0),
            ("assimilator_all_archives_compressed_size_bytes", cache, "total_csize", 0),
            ("assimilator_all_archives_deduplicated_size_bytes", cache, "unique_csize", 0),
            ("assimilator_create_total_chunks", cache, "total_chunks", 0),
            ("assimilator_create_unique_chunks", cache, "total_unique_chunks", 0),
        })
        {
            var value = stats.GetProperty(name).GetInt64();
            Assert.True(Math.Abs(samples[metric] - value) <= records, $"{metric} is {samples[metric]}, borg says {value}");
        }
    }

    private void Prepare(string suite)
    {
        foreach (var name in Directories)
            _root.Link(name, $"usr/{name}");
        _root.Write("/etc/hosts", $"127.0.0.1 {TestRoot.Host}\n")
            .Write("srv/.keep", "").Write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
            .Write("/etc/ssl/certs/ca-certificates.crt", File.ReadAllText(_gateway.AuthorityFile))
            .Write("/etc/passphrase", TestBackup.Passphrase, "600")
            .Set("repository", $"location = {Location}\npassphrase_file = /etc/passphrase")
            .Set("borg", "path = borg");
        _root.Entry.AddRange(["--ro-bind", DebianFiles.Of(suite), "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
            "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", "/root"]);
    }

    private string Borg(params string[] arguments)
    {
        var command = _root.Entered(["env", $"BORG_PASSPHRASE={TestBackup.Passphrase}", "borg", .. arguments]);
        return Programs.RunOrThrow(command[0], command.Skip(1));
    }
}
