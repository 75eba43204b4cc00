using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A source that contributes nothing fails the run, or at least holds its pruning.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithRealBorg().Set("retention", "daily", "3")
        .Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}").Set("logging", "level", "debug");

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("link")]
    [InlineData("link/")]
    public void A_symbolic_link_is_an_error_that_names_its_target(string written)
    {
        File.CreateSymbolicLink(_backup.Directory["link"], _backup.Directory["source"]);
        Fails(_backup.Directory[written], $"list its target instead: {_backup.Directory["source"]}");
    }

    [Fact]
    public void A_directory_that_was_emptied_is_an_error()
    {
        _backup.Directory.Write("data/file", "x");
        _backup.Set("paths", "2", _backup.Directory["data"]);
        Assert.Equal(0, _backup.Run().ExitCode);
        File.Delete(_backup.Directory["data/file"]);
        Fails(_backup.Directory["data"], "is empty, but was not");
        _backup.Set("backup", "paths_must_exist", "false");
        RunsWithoutPrune();
        // What is meant to be empty stays so.
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_directory_that_was_always_empty_is_fine()
    {
        _backup.Set("paths", "2", _backup.Directory.MakeDirectory("empty"));
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _backup.Run().ExitCode);
    }

    [Fact]
    public void A_mount_point_without_its_file_system_is_an_error()
    {
        var mount = _backup.Directory.MakeDirectory("mount");
        _backup.Set("paths", "2", mount);
        _backup.WriteConfiguration();
        var mounted = Programs.Run("bwrap", ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--tmpfs", mount,
            Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.True(mounted.ExitCode == 0, mounted.ToString());
        Fails(mount, "is empty and no longer mounted");
    }

    [Fact]
    public void A_directory_that_cannot_be_read_is_an_error()
    {
        var closed = _backup.Directory.MakeDirectory("closed");
        _backup.Set("paths", "2", closed).WriteConfiguration();
        Users.GiveToUnprivileged(_backup);
        File.SetUnixFileMode(closed, UnixFileMode.None);
        var result = Users.RunUnprivileged(_backup);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: the path {closed} cannot be read: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_in_the_patterns_is_a_source_too()
    {
        _backup.Set("patterns", "1", $"R {_backup.Directory["missing"]}");
        var result = _backup.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"the path {_backup.Directory["missing"]} does not exist", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The path is there when we look, and gone when borg does.</summary>
    [Fact]
    public void A_path_that_borg_could_not_read_holds_pruning()
    {
        _backup.Directory.Write("data/file", "x");
        _backup.Set("paths", "2", _backup.Directory["data"]);
        var borg = _backup.Directory.WriteScript("borg-late",
            $"[ \"$1\" != create ] || rm -r '{_backup.Directory["data"]}'\nexec borg \"$@\"");
        _backup.Set("borg", "path", borg);
        RunsWithoutPrune();
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_does_not_hold_pruning()
    {
        var borg = _backup.Directory.WriteScript("borg-warning", $$"""
            [ "$1" != create ] || echo '{"type": "log_message", "levelname": "WARNING", "name": "borg.archiver", "message": "{{_backup.Directory["source"]}}/file: file changed while we backed it up"}' >&2
            borg "$@"
            code=$?
            [ "$1" = create ] && exit 1
            exit $code
            """);
        var result = _backup.Set("borg", "path", borg).Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(" prune ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wildcard_is_a_configuration_error_that_names_the_section_for_it()
    {
        var result = _backup.Set("paths", "2", "/home/*/docs").Run("validate");
        Assert.Equal(78, result.ExitCode);
        Assert.Contains("[patterns]", result.Error, StringComparison.Ordinal);
        _backup.Directory.Write("a[1]*/file", "x");
        Assert.Equal(0, _backup.Set("paths", "2", _backup.Directory["a[1]*"]).Run("validate").ExitCode);
    }

    private void Fails(string path, string problem)
    {
        var before = _backup.Archives().Count;
        var result = _backup.Set("paths", "2", path).Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"the path {path} ", result.Error, StringComparison.Ordinal);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, _backup.Archives().Count);
    }

    private void RunsWithoutPrune()
    {
        var before = _backup.Archives().Count;
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal(before + 1, _backup.Archives().Count);
        Assert.DoesNotContain(" prune --", result.Output, StringComparison.Ordinal);
    }
}
