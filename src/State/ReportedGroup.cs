using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Terminal;

namespace Assimilator.State;

/// <summary>A group on a gateway, as runs report to it.</summary>
/// <param name="Url">Of the gateway, without user info.</param>
/// <param name="Labels">The grouping key, in order.</param>
internal sealed record ReportedGroup(string Url, IReadOnlyList<LabelPair> Labels)
{
    public const int MostKept = 10;

    /// <summary>Null if nothing is pushed.</summary>
    public static ReportedGroup? Of(BackupConfiguration configuration) => configuration.Pushgateway is { } gateway
        ? new(gateway.Url.AbsoluteUri.TrimEnd('/'), configuration.GroupingLabels)
        : null;

    /// <summary>What tells <c>assimilator forget</c> which group is meant.</summary>
    public string Options => string.Concat(Labels.Select(label => label.Name is "job" or "instance" or "backup"
        ? $" --{label.Name} {Word(label.Value)}"
        : $" --label {Word($"{label.Name}={label.Value}")}").Prepend($" --url {Word(Url)}"));

    public override string ToString() => $"{{{TextFormat.Labels(Labels)}}} on {Url}";

    // A gateway does not look at the order of labels.
    public bool Equals(ReportedGroup? other) =>
        other is not null && Url == other.Url && Labels.Count == other.Labels.Count
        && !Labels.Except(other.Labels).Any();

    public override int GetHashCode() => Url.GetHashCode(StringComparison.Ordinal);

    /// <summary>One word for a shell. What a message could not show as it is, is written as bash reads it.</summary>
    private static string Word(string text) => PlainText.OneLine(text) == text
        ? CommandWords.Quote(text)
        : $"$'{PlainText.OneLine(text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("'", "\\'", StringComparison.Ordinal))}'";
}
