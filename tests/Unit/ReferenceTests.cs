using Assimilator.Commands;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Reporting;

namespace Assimilator.Tests.Unit;

/// <summary>What help tells about keys, metrics and exit codes.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("interval", "[backup] interval", "[repository] interval")]
    [InlineData("INTERVAL", "[backup] interval", "[repository] interval")]
    [InlineData("lock_wait", "[backup] lock_wait", "[repository] lock_wait")]
    [InlineData("daily", "[retention] daily")]
    [InlineData("paths", "[paths]")]
    [InlineData("check", "[check]")]
    [InlineData("path", "[textfile] path", "[borg] path")]
    public void A_key_is_shown_for_each_section_that_has_it(string name, params string[] headings) =>
        Assert.Equal(headings, Help("config", name).Split('\n').Where(line => line.StartsWith('[')));

    [Fact]
    public void A_key_is_shown_with_what_it_expects_and_its_default()
    {
        var text = Help("config", "restore_bytes");
        Assert.Equal(
            "[check] restore_bytes\n  meaning   How much to read back at most; larger files are never chosen.\n"
            + "  expected  a size like '500MB' or '1GB'\n  default   1GB\n", text);
        Assert.Contains("\n  default   none\n", Help("config", "daily"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_and_list_is_listed()
    {
        var lines = Help("config").Split('\n');
        Assert.All(Schema.Sections, section => Assert.Contains($"[{section}]", lines));
        foreach (var section in Schema.All.GroupBy(key => key.Section))
        {
            var own = lines.SkipWhile(line => line != $"[{section.Key}]").Skip(1).TakeWhile(line => !line.StartsWith('[')).ToList();
            Assert.All(section, key => Assert.Single(own, line => line == $"  {key.Name}" || line.StartsWith($"  {key.Name} ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Every_metric_and_exit_code_is_listed()
    {
        var metrics = Help("metrics").Split('\n');
        Assert.All(MetricCatalog.Original.Concat(MetricCatalog.Further), metric => Assert.Contains($"  {metric.Name}", metrics));
        var codes = Help("exit-codes").Split('\n');
        Assert.All(ExitCodes.Table, row => Assert.Single(codes, line => line.StartsWith($"  {row.Code} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("config")]
    [InlineData("metrics")]
    [InlineData("exit-codes")]
    [InlineData("run-json")]
    public void Lines_fit_a_terminal(string topic)
    {
        var text = Help(topic);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain('`', text);
        Assert.Contains(topic, Reference.Names);
    }

    private static string Help(params string[] words)
    {
        var text = Reference.Find(words, out var problem);
        Assert.Null(problem);
        return text!;
    }
}
