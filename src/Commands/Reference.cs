using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What help tells about other things than commands, from the tables of the program.</summary>
internal static class Reference
{
    public const string Config = "config";

    private const string Metrics = "metrics", Codes = "exit-codes", RunJson = "run-json", StatusJson = "status-json",
        LogJson = "log-json";

    /// <summary>The topics, as general help lists them.</summary>
    public static readonly IReadOnlyList<(string Topic, string Help)> Topics =
    [
        ($"{Config} [KEY]", "sections and keys of the configuration, or one of them"),
        (Metrics, "what a run reports"),
        (Codes, "how a run ends"),
        (RunJson, "the fields that run --json prints"),
        (StatusJson, "the fields that status --json prints"),
        (LogJson, "the fields of --log-format json"),
    ];

    public static IEnumerable<string> Names => Topics.Select(topic => topic.Topic.Split(' ')[0]);

    /// <param name="problem">Why there is no help about it, if null is returned.</param>
    public static string? Find(IReadOnlyList<string> words, out Problem? problem)
    {
        problem = null;
        switch (words)
        {
            case []:
                return Usage.General;
            case [var command] when CommandTable.Find(command) is { } found:
                return Usage.Of(found);
            case [Config]:
                return string.Join('\n', Schema.Sections.Select(Section));
            case [Config, var name]:
                var text = string.Join('\n', Schema.All.Where(key => IsName(key.Name, name)).Select(Key)
                    .Concat(Schema.Sections.Where(section => IsName(section, name)).Select(Section)));
                problem = text.Length > 0 ? null : CommandLine.Unknown(
                    "key", name, [.. Schema.All.Select(key => key.Name).Concat(Schema.Sections).Distinct()],
                    "all of them: assimilator help config");
                return problem is null ? text : null;
            case [Metrics]:
                return Columns.Of(MetricCatalog.Original.Concat(MetricCatalog.Further)
                    .Select(metric => (metric.Name, metric.Help))
                    .Append((MetricCatalog.BuildInfoName, MetricCatalog.BuildInfoHelp)));
            case [Codes]:
                return $"{Columns.Of(ExitCodes.Table.Select(row => (row.Code, Usage.Plain(row.Meaning))))}\n"
                    + Columns.Wrap("With several backups, the worst exit code counts; from worst to best: a signal, "
                        + "78, 2, 1, 75, 0. Some commands use codes in their own way: assimilator help COMMAND.");
            case [StatusJson]:
                return $"{Columns.Wrap(StatusFields.Conventions)}\n"
                    + Columns.Of(StatusFields.All.Select(row => (row.Field, Usage.Plain(row.Meaning))));
            case [RunJson]:
                return Columns.Of(RunJsonFields.Table.Select(row => (row.Field, Usage.Plain(row.Meaning))));
            case [LogJson]:
                return Columns.Of(LogLine.Fields.Select(row => (row.Field, Usage.Plain(row.Meaning))));
            case [var topic]:
                problem = CommandLine.Unknown("command", topic, [.. CommandTable.Names, .. Names]);
                return null;
            default:
                problem = new($"help takes one topic, found '{PlainText.Excerpt(words[^1])}'");
                return null;
        }
    }

    private static bool IsName(string known, string name) => known.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Section(string name) => $"[{name}]\n" + Columns.Of(
        Schema.Lists.FirstOrDefault(list => list.Name == name) is { } list ? [("a list", Usage.Plain(list.Help))]
        : Schema.All.Where(key => key.Section == name).Select(key => (key.Name, Usage.Plain(
            key.Default.Length == 0 ? key.Help
                : key.Default == Schema.Required ? $"{key.Help} (required)"
                : $"{key.Help} (default: {key.Default})"))));

    private static string Key(Key key) => $"[{key.Section}] {key.Name}\n" + Columns.Of(
    [
        ("meaning", Usage.Plain(key.Help)),
        ("expected", key.Expected),
        ("default", key.Default.Length == 0 ? "none"
            : key.Default == Schema.Required ? "none: required"
            : Usage.Plain(key.Default)),
    ]);
}
