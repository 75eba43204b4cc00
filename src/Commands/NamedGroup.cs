using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Pushgateway;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>The group that <c>forget</c> deletes instead of the configured one.</summary>
/// <param name="Url">Null for the gateway of the configuration.</param>
/// <param name="Job">Null for that of the configuration.</param>
internal sealed record NamedGroup(
    Uri? Url, string? Job, string Instance, string Backup, IReadOnlyList<LabelPair> Labels)
{
    private static readonly OptionDefinition[] Options =
        [OptionTable.Url, OptionTable.Job, OptionTable.Instance, OptionTable.Backup, OptionTable.Label];

    /// <param name="values">Of each option; none is empty, and only labels are several.</param>
    /// <param name="problem">What is wrong with them; null is also returned if there are none.</param>
    public static NamedGroup? Read(Func<OptionDefinition, List<string>> values, out Problem? problem)
    {
        Uri? url = null;
        var labels = values(OptionTable.Label).Select(text => text.Split('=', 2)).ToList();
        problem = Options.All(option => values(option).Count == 0) ? null
            : values(OptionTable.Instance).Count + values(OptionTable.Backup).Count < 2
                ? new("--instance and --backup must be used together",
                    "add both, as they appear in the group's labels")
            : labels.Find(label => label.Length < 2) is { } bare
                ? new($"--label needs {OptionTable.Label.Needs}, found '{PlainText.Excerpt(bare[0])}'")
            : labels.Find(label => !PushgatewayReader.IsLabelName(label[0])) is { } odd
                ? new($"--label: '{PlainText.Excerpt(odd[0])}' is not the name of a label")
            : labels.Find(label => label[0] is "job" or "instance" or "backup") is { } own
                ? new($"the label {own[0]} has an option of its own: --{own[0]}")
            : labels.DistinctBy(label => label[0]).Count() < labels.Count
                ? new("--label names one label twice")
            : values(OptionTable.Url) is [var text] ? WhyNoUrl(text, out url)
            : null;
        return problem is not null || values(OptionTable.Instance) is not [var instance] ? null : new NamedGroup(
            url, values(OptionTable.Job).FirstOrDefault(), instance, values(OptionTable.Backup)[0],
            [.. labels.Select(label => new LabelPair(label[0], label[1]))]);
    }

    /// <summary>The configuration of a backup that would report to this group.</summary>
    public BackupConfiguration In(BackupConfiguration configuration) => configuration with
    {
        GroupingLabels =
        [
            new("job", Job ?? configuration.GroupingLabels[0].Value), new("instance", Instance), new("backup", Backup),
            .. Labels,
        ],
        Pushgateway = Gateway(configuration.Pushgateway),
        Textfile = null,
    };

    /// <summary>Credentials go only to the host that they are for, and never less protected.</summary>
    private PushgatewaySettings? Gateway(PushgatewaySettings? configured) =>
        Url is null ? configured
        : configured is null ? new(Url, null, null, null, Timeout: TimeSpan.FromSeconds(30), Retries: 0)
        : configured.Url.Host == Url.Host
            && (Url.Scheme == Uri.UriSchemeHttps || configured.Url.Scheme == Uri.UriSchemeHttp)
            ? configured with { Url = Url }
        : configured with { Url = Url, Authorization = null, ClientCertificate = null };

    private static Problem? WhyNoUrl(string text, out Uri? url)
    {
        var problem = PushgatewayReader.WhyNoUrl(text, out url);
        if (problem is not null)
            return problem with { Message = $"--url: {problem.Message}" };
        if (url!.UserInfo.Length > 0)
            return new("--url must not contain a user or password",
                "every user of this host can see them; forget takes them from the configuration: -c FILE");
        url = PushgatewayReader.WithoutUserInfo(url);
        return null;
    }
}
