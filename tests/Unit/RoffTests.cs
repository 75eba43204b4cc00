using Assimilator.Commands;

namespace Assimilator.Tests.Unit;

/// <summary>What a few marks become in man(7), and that nothing of a text is taken for a request.</summary>
public sealed class RoffTests
{
    [Theory]
    [InlineData("a `b` c", "a \\fBb\\fR c")]
    [InlineData("--dry-run", "\\-\\-dry\\-run")]
    [InlineData(@"C:\n", "C:\\en")]
    [InlineData("`it's`", "\\fBit\\(aqs\\fR")]
    [InlineData("\"a\" ~ ^", "\\(dqa\\(dq \\(ti \\(ha")]
    [InlineData("… — ü", "\\[u2026] \\[u2014] \\[u00FC]")]
    [InlineData("\U0001F4BE", "\\[u1F4BE]")]
    [InlineData("``", "")]
    public void Text_is_escaped(string text, string expected) => Assert.Equal(expected, Roff.Inline(text));

    [Theory]
    [InlineData(".nobackup", "\\&.nobackup\n")]
    [InlineData("# A\n\n## B", ".SH A\n.SS B\n")]
    [InlineData("one\ntwo\n\nthree", "one two\n.PP\nthree\n", "# A\n")]
    [InlineData("- one\n  two\n- three", ".IP \\(bu 2\none two\n.IP \\(bu 2\nthree\n")]
    [InlineData("`-c`, `--config` FILE\n: a\n  b\n\nnext\n: c", ".TP\n\\fB\\-c\\fR, \\fB\\-\\-config\\fR FILE\na b\n.TP\nnext\nc\n")]
    [InlineData("    a `b`\n\n    .c\nd", ".in +4n\n.EX\na \\(gab\\(ga\n\n\\&.c\n.EE\n.in\n.PP\nd\n", "# A\n")]
    public void Marks_become_requests(string marked, string expected, string before = "# A\n")
    {
        var page = Roff.Page("x.y", 5, "2026-01-31", "x 1.0-rc1", "Chapter", before + marked);
        const string Head = ".TH X.Y 5 2026-01-31 \"x 1.0\\-rc1\" \"Chapter\"\n.nh\n.ad l\n.SH A\n";
        Assert.StartsWith(Head, page, StringComparison.Ordinal);
        Assert.Equal(expected, page[Head.Length..]);
    }

    /// <summary>Wherever a line is broken, a word is neither taken for a request nor for the end of a sentence.</summary>
    [Fact]
    public void Long_paragraphs_are_broken_where_it_is_safe()
    {
        var words = Enumerable.Range(0, 200).SelectMany(i => new[] { new string('x', i % 7 + 1) + ".", ".hidden", "'quoted'" }).ToList();
        var page = Roff.Page("x", 1, "", "", "", $"# A\n{string.Join(' ', words)}");
        var lines = page[(page.IndexOf(".SH A\n", StringComparison.Ordinal) + 6)..].TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 10, 200);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.All(lines, line => Assert.False(line[0] is '.' or '\'', line));
        Assert.All(lines.SkipLast(1), line => Assert.False(line[^1] is '.', line));
        Assert.Equal(string.Join(' ', words), string.Join(' ', lines).Replace("\\&", "", StringComparison.Ordinal).Replace("\\(aq", "'", StringComparison.Ordinal));
    }
}
