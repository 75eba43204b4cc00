using Assimilator.Commands;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

/// <summary>What help shows, generated from the tables of commands and options.</summary>
public sealed class UsageTests
{
    public static TheoryData<string> Names => [.. CommandTable.Names];

    [Fact]
    public void General_help_names_every_command_and_option()
    {
        var lines = Usage.General.Split('\n');
        Assert.All(CommandTable.All, row => Assert.Single(lines, line => line.StartsWith($"  {row.Name} ", StringComparison.Ordinal)
            && !line.Contains('[', StringComparison.Ordinal)));
        Assert.All(OptionTable.All, option => Assert.Single(lines, line => line == $"  {option.Form}" || line.StartsWith($"  {option.Form} ", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_of_a_command_names_its_options_and_no_others(string name)
    {
        var row = CommandTable.Find(name)!;
        var help = Usage.Of(row);
        var lines = help.Split('\n');
        var options = lines.Skip(Array.IndexOf(lines, "Options:") + 1).TakeWhile(line => line.Length > 0)
            .Where(line => line.StartsWith("  -", StringComparison.Ordinal)).ToList();
        Assert.Equal(row.Options.Append(OptionTable.Help).Select(option => option.Form), options.Select(line => line[2..].Split("  ")[0]));
        Assert.StartsWith($"Usage:\n  assimilator {(name == "run" ? "[run]" : name)}", help, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.DoesNotContain('`', help);
    }

    /// <summary>An example that is refused would help nobody.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_example_of_a_command_is_accepted(string name)
    {
        var row = CommandTable.Find(name)!;
        var words = row.Example.Split(" > ")[0].Split(' ');
        Assert.Equal("assimilator", words[0]);
        var commandLine = CommandLine.Parse(words[1..], out var problem);
        Assert.Null(problem);
        Assert.Equal(row.Command, commandLine!.Command);
    }

    [Fact]
    public void Every_command_has_one_row() => Assert.Equal(Enum.GetValues<Command>().Order(), CommandTable.All.Select(row => row.Command).Order());

    [Theory]
    [InlineData("prune", "assimilator prune [-c FILE] [--repository NAME] [-v] [-q] [--log-format FORMAT] [-n] [--yes] [NAME]")]
    [InlineData("run", "assimilator [run] [-c FILE]... [--repository NAME] [-v] [-q] [--log-format FORMAT] [-n] [--json] [NAME...]")]
    [InlineData("borg", "assimilator borg [-c FILE] [--repository NAME] [NAME] -- ARGUMENTS")]
    [InlineData("version", "assimilator version")]
    public void Synopses(string name, string synopsis) => Assert.Equal(synopsis, string.Join(' ', Usage.Synopsis(CommandTable.Find(name)!)));

    [Fact]
    public void Columns_break_between_words_and_give_long_names_a_line()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 20));
        Assert.Equal(
            "  ab        " + string.Join(' ', Enumerable.Repeat("word", 13)) + "\n            " + string.Join(' ', Enumerable.Repeat("word", 7)) + "\n"
            + "  a name of so many characters\n            short\n  eight888  b\n",
            Columns.Of([("ab", words), ("a name of so many characters", "short"), ("eight888", "b")]));
        Assert.Equal(string.Join(' ', Enumerable.Repeat("word", 16)) + "\n" + string.Join(' ', Enumerable.Repeat("word", 4)) + "\n", Columns.Wrap(words));
    }
}
