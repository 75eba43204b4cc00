using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What help shows, from <see cref="CommandTable"/> and <see cref="OptionTable"/>.</summary>
internal static class Usage
{
    /// <summary>An option of fewer commands than these names them.</summary>
    private const int ManyCommands = 3;

    /// <summary>The help of the program.</summary>
    public static string General =>
        $"""
        Usage:
        {Columns.Hanging(Synopsis(CommandTable.Of(Command.Run))).TrimEnd('\n')}
          assimilator COMMAND [OPTION]... [ARGUMENT]...
          assimilator help COMMAND

        {Columns.Wrap("Backs up with borg, runs the scripts around it, prunes old archives, and reports every run to a "
            + "Prometheus Pushgateway, failures included.")}
        Commands:
        {Columns.Of(CommandTable.All.Select(row => (row.Name, row.Summary)))}
        Help topics:
        {Columns.Of(Reference.Topics)}
        Options:
        {Columns.Of(OptionTable.All.Select(option => (option.Form, $"{Owners(option)}{Plain(option.Help)}")))}
        Exit codes:
        {Columns.Of(ExitCodes.Table.Select(row => (row.Code, Plain(row.Meaning))))}
        """;

    /// <summary>The help of one command.</summary>
    public static string Of(CommandDefinition row) =>
        $"Usage:\n{Columns.Hanging(Synopsis(row))}\n"
        + string.Join('\n', row.Description.Split('\n').Select(paragraph => Columns.Wrap(Plain(paragraph))))
        + $"\nOptions:\n{Columns.Of(row.Options.Append(OptionTable.Help).Select(OptionRow))}"
        + $"\nExample:\n  {row.Example}\n"
        + (row.ExitCodes.Count == 0 ? "" : $"\nExit codes:\n{Columns.Of(row.ExitCodes)}");

    /// <summary>The command with its options and arguments.</summary>
    public static IReadOnlyList<string> Synopsis(CommandDefinition row) =>
    [
        "assimilator", row.Command == Command.Run ? "[run]" : row.Name,
        .. row.Options.Select(option => option.Synopsis + (MayRepeat(row, option) ? "..." : "")),
        .. row.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        .. !row.TakesBorgArguments ? Array.Empty<string>()
            : row.Command == Command.Borg ? ["-- ARGUMENTS"] : ["[-- ARGUMENTS]"],
    ];

    private static bool MayRepeat(CommandDefinition row, OptionDefinition option) =>
        option.IsRepeatable && !(row.IsForOneBackup && option == OptionTable.Config);

    private static (string, string) OptionRow(OptionDefinition option) =>
        (option.Form, option == OptionTable.Help ? "show this help" : Plain(option.Help));

    /// <summary>The commands that an option belongs to, if they are few.</summary>
    private static string Owners(OptionDefinition option) =>
        CommandTable.With(option) is { Count: < ManyCommands } owners
            ? $"{string.Join(", ", owners.Select(row => row.Name))}: " : "";

    /// <summary>README's backticks mean nothing on a terminal.</summary>
    public static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal);
}
