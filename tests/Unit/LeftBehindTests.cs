using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.State;

namespace Assimilator.Tests.Unit;

public sealed class LeftBehindTests
{
    private const string File = "/etc/web.ini";
    private const string Url = "http://push:9091";

    private static readonly ReportedGroup Current = Group("web");

    private static readonly (string What, ReportedGroup[] Own, BackupState[] Others, ReportedGroup[] Expected)[] Cases =
    [
        ("nothing reported yet", [], [], []),
        ("the same", [Current], [], []),
        ("another order of labels", [Group("web") with { Labels = [.. Current.Labels.Reverse()] }], [], []),
        ("other instance", [Group("web", instance: "old")], [], [Group("web", instance: "old")]),
        ("other job", [Group("web", job: "old")], [], [Group("web", job: "old")]),
        ("a label less", [Group("web", label: new("site", "a"))], [], [Group("web", label: new("site", "a"))]),
        ("url changed", [Group("web", url: "http://old")], [], [Group("web", url: "http://old")]),
        (
            "several, and one twice", [Group("web", job: "a"), Current, Group("web", job: "b")], [State("old", Group("web", job: "a"))],
            [Group("web", job: "a"), Group("web", job: "b")]
        ),
        ("name changed", [], [State("old")], [Group("old")]),
        ("name changed twice", [Current], [State("old"), State("older")], [Group("old"), Group("older")]),
        ("another configuration", [], [State("old") with { ConfigurationFile = "/etc/old.ini" }], []),
        ("no configuration", [], [State("old") with { ConfigurationFile = null }], []),
        ("version 1", [], [new() { Version = 1, ConfigurationFile = File }], []),
        (
            "swapped names: another reports there now", [Group("mail"), Current],
            [State("mail") with { ConfigurationFile = "/etc/mail.ini" }], []
        ),
        (
            "another has reported there before", [Group("mail"), Current],
            [State("x", Group("mail"), Group("x")) with { ConfigurationFile = "/etc/mail.ini" }], [Group("mail")]
        ),
        ("in use, by a name that the configuration has elsewhere", [Current], [At(State("twin"), hour: 3)], []),
        ("renamed since", [Current], [At(State("old"), hour: 1)], [Group("old")]),
    ];

    public static TheoryData<string> Whats => [.. Cases.Select(one => one.What)];

    [Theory]
    [MemberData(nameof(Whats))]
    public void Finds(string what)
    {
        var (_, own, others, expected) = Cases.Single(one => one.What == what);
        var state = At(new() { Version = 2, ConfigurationFile = File, ReportedGroups = own }, hour: 2);
        Assert.Equal(expected, LeftBehind.Of(Current, state, others, File));
    }

    [Fact]
    public void Without_a_gateway_every_group_is_left_behind() => Assert.Equal(
        [Current], LeftBehind.Of(null, new() { Version = 2, ReportedGroups = [Current] }, [], File));

    [Theory]
    [InlineData("https://push.example.org")]
    [InlineData("https://push.example.org/")]
    [InlineData("https://PUSH.example.org:443")]
    [InlineData("https://user:secret@push.example.org")]
    [InlineData("https://other:changed@push.example.org/")]
    public void A_gateway_is_the_same_with_other_credentials_or_a_slash(string url)
    {
        var values = Samples.Values($"[pushgateway]\nurl = {url}");
        var configuration = Samples.Configuration with
        {
            Pushgateway = PushgatewayReader.Read(values, "/f"),
            GroupingLabels = Current.Labels,
        };
        Assert.NotNull(configuration.Pushgateway);
        Assert.Equal(Current with { Url = "https://push.example.org" }, ReportedGroup.Of(configuration));
    }

    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("a b", "'a b'")]
    [InlineData("a'b", "'a'\"'\"'b'")]
    [InlineData("a\u202eb'\\", @"$'a\u202eb\'\\'")]
    public void Options_are_words_for_a_shell(string value, string word) => Assert.Equal(
        $" --url {Url} --job assimilator --instance {word} --backup web", Group("web", instance: value).Options);

    [Fact]
    public void A_group_is_named_by_labels_and_gateway()
    {
        var group = Group("web", label: new("site", "a b"));
        Assert.Equal(" --url http://push:9091 --job assimilator --instance host --backup web --label 'site=a b'", group.Options);
        Assert.Equal("{job=\"assimilator\",instance=\"host\",backup=\"web\",site=\"a b\"} on http://push:9091", group.ToString());
    }

    private static ReportedGroup Group(
        string backup, string instance = "host", string job = "assimilator", LabelPair? label = null, string url = Url) =>
        new(url, [new("job", job), new("instance", instance), new("backup", backup), .. label is null ? [] : new[] { label }]);

    private static BackupState State(string name, params ReportedGroup[] groups) =>
        new() { Version = 2, ConfigurationFile = File, ReportedGroups = groups.Length == 0 ? [Group(name)] : groups };

    private static BackupState At(BackupState state, int hour) => state with
    {
        LastReport = Samples.Report() with { StartedAt = new DateTimeOffset(2026, 1, 31, hour, 0, 0, TimeSpan.Zero) },
    };
}
