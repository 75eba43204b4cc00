using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The commands that are short for one of borg, with the real borg, and those that make and compact a
/// repository.</summary>
public sealed class ArchiveCommandTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}");

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void Lists_shows_and_compares_the_archives_of_this_backup()
    {
        _backup.WithRealBorg();
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Directory.Write("source/file", "other content\n");
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Borg("create", $"{_backup.Location}::other", _backup.Directory["source"]);
        var own = _backup.Archives().Where(name => name != "other").ToList();
        var file = _backup.Directory["source/file"][1..];

        var list = Succeeds("list");
        Assert.All(own, name => Assert.Contains(name, list, StringComparison.Ordinal));
        Assert.DoesNotContain("other", list, StringComparison.Ordinal);
        Assert.Contains("other", Succeeds("list", "-c", _backup.ConfigurationFile, "--", "--glob-archives", "*"), StringComparison.Ordinal);
        Assert.Contains(file, Succeeds("list", "latest"), StringComparison.Ordinal);
        Assert.Equal("", Succeeds("list", "latest", "nowhere"));
        Assert.Contains("Repository ID", Succeeds("info"), StringComparison.Ordinal);
        Assert.Contains($"Archive name: {own[1]}", Succeeds("info", "latest"), StringComparison.Ordinal);
        Assert.Contains($"Archive name: {own[0]}", Succeeds("info", TestBackup.Name, own[0]), StringComparison.Ordinal);
        Assert.Contains(file, Succeeds("diff", own[0], "latest"), StringComparison.Ordinal);
        // Borg's own exit code and message.
        var missing = _backup.Run("list", "none");
        Assert.True(missing.ExitCode >= 2, missing.ToString());
        Assert.StartsWith("Archive none does not exist", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_streams_all_are_listed_and_one_can_be_chosen()
    {
        _backup.WithRealBorg().Set("streams", "dumps/a.sql", "/bin/echo a").Set("streams", "b", "/bin/echo b");
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Borg("create", $"{_backup.Location}::other", _backup.Directory["source"]);
        Assert.Equal(3, Succeeds("list").Split('\n').Count(line => line.StartsWith("web-", StringComparison.Ordinal)));
        Assert.DoesNotContain("other", Succeeds("list"), StringComparison.Ordinal);
        Assert.Contains("-dumps-a.sql ", Assert.Single(Succeeds("list", "--stream", "dumps/a.sql").TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Equal("a\n", Succeeds("extract", "--stream", "dumps/a.sql", "latest", "-c", _backup.ConfigurationFile, "--", "--stdout"));
        Assert.Contains("source/file", Succeeds("list", "latest"), StringComparison.Ordinal);
        var unknown = _backup.Run("list", "--stream", "dumps/b.sql");
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("did you mean 'dumps/a.sql'?", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Extracts_into_the_directory_of_the_user()
    {
        _backup.WithRealBorg();
        Assert.Equal(0, _backup.Run().ExitCode);
        var target = _backup.Directory.MakeDirectory("target");
        var extracted = Path.Join(target, _backup.Directory["source/file"]);

        Assert.Contains("source/file", In(target, "extract", "latest", "-c", _backup.ConfigurationFile, "--", "--dry-run", "--list").Error, StringComparison.Ordinal);
        Assert.False(File.Exists(extracted));
        Assert.Equal(0, In(target, "extract", _backup.Archives()[0], _backup.Directory["source/file"], "-c", _backup.ConfigurationFile).ExitCode);
        Assert.Equal("content\n", File.ReadAllText(extracted));
    }

    [Fact]
    public void Latest_needs_an_archive()
    {
        _backup.WithRealBorg();
        var result = _backup.Run("list", "latest");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no archive of this backup", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compacts_and_remembers_when()
    {
        _backup.WithRealBorg();
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.AgeState("last_compact", 40);
        var before = _backup.Memory().GetProperty("last_compact").GetDateTimeOffset();
        _backup.Borg("delete", $"{_backup.Location}::{_backup.Archives()[0]}");
        var size = Size();
        var result = _backup.Run("compact");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(Size() < size, $"{Size()} of {size}");
        Assert.True(_backup.Memory().GetProperty("last_compact").GetDateTimeOffset() > before.AddDays(39));
    }

    [Fact]
    public void Creates_the_repository_whose_key_can_be_exported_as_it_says()
    {
        _backup.Environment["PATH"] = $"{Path.Combine(Repository.Root, "tests/Resources")}:{Environment.GetEnvironmentVariable("PATH")}";
        var created = _backup.Run("init");
        Assert.True(created.ExitCode == 0, created.ToString());
        Assert.Equal("", created.Error);
        Assert.Contains("repokey BLAKE2b", Succeeds("info"), StringComparison.Ordinal);
        Assert.Equal(0, _backup.Run().ExitCode);

        var command = Assert.Single(created.Output.Split('\n'), line => line.Contains("-- key export :: FILE", StringComparison.Ordinal));
        var words = command[command.LastIndexOf("assimilator borg", StringComparison.Ordinal)..].Replace("FILE", _backup.Directory["key"], StringComparison.Ordinal);
        Assert.Equal(0, Programs.Run(Repository.Binary, words.Split(' ')[1..], _backup.Environment).ExitCode);
        Assert.StartsWith("BORG_KEY ", File.ReadAllText(_backup.Directory["key"]), StringComparison.Ordinal);

        var again = _backup.Run("init");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.DoesNotContain("key export", again.Output, StringComparison.Ordinal);
        _backup.Directory.Write("passphrase", "another\n");
        Assert.Equal(1, _backup.Run("init").ExitCode);
    }

    [Fact]
    public void Creates_the_repository_on_another_host_once_and_a_run_says_how()
    {
        using var ssh = new SshServer(_backup.Directory);
        _backup.Environment["PATH"] = $"{Path.Combine(Repository.Root, "tests/Resources")}:{Environment.GetEnvironmentVariable("PATH")}";
        _backup.Set("repository", "location", $"ssh://{Environment.UserName}@127.0.0.1:{ssh.Port}{_backup.Directory["far"]}")
            .Set("repository", "identity_file", ssh.IdentityFile)
            .Set("repository", "rsh", $"ssh -o BatchMode=yes -o UserKnownHostsFile={ssh.KnownHosts}");
        Assert.Contains($"only for a new repository: assimilator init -c {_backup.ConfigurationFile}\n", _backup.Run().Error, StringComparison.Ordinal);
        var created = _backup.Run("init");
        Assert.True(created.ExitCode == 0, created.ToString());
        Assert.Contains("key export", created.Output, StringComparison.Ordinal);
        var again = _backup.Run("init");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Contains("already exists", again.Output, StringComparison.Ordinal);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void Creates_nothing_where_a_repository_is_only_out_of_reach()
    {
        _backup.WithRealBorg();
        Assert.Equal(0, _backup.Run().ExitCode);
        Directory.Move(_backup.Location, _backup.Directory["elsewhere"]);
        Assert.Equal(1, _backup.Run("init").ExitCode);
        Assert.False(Path.Exists(_backup.Location));
        Directory.Move(_backup.Directory["elsewhere"], _backup.Location);
        Assert.Equal(0, _backup.Run("init").ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_disk_that_may_be_absent_must_be_mounted_before_anything_is_created()
    {
        _backup.WithRealBorg().Set("repository", "location", _backup.Directory["usb"]).Set("repository", "may_be_absent", "true");
        Assert.Equal(1, _backup.Run("init").ExitCode);
        Assert.False(Path.Exists(_backup.Directory["usb"]));
        // A disk of its own, of sorts.
        var mounted = $"/dev/shm/assimilator-{Guid.NewGuid():N}";
        try
        {
            Assert.Equal(0, _backup.Set("repository", "location", mounted).Run("init").ExitCode);
        }
        finally
        {
            if (Directory.Exists(mounted))
                Directory.Delete(mounted, recursive: true);
        }
    }

    [Fact]
    public void Creates_nothing_without_a_passphrase_or_below_a_directory_that_is_missing()
    {
        _backup.Environment["PATH"] = $"{Path.Combine(Repository.Root, "tests/Resources")}:{Environment.GetEnvironmentVariable("PATH")}";
        _backup.Remove("repository", "passphrase_file");
        Assert.Equal(78, _backup.Run("init").ExitCode);
        Assert.False(Path.Exists(_backup.Location));
        Assert.Equal(0, _backup.Run("init", "--encryption", "none").ExitCode);
        _backup.Set("repository", "location", _backup.Directory["missing/repository"]);
        var missing = _backup.Run("init", "--encryption", "none");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("is its disk mounted?", missing.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_backup.Directory["missing"]));
        _backup.WriteConfiguration();
        var made = Programs.Run(Repository.Binary,
            ["init", "-c", _backup.ConfigurationFile, "--encryption=none", "--", "--make-parent-dirs"], _backup.Environment);
        Assert.True(made.ExitCode == 0, made.ToString());
    }

    private long Size() => new DirectoryInfo(_backup.Location).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private string Succeeds(params string[] arguments)
    {
        var result = arguments.Contains("--") ? Programs.Run(Repository.Binary, arguments, _backup.Environment) : _backup.Run(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    private ProgramResult In(string directory, params string[] arguments)
    {
        _backup.WriteConfiguration();
        return Programs.Run("/bin/sh", ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory, Repository.Binary, .. arguments], _backup.Environment);
    }
}
