using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Several configurations for one host: each backup is on its own, and the exit code is the worst.</summary>
public sealed class SeveralBackupsTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>, IDisposable
{
    private readonly TestBackup _backup = new TestBackup(gateway.Server).WithStandIn();
    private readonly string _prefix = $"several-{Guid.NewGuid():N}";

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void One_that_fails_or_is_wrong_does_not_stop_the_others()
    {
        var good = Write("good");
        var failing = Write("failing", "[preexec]\n1 = /bin/false");
        var broken = Write("broken", "[backup]\ncompression = nonsense");
        var last = Write("last");
        var result = Run("-c", good, "-c", failing, "-c", broken, "-c", last);
        Assert.True(result.ExitCode == 78, result.ToString());
        foreach (var (name, code) in new[] { ("good", 0), ("failing", 2), ("broken", 78), ("last", 0) })
            Assert.Equal(code, Samples(name)["assimilator_return_code"]);
        Assert.Contains($"assimilator: {_prefix}-failing: error: preexec 1 exited with code 1", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{broken}:", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain($"{good}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_selects_and_an_unknown_one_gets_the_nearest()
    {
        var (web, mail) = (Write("web"), Write("mail"));
        Assert.Equal(0, Run("run", "-c", web, "-c", mail, $"{_prefix}-mail").ExitCode);
        Assert.Single(_backup.Calls(), call => call == "create");
        var wrong = Run("run", "-c", web, "-c", mail, $"{_prefix}-mial");
        Assert.Equal(64, wrong.ExitCode);
        Assert.Contains($"hint: did you mean '{_prefix}-mail'?", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prune")]
    [InlineData("forget")]
    public void A_command_for_one_backup_asks_which(string command)
    {
        var result = Run(command, "-c", Write("web"), "-c", Write("mail"));
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("there are several backups: choose one", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_labels_name_is_forgotten_in_the_gateway_of_all()
    {
        var (web, mail) = (Write("web"), Write("mail"));
        Assert.Equal(0, Run("-c", web, "-c", mail).ExitCode);
        var result = Run("forget", "-c", web, "-c", mail, "--instance", TestBackup.Instance, "--backup", $"{_prefix}-mail");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.NotEmpty(Samples("web"));
        Assert.Empty(Samples("mail"));
    }

    [Fact]
    public void A_backup_is_no_archive()
    {
        var result = Run("extract", "-c", Write("web"), "-c", Write("mail"), $"{_prefix}-mail");
        Assert.Equal(64, result.ExitCode);
        Assert.Contains($"hint: the newest archive is called latest: assimilator extract {_prefix}-mail latest\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_one_name_are_an_error_that_names_both_files()
    {
        var (web, other) = (Write("web"), Write("other", $"[backup]\nname = {_prefix}-web"));
        var third = Write("third");
        var result = Run("-c", web, "-c", other, "-c", third);
        Assert.Equal(78, result.ExitCode);
        Assert.Contains($"{web}: [backup] name: '{_prefix}-web' is also the name of {other}", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{other}: [backup] name: '{_prefix}-web' is also the name of {web}", result.Error, StringComparison.Ordinal);
        Assert.Single(_backup.Calls(), call => call == "create");
        Assert.Empty(Samples("web"));
    }

    [Fact]
    public void Of_two_that_would_prune_the_same_archives_both_back_up_and_none_prunes()
    {
        const string same = "[backup]\narchive = host-{now}\n[retention]\ndaily = 7";
        var (web, mail) = (Write("web", same), Write("mail", same));
        var result = Run("-c", web, "-c", mail);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["create", "create"], _backup.Calls());
        Assert.Contains($"would prune the same archives: {_prefix}-mail ({mail})", result.Error, StringComparison.Ordinal);
        Assert.Contains($"would prune the same archives: {_prefix}-web ({web})", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_ends_the_current_one_and_the_rest_is_not_started()
    {
        _backup.WithStandIn($"touch '{_backup.Directory["begun"]}'; sleep 1000");
        var (first, second, third) = (Write("first"), Write("second"), Write("third"));
        using var process = Programs.Start(Repository.Binary, ["-c", first, "-c", second, "-c", third], _backup.Environment);
        Wait.Until(() => File.Exists(_backup.Directory["begun"]), "the first create has begun");
        Programs.RunOrThrow("kill", ["-TERM", $"{process.Id}"]);
        var result = Programs.Finish(process);
        Assert.True(result.ExitCode == 143, result.ToString());
        Assert.Equal(["create"], _backup.Calls());
        Assert.Equal(143, Samples("first")["assimilator_return_code"]);
        Assert.Contains($"not started after signal 15: {_prefix}-second, {_prefix}-third", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_shows_all_of_them_without_asking_anybody()
    {
        var (good, failing, broken) = (Write("good"), Write("failing", "[preexec]\n1 = /bin/false"), Write("broken", "[backup]\nx = 1"));
        Assert.Equal(1, Run("status", "-c", good, "-c", failing).ExitCode);
        Run("-c", good, "-c", failing);
        var calls = _backup.Calls();
        Assert.Equal(0, Run("status", "-c", good).ExitCode);
        var result = Run("status", "-c", good, "-c", failing, "-c", broken);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"CRITICAL: 3 backups, 2 with problems: {_prefix}-failing, {_prefix}-broken\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  preexec 1 exited with code 1: /bin/false\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(calls, _backup.Calls());
    }

    [Fact]
    public void Status_of_a_state_that_cannot_be_read_is_not_good()
    {
        var good = Write("good");
        Run("-c", good);
        File.WriteAllText(_backup.Directory[$"state/{_prefix}-good.json"], "{");
        var result = Run("status", "-c", good);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is damaged", result.Output, StringComparison.Ordinal);
        // Looking changes nothing.
        Assert.Equal("{", File.ReadAllText(_backup.Directory[$"state/{_prefix}-good.json"]));
    }

    private string Write(string name, string further = "") => _backup.Directory.Write($"{_prefix}-{name}.ini",
        $"[include]\nshared = {_backup.Directory.Write("shared", WithoutName())}\n{further}\n");

    private string WithoutName() => _backup.ConfigurationText().Replace($"name = {TestBackup.Name}\n", "", StringComparison.Ordinal);

    private ProgramResult Run(params string[] arguments) => Programs.Run(Repository.Binary, arguments, _backup.Environment);

    private IReadOnlyDictionary<string, double> Samples(string name) => gateway.Server.Samples($"{_prefix}-{name}");
}
