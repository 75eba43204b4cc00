using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;

namespace Assimilator.Commands;

/// <summary>The manual pages: the prose of two resources, in the marks of <see cref="Roff"/>, and what the tables of
/// the program say where a line names it.</summary>
internal static class Manual
{
    /// <summary>assimilator(1).</summary>
    public static string OfCommands => Page("assimilator", 1, "User Commands", MarkedCommands);

    /// <summary>assimilator.ini(5).</summary>
    public static string OfConfiguration => Page("assimilator.ini", 5, "File Formats", MarkedConfiguration);

    /// <summary>Its text, before it becomes a manual page.</summary>
    public static string MarkedCommands => EmbeddedFile.Read("manual-commands")
        .Replace("{synopsis}", Synopsis(CommandTable.Of(Command.Run)), StringComparison.Ordinal)
        .Replace("{commands}", string.Join('\n', CommandTable.All.Select(Of)), StringComparison.Ordinal)
        .Replace("{options}", List(OptionTable.Common.Select(Row)), StringComparison.Ordinal)
        .Replace("{codes}", List(ExitCodes.Table), StringComparison.Ordinal);

    /// <inheritdoc cref="MarkedCommands"/>
    public static string MarkedConfiguration => EmbeddedFile.Read("manual-configuration")
        .Replace("{lists}", string.Join(", ", Schema.Lists.Select(list => $"`[{list.Name}]`")),
            StringComparison.Ordinal)
        .Replace("{sections}", string.Join('\n', Schema.Sections.Select(Section)), StringComparison.Ordinal)
        .Replace("{variables}", List(ScriptEnvironment.Table.Select(row => ($"`{row.Name}`", row.Meaning))),
            StringComparison.Ordinal)
        .Replace("{metrics}", List(Metrics()), StringComparison.Ordinal)
        .Replace("{alerts}", List(Alerts()), StringComparison.Ordinal);

    /// <summary>When each alert fires, and what it cannot see.</summary>
    private static IEnumerable<(string, string)> Alerts() => EmbeddedFile.Read("manual-alerts")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', 3)).Select(line => (
            $"`{line[0]}` ({line[1]})",
            $"Fires when {line[2].Replace(" | ", ". Cannot see: ", StringComparison.Ordinal)}."));

    /// <summary>What each metric is, and what it is for.</summary>
    private static IEnumerable<(string, string)> Metrics()
    {
        var purposes = EmbeddedFile.Read("manual-metrics").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2)).ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
        return MetricCatalog.Original.Concat(MetricCatalog.Further).Select(metric => (metric.Name, metric.Help))
            .Append((Name: MetricCatalog.BuildInfoName, Help: MetricCatalog.BuildInfoHelp))
            .Select(metric => ($"`{metric.Name}`", $"{metric.Help}: {purposes[metric.Name]}."));
    }

    private static string Page(string name, int section, string chapter, string marked) => Roff.Page(
        name, section, ProgramVersion.Date, $"assimilator {ProgramVersion.Number}", chapter, marked);

    private static string Of(CommandDefinition row) =>
        $"## {row.Name}\n{Synopsis(row)}\n\n"
        + $"{row.Description.Replace("\n", "\n\n", StringComparison.Ordinal)}\n\n"
        + List(row.Options.Where(option => !OptionTable.Common.Contains(option)).Select(Row))
        + (row.ExitCodes.Count == 0 ? "" : "Exit status: "
            + $"{string.Join("; ", row.ExitCodes.Select(exit => $"{exit.Code}, {exit.Meaning}"))}.\n\n")
        + $"Example: `{row.Example}`\n";

    /// <summary>What has to be written as it is stands out.</summary>
    private static string Synopsis(CommandDefinition row) =>
        $"`assimilator` {string.Join(' ', Usage.Synopsis(row).Skip(1).Select((part, place) =>
            place == 0 && row.Command != Command.Run ? $"`{part}`"
            : part.StartsWith("[-", StringComparison.Ordinal) && part.IndexOfAny([' ', ']']) is var end
                ? $"[`{part[1..end]}`{part[end..]}" : part))}";

    private static (string Term, string Meaning) Row(OptionDefinition option) => (
        (option.Letter is null ? "" : $"`{option.Letter}`, ") + $"`{option.Name}`"
            + (option.Value is null ? "" : $" {option.Value}"),
        option.Help);

    private static string Section(string name)
    {
        var heading = Schema.PerRepository.Contains(name) ? $"## [{name}], [{name}.NAME]\n" : $"## [{name}]\n";
        return Schema.Lists.FirstOrDefault(list => list.Name == name) is { } list ? $"{heading}A list. {list.Help}\n"
            : heading + List(Schema.All.Where(key => key.Section == name)
                .Select(key => ($"`{key.Name}`", Meaning(key))));
    }

    private static string Meaning(Key key) => key.Help
        + (key.Expected == KeyTypes.Text.Expected ? "" : " Expected: "
            + $"{key.Expected.Replace(Durations.Expected, "a duration", StringComparison.Ordinal)}.")
        + (key.Default.Length == 0 ? "" : key.Default == Schema.Required ? " Required." : $" Default: {key.Default}.");

    private static string List(IEnumerable<(string Term, string Meaning)> rows) =>
        string.Concat(rows.Select(row => $"{row.Term}\n: {row.Meaning}\n\n"));
}
