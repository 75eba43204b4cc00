using System.Text.RegularExpressions;
using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.RecordingGateway;

namespace Assimilator.Tests.Binary;

/// <summary>A backup that reports to another group than before says so, until the old one is forgotten.</summary>
public sealed partial class ChangedIdentityTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>, IDisposable
{
    private readonly TestBackup _backup = new TestBackup(gateway.Server) { Label = Guid.NewGuid().ToString("N") }.WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("backup", "instance", "renamed")]
    [InlineData("pushgateway", "job", "other job")]
    [InlineData("labels", "site", "it's\u202e \"vienna\"/\\")]
    [InlineData("backup", "name", "")]
    public void The_group_left_behind_is_named_until_the_printed_command_deletes_it(string section, string key, string value)
    {
        _backup.Set("labels", "rack", "r\u202e'\\ 1");
        Assert.Equal(0, _backup.Run().ExitCode);
        var old = Assert.Single(Groups());
        var name = _backup.Label;
        Silent();
        _backup.Set(section, key, value.Length > 0 ? value : $"{name}-renamed");
        var command = Warned($"{{job=\"assimilator\",instance=\"testhost\",backup=\"{name}\",rack=\"r\\u202e'\\\\ 1\"}} on {gateway.Server.Url}, ");
        Assert.Equal(command, Warned(""));
        Assert.Equal(2, Groups().Count);

        var result = Shell(command);

        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        Assert.Contains("assimilator: runs no longer warn about this group\n", result.Output, StringComparison.Ordinal);
        Assert.NotEqual(old, Assert.Single(Groups()));
        Silent();
        Assert.Equal(69, Shell(command).ExitCode);
    }

    [Fact]
    public void A_gateway_that_was_replaced_keeps_a_group_and_gets_no_credentials_that_are_not_its_own()
    {
        using var next = new PushgatewayServer();
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Set("pushgateway", "url", $"http://user:s3cretword@localhost:{next.Port}");
        var command = Warned($" on {gateway.Server.Url}, ");
        var result = Shell(command);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"warning: the credentials of localhost:{next.Port} are not sent to {gateway.Server.Url}/\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(Groups());
        Assert.NotEmpty(next.Samples(_backup.Label));
        Silent();
        Assert.Equal(0, _backup.Remove("pushgateway").Run().ExitCode);
        Assert.DoesNotContain("s3cretword", Warned($" on http://localhost:{next.Port}, ") + _backup.StateText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_go_to_the_host_that_they_are_for()
    {
        using var other = new RecordingGateway(Answer(202));
        _backup.Set("pushgateway", "username", "user").Set("pushgateway", "password_file", _backup.Directory["passphrase"]);
        string[] command = ["forget", "--instance", "i", "--backup", "b", "--url", other.Url];
        Assert.Equal(0, _backup.Run(command).ExitCode);
        Assert.Equal(0, _backup.Set("pushgateway", "url", $"https://127.0.0.1:{gateway.Server.Port}").Run(command).ExitCode);
        Assert.Equal(0, _backup.Set("pushgateway", "url", $"http://localhost:{gateway.Server.Port}").Run(command).ExitCode);
        Assert.Equal([true, true, false, false, false, false],
            other.Received.Select(request => request.Authorization?.StartsWith("Basic ", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void Other_credentials_and_a_slash_change_nothing()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Set("pushgateway", "url", $"http://user:s3cretword@127.0.0.1:{gateway.Server.Port}/");
        Silent();
        Assert.DoesNotContain("s3cretword", _backup.StateText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_no_longer_exists_can_be_let_go()
    {
        using (var old = new PushgatewayServer())
        {
            _backup.Set("pushgateway", "url", old.Url).Set("pushgateway", "retries", "0");
            Assert.Equal(0, _backup.Run().ExitCode);
        }
        _backup.Set("pushgateway", "url", gateway.Server.Url);
        var command = Warned(" on http://127.0.0.1:");
        var result = Shell(command);
        Assert.Equal(69, result.ExitCode);
        Assert.Contains("hint: if the gateway no longer exists, add --gone\n", result.Error, StringComparison.Ordinal);
        Warned("");
        Assert.Equal(0, Shell($"{command} --gone").ExitCode);
        Silent();
        result = Shell($"{command} --gone");
        Assert.Equal(69, result.ExitCode);
        Assert.Contains("error: no state lists the group {job=", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A gateway that was restarted without its data has nothing to delete, and there is no more to warn about.</summary>
    [Fact]
    public void A_group_that_the_gateway_has_lost_is_named_no_more()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var command = Change();
        gateway.Server.Delete($"job/assimilator/instance/testhost/backup/{_backup.Label}");
        var result = Shell(command);
        Assert.Equal(69, result.ExitCode);
        Assert.Contains("error: the gateway has nothing at ", result.Error, StringComparison.Ordinal);
        Silent();
    }

    [Fact]
    public void Names_that_are_swapped_leave_nothing_behind()
    {
        using var other = new TestBackup(gateway.Server) { Label = $"{_backup.Label}-2" }.WithStandIn();
        other.Set("state", "directory", _backup.Directory["state"]);
        Assert.Equal((0, 0), (_backup.Run().ExitCode, other.Run().ExitCode));
        (_backup.Label, other.Label) = (other.Label, _backup.Label);
        for (var i = 0; i < 2; i++)
        {
            Assert.DoesNotContain("forget", _backup.Run().Error, StringComparison.Ordinal);
            Assert.DoesNotContain("forget", other.Run().Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Foreign_and_damaged_files_beside_the_state_are_left_alone()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var state = _backup.StateText();
        _backup.Directory.Write("state/torn.json", state[..^20]);
        _backup.Directory.Write("state/foreign.json", "{\"name\": [1, 2]}");
        _backup.Directory.Write("state/list.json", "[]");
        _backup.Directory.MakeDirectory("state/directory.json");
        Programs.RunOrThrow("mkfifo", [_backup.Directory["state/pipe.json"]]);
        _backup.Directory.Write("state/secret.json", state);
        File.SetUnixFileMode(_backup.Directory["state/secret.json"], UnixFileMode.None);
        Silent();
        Assert.Equal(0, Shell(Change()).ExitCode);
        Silent();
        Assert.Equal(state[..^20], File.ReadAllText(_backup.Directory["state/torn.json"]));
    }

    /// <summary>It has no memory of any group then.</summary>
    [Fact]
    public void A_state_that_cannot_be_read_does_not_keep_the_run_from_its_end()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Directory.Write($"state/{_backup.Label}.json", "{\"version\": 2, \"reported_groups\": 1}");
        _backup.Set("backup", "instance", "renamed");
        var result = _backup.Run();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("warning: cannot use the state: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("forget", result.Error, StringComparison.Ordinal);
        Silent();
    }

    [Fact]
    public void A_misconfigured_run_has_reported_too()
    {
        _backup.Set("backup", "compression", "nonsense");
        Assert.Equal(78, _backup.Run().ExitCode);
        _backup.Set("backup", "compression", "lz4");
        Assert.Equal(0, Shell(Change()).ExitCode);
    }

    [Fact]
    public void A_group_of_a_configuration_that_is_gone_is_deleted()
    {
        gateway.Server.PutGroup($"job/assimilator/instance/gone/backup/{_backup.Label}", "x 1\n");
        gateway.Server.PutGroup($"job/j/instance/gone/backup/{_backup.Label}/site/a", "x 1\n");
        Assert.Equal(69, _backup.Run("forget", "--instance", "gone", "--backup", _backup.Label, "--label", "site=a").ExitCode);
        Assert.Equal(0, _backup.Run("forget", "--instance", "gone", "--backup", _backup.Label).ExitCode);
        Assert.Contains("site=\"a\"", Assert.Single(Groups()), StringComparison.Ordinal);
        // Without any configuration.
        var result = Programs.Run(Repository.Binary, ["forget", "--url", gateway.Server.Url, "--job", "j", "--instance", "gone", "--backup", _backup.Label,
            "--label", "site=a"], _backup.Environment);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Empty(Groups());
    }

    [Fact]
    public void Without_a_gateway_there_is_nothing_to_ask()
    {
        _backup.Remove("pushgateway").Set("textfile", "path", _backup.Directory["x.prom"]);
        var result = _backup.Run("forget", "--instance", "a", "--backup", "b");
        Assert.Equal(78, result.ExitCode);
        Assert.Contains("hint: name the gateway: --url URL\n", result.Error, StringComparison.Ordinal);
        _backup.Set("backup", "nam", "x");
        result = _backup.Run("forget", "--instance", "a", "--backup", "b", "--url", gateway.Server.Url);
        Assert.Equal(78, result.ExitCode);
        Assert.Contains("[backup] nam: unknown key", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--instance and --backup must be used together", "--instance", "a")]
    [InlineData("--url must not contain a user or password", "--instance", "a", "--backup", "b", "--url", "http://u:s3cretword@127.0.0.1:1")]
    [InlineData("--label: 'a/../job' is not the name of a label", "--instance", "a", "--backup", "b", "--label", "a/../job=x")]
    public void Unclear_arguments_delete_nothing(string problem, params string[] arguments)
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var result = _backup.Run(["forget", .. arguments]);
        Assert.Equal(64, result.ExitCode);
        Assert.StartsWith($"assimilator: error: {problem}\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretword", result.Error, StringComparison.Ordinal);
        Assert.Single(Groups());
    }

    [Fact]
    public void A_run_in_progress_would_write_the_state_again()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var command = Change();
        _backup.AddScript("preexec", "1", $"until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done");
        using var run = _backup.Start();
        Wait.Until(() => _backup.Calls().Contains("preexec-1"), "preexec runs");
        Assert.Equal(75, Shell(command).ExitCode);
        _backup.Directory.Write("go", "");
        Assert.Equal(0, Programs.Finish(run).ExitCode);
        Assert.Equal(0, Shell(command).ExitCode);
    }

    /// <summary>Changes the identity.</summary>
    /// <returns>The command that forgets the old one.</returns>
    private string Change()
    {
        _backup.Set("backup", "instance", "renamed");
        return Warned("");
    }

    /// <summary>Runs, and expects one warning.</summary>
    /// <returns>The command in the hint.</returns>
    private string Warned(string group)
    {
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(group, Warning().Match(result.Error).Value, StringComparison.Ordinal);
        return Assert.Single(Warning().Matches(result.Error)).Groups[1].Value;
    }

    private void Silent()
    {
        var result = _backup.Run();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private ProgramResult Shell(string command) => Programs.Run(
        "/bin/bash", ["-c", $"assimilator() {{ '{Repository.Binary}' \"$@\"; }}; {command}"], _backup.Environment);

    private IReadOnlyList<string> Groups() =>
        [.. gateway.Server.Text().Split('\n').Where(line => line.StartsWith("push_time_seconds{", StringComparison.Ordinal)
            && line.Contains(_backup.Label.Split('-')[0], StringComparison.Ordinal)).Select(line => line[..line.IndexOf('}', StringComparison.Ordinal)])];

    [GeneratedRegex(@"assimilator: warning: this backup no longer reports as .*, and will look silent there\nassimilator: hint: if that is intended, delete that report: (assimilator forget .*)\n")]
    private static partial Regex Warning();
}
