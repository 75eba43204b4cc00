using Assimilator.Commands;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.Tests.Binary;

namespace Assimilator.Tests.Unit;

/// <summary>The manual pages tell about everything in the tables of the program.</summary>
public sealed class ManualTests
{
    private static readonly string[] Commands = Manual.MarkedCommands.Split('\n');
    private static readonly string[] Configuration = Manual.MarkedConfiguration.Split('\n');

    [Fact]
    public void Every_command_is_described_with_its_options_and_an_example()
    {
        foreach (var row in CommandTable.All)
        {
            var text = Between(Commands, $"## {row.Name}");
            Assert.All(row.Options, option => Assert.Contains(text, line => line.Contains($"[`{option.ShortName}`", StringComparison.Ordinal)));
            Assert.Equal(row.Options.Except(OptionTable.Common).Select(option => option.Name),
                Terms(text).Select(term => term.Split('`').First(word => word.StartsWith("--", StringComparison.Ordinal))));
            Assert.All(row.Description.Split('\n'), paragraph => Assert.Contains(paragraph, text));
            Assert.Contains($"Example: `{row.Example}`", text);
        }
        Assert.All(OptionTable.Common, option => Assert.Contains(Between(Commands, "# OPTIONS"), line => line.Contains($"`{option.Name}`", StringComparison.Ordinal)));
        Assert.Equal(ExitCodes.Table.Select(row => row.Code), Terms(Between(Commands, "# EXIT STATUS")));
    }

    [Fact]
    public void Every_key_is_described_in_its_section()
    {
        foreach (var section in Schema.Sections)
        {
            var text = Between(Configuration, Schema.PerRepository.Contains(section) ? $"## [{section}], [{section}.NAME]" : $"## [{section}]");
            Assert.Equal(Schema.NamesIn(section), Terms(text));
            Assert.All(Schema.All.Where(key => key.Section == section), key => Assert.Contains(text, line =>
                line.Contains(key.Help, StringComparison.Ordinal) && line.Contains(key.Default, StringComparison.OrdinalIgnoreCase)));
        }
        Assert.All(Schema.Lists, list => Assert.Equal($"A list. {list.Help}", Between(Configuration, $"## [{list.Name}]")[0]));
    }

    [Fact]
    public void Every_variable_and_metric_is_described()
    {
        Assert.Equal(ScriptEnvironment.Table.Select(row => row.Name), Terms(Between(Configuration, "# SCRIPTS")));
        Assert.Equal(
            MetricCatalog.Original.Concat(MetricCatalog.Further).Select(metric => metric.Name).Append(MetricCatalog.BuildInfoName),
            Terms(Between(Configuration, "# METRICS")));
    }

    /// <summary>The table of exit codes is what the tests of every fault expect.</summary>
    [Fact]
    public void What_happens_when()
    {
        var text = Between(Configuration, "# WHAT HAPPENS WHEN");
        var header = text.First(line => line.Contains(" prune compact ", StringComparison.Ordinal));
        // A number stands below the end or the middle of its column's name.
        int[] starts = [.. header.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => header.IndexOf(name, StringComparison.Ordinal))];
        var found = text.SkipWhile(line => line != header).Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => string.Join(',', starts.Select((start, place) => Cell(line, start - 1, place + 1 < starts.Length ? starts[place + 1] - 1 : line.Length))));
        var expected = Fault.All.GroupBy(fault => fault.Group).Select(group =>
            string.Join(',', Enum.GetValues<RunStep>().Select(step => ReadmeTests.ExitCode([.. group], step))));
        Assert.Equal(expected, found);
    }

    private static string Cell(string line, int start, int end) => start >= line.Length ? "" : line[start..Math.Min(end, line.Length)].Trim();

    private static List<string> Between(string[] lines, string heading)
    {
        Assert.Contains(heading, lines);
        return [.. lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'))];
    }

    private static IEnumerable<string> Terms(List<string> text) => text.Zip(text.Skip(1))
        .Where(pair => pair.Second.StartsWith(": ", StringComparison.Ordinal)).Select(pair => pair.First.Trim('`'));
}
