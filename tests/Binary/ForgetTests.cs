using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.RecordingGateway;

namespace Assimilator.Tests.Binary;

/// <summary>A host that is no more takes its report along, and whatever prevents that is said.</summary>
public sealed class ForgetTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>, IDisposable
{
    private readonly TestBackup _backup = new TestBackup(gateway.Server) { Label = Guid.NewGuid().ToString() }.WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void The_group_and_the_textfile_are_deleted_and_nothing_else()
    {
        using var other = new TestBackup(gateway.Server) { Label = $"{_backup.Label}-2" }.WithStandIn();
        Assert.Equal(0, other.Run().ExitCode);
        var textfile = _backup.Directory["report.prom"];
        _backup.Set("textfile", "path", textfile).Set("labels", "site", "a \"quoted\" \\ site/ü");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.True(File.Exists(textfile));
        var state = System.Text.Json.Nodes.JsonNode.Parse(_backup.StateText())!;

        var result = _backup.Run("forget");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("", result.Error);
        Assert.StartsWith($"assimilator: removed {textfile}\nassimilator: deleted {gateway.Server.Url}/metrics/job/", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"backup=\"{_backup.Label}\"", gateway.Server.Text(), StringComparison.Ordinal);
        Assert.NotEmpty(gateway.Server.Samples(other.Label));
        Assert.False(File.Exists(textfile));
        state["reported_groups"] = new System.Text.Json.Nodes.JsonArray();
        Assert.Equal(state.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(_backup.StateText())!.ToJsonString());
    }

    [Fact]
    public void A_configuration_whose_paths_are_gone_is_good_enough()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Remove("repository", "location").Remove("paths").Set("preexec", "1", "/gone").Set("borg", "path", "/gone/borg");
        var result = _backup.Run("forget");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain(_backup.Label, gateway.Server.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_gateway_does_not_hold_is_said()
    {
        Expect(69, "error: the gateway has nothing at ",
            "hint: name, instance, job and labels must match those of the host that reported");
    }

    [Fact]
    public void A_gateway_that_claims_an_unknown_character_set_is_understood()
    {
        using var odd = new RecordingGateway(Answer(200, "x 1\n", ("Content-Type", "text/plain; charset=bogus-8")));
        _backup.Set("pushgateway", "url", odd.Url);
        Expect(69, "error: the gateway has nothing at ");
    }

    [Fact]
    public void A_textfile_that_is_not_there_or_not_ours_is_said()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var textfile = _backup.Directory["report.prom"];
        _backup.Set("textfile", "path", textfile);
        Expect(69, $"error: there is no {textfile}");
        Assert.Equal(0, _backup.Remove("textfile").Run().ExitCode);

        _backup.Directory.Write("report.prom", "node_load1 0.5\n");
        _backup.Set("textfile", "path", textfile);
        Expect(69, $"error: the textfile was not removed: {textfile} was written by another");
        Assert.True(File.Exists(textfile));
    }

    [Fact]
    public void A_run_in_progress_would_report_again()
    {
        _backup.AddScript("preexec", "1", $"until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done");
        using var run = _backup.Start();
        Wait.Until(() => _backup.Calls().Count > 0, "preexec runs");
        Expect(75, $"error: a run of {_backup.Label} is in progress, and would report again", "hint: try again once it has finished");
        _backup.Directory.Write("go", "");
        Assert.Equal(0, Programs.Finish(run).ExitCode);
        Assert.NotEmpty(gateway.Server.Samples(_backup.Label));
    }

    [Fact]
    public void Without_a_place_that_has_reports_there_is_nothing_to_forget()
    {
        _backup.Remove("pushgateway");
        Expect(78, "error: nothing to forget");
    }

    [Theory]
    [InlineData("backup", "instanc", "other", "[backup] instanc: unknown key")]
    [InlineData("textfile", "pth", "/x.prom", "[textfile] pth: unknown key")]
    [InlineData("textfiel", "path", "/x.prom", "[textfiel]: unknown section")]
    [InlineData("textfile", "path", "/x.txt", "[textfile] path: expected a name that ends in '.prom'")]
    public void A_configuration_that_does_not_tell_what_to_forget_deletes_nothing(string section, string key, string value, string problem)
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Set(section, key, value);
        Expect(78, problem);
        Assert.NotEmpty(gateway.Server.Samples(_backup.Label));
    }

    [Fact]
    public void A_gateway_that_is_down_is_said()
    {
        _backup.Set("pushgateway", "url", "http://127.0.0.1:1").Set("pushgateway", "retries", "0");
        Expect(69, "warning: the gateway does not show its groups",
            "error: the gateway did not delete http://127.0.0.1:1/metrics/job/assimilator/instance/testhost/backup/", ": cannot connect to 127.0.0.1:1: ");
    }

    [Fact]
    public void A_gateway_that_only_lets_write_is_asked_all_the_same()
    {
        using var writeOnly = new RecordingGateway(Answer(403), Answer(503), Answer(202));
        _backup.Set("pushgateway", "url", writeOnly.Url);
        Expect(0, "warning: the gateway does not show its groups");
        Assert.Equal(["GET", "DELETE", "DELETE"], writeOnly.Received.Select(request => request.Method));
        Assert.Empty(writeOnly.Received[2].Body);
        Assert.EndsWith($"/backup/{_backup.Label}", writeOnly.Received[2].RawUrl, StringComparison.Ordinal);
    }

    private void Expect(int exitCode, params string[] words)
    {
        var result = _backup.Run("forget");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }
}
