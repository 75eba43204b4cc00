using Assimilator.Report;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

public sealed class ScriptEnvironmentTests
{
    private static readonly RunReport Finished = Samples.Report(
        Samples.Step(StepKind.Stream, 0), Samples.Create(0), Samples.Step(StepKind.Prune, 101), Samples.Step(StepKind.Compact, 102),
        Samples.Step(StepKind.Check, 0), Samples.Step(StepKind.Restore, 2)) with
    {
        Preexec = new ScriptsResult(3, TimeSpan.Zero),
    };

    [Fact]
    public void Tells_preexec_what_is_known_by_then() => Assert.Equal(
        ["ASSIMILATOR_BACKUP=test", "ASSIMILATOR_CONFIG_FILE=/etc/test.ini", "ASSIMILATOR_REPOSITORY=/srv/borg",
            "ASSIMILATOR_STEP=preexec"],
        Of(ScriptEnvironment.Preexec, Finished));

    [Fact]
    public void Tells_postexec_everything() => Assert.Equal(
        ["ASSIMILATOR_ARCHIVE=web-1", "ASSIMILATOR_BACKUP=test", "ASSIMILATOR_CHECK_RETURN_CODE=0", "ASSIMILATOR_COMPACT_RETURN_CODE=102",
            "ASSIMILATOR_CONFIG_FILE=/etc/test.ini", "ASSIMILATOR_CREATE_RETURN_CODE=0", "ASSIMILATOR_OUTCOME=warning",
            "ASSIMILATOR_PREEXEC_RETURN_CODE=3", "ASSIMILATOR_PRUNE_RETURN_CODE=101",
            "ASSIMILATOR_REPOSITORY=/srv/borg", "ASSIMILATOR_RESTORE_RETURN_CODE=2", "ASSIMILATOR_STEP=postexec",
            "ASSIMILATOR_STREAM_RETURN_CODE=0"],
        Of(ScriptEnvironment.Postexec, Finished));

    [Fact]
    public void Tells_apart_what_belongs_to_several_series()
    {
        var one = Finished.Repositories[0];
        var variables = Of(ScriptEnvironment.Postexec, Finished with
        {
            Repositories = [one with { Name = "usb", Steps = [] }, one with { Name = "usb", Stream = "dumps/shop.sql" }, one with { Stream = "a-b" }],
        });
        Assert.Contains("ASSIMILATOR_ARCHIVE_USB_DUMPS_SHOP_SQL=web-1", variables);
        Assert.Contains("ASSIMILATOR_STREAM_RETURN_CODE_A_B=0", variables);
        Assert.DoesNotContain("ASSIMILATOR_ARCHIVE_USB=web-1", variables);
        Assert.Equal(2, variables.Count(variable => variable.StartsWith("ASSIMILATOR_REPOSITORY", StringComparison.Ordinal)));
    }

    [Fact]
    public void Tells_the_command_of_a_stream_what_it_is_for() => Assert.Equal(
        ["ASSIMILATOR_BACKUP=test", "ASSIMILATOR_CONFIG_FILE=/etc/test.ini", "ASSIMILATOR_REPOSITORY=/srv/borg",
            "ASSIMILATOR_STEP=stream", "ASSIMILATOR_STREAM=dumps/shop.sql", "PATH=/bin"],
        ScriptEnvironment.OfStream(
            Samples.Configuration, Samples.Repository with { Stream = new("dumps/shop.sql", "/usr/bin/pg_dump", []) },
            new Dictionary<string, string> { ["PATH"] = "/bin", ["BORG_PASSPHRASE"] = "x", ["ASSIMILATOR_STEP"] = "stale" })
            .Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal));

    [Fact]
    public void Tells_postexec_nothing_of_steps_that_did_not_run() => Assert.Equal(
        ["ASSIMILATOR_BACKUP=test", "ASSIMILATOR_CONFIG_FILE=/etc/test.ini", "ASSIMILATOR_OUTCOME=failure",
            "ASSIMILATOR_REPOSITORY=/srv/borg", "ASSIMILATOR_STEP=postexec"],
        Of(ScriptEnvironment.Postexec, Samples.Report()));

    [Fact]
    public void Documents_exactly_what_it_sets() => Assert.Equal(
        ScriptEnvironment.Table.Select(variable => variable.Name).Order(StringComparer.Ordinal),
        Of(ScriptEnvironment.Postexec, Finished).Select(variable => variable.Split('=')[0]).Append("ASSIMILATOR_STREAM").Order(StringComparer.Ordinal));

    [Fact]
    public void Names_no_archive_that_was_not_created() => Assert.DoesNotContain(
        "ASSIMILATOR_ARCHIVE=web-1", Of(ScriptEnvironment.Postexec, Samples.Report(Samples.Step(StepKind.Create, 2))));

    public static TheoryData<string, int?, string> Outcomes => new()
    {
        { "Completed", null, "success" }, { "Skipped", null, "skipped" }, { "Completed", 15, "interrupted" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Names_the_outcome(string ending, int? signal, string expected) => Assert.Contains(
        $"ASSIMILATOR_OUTCOME={expected}",
        Of(ScriptEnvironment.Postexec, Samples.Report(Samples.Create(0)) with
        {
            Ending = Enum.Parse<RunEnding>(ending),
            Signal = signal,
        }));

    [Theory]
    [InlineData(ScriptEnvironment.Preexec)]
    [InlineData(ScriptEnvironment.Postexec)]
    public void Hands_on_what_was_inherited_but_no_secret_and_nothing_under_our_names(string step)
    {
        string[] kept = ["BORG_REPO=/r", "CREDENTIALS_DIRECTORY=/c", "HOME=/root", "LD_PRELOAD=/x.so", "MY_SECRET_2=x", "PATH=/bin", "assimilator_x=1"];
        string[] withheld =
        [
            "BORG_PASSPHRASE=hunter2", "BORG_PASSCOMMAND=hunter2", "BORG_PASSPHRASE_FD=3",
            "BORG_NEW_PASSPHRASE=hunter2", "MY_SECRET=hunter2", "ASSIMILATOR_ARCHIVE=stale",
            "ASSIMILATOR_OUTCOME=stale", "ASSIMILATOR_OTHER=stale",
            "BORG_DEBUG_PASSPHRASE=YES",
        ];
        var report = Samples.Report();
        Assert.Equal(
            [.. Of(step, report), .. kept], Of(step, report, [.. kept, .. withheld]));
    }

    private static List<string> Of(string step, RunReport report, params string[] inherited)
    {
        var configuration = Samples.Configuration with
        {
            Repositories = [Samples.Repository with { Passphrase = "hunter2" }],
            SecretVariables = new HashSet<string> { "MY_SECRET" },
        };
        var variables = inherited.Select(text => text.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return
        [
            .. ScriptEnvironment.Of(step, configuration, report, variables)
                .Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal),
        ];
    }
}
