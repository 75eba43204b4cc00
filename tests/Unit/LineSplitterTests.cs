using System.Text;
using Assimilator.Processes;

namespace Assimilator.Tests.Unit;

public sealed class LineSplitterTests
{
    private const int Longest = LineSplitter.LongestLine;

    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "[a][b]")]
    [InlineData("a\nb", "[a][b]")]
    [InlineData("a\r\nb\r\n", "[a][b]")]
    [InlineData("a\rb\n", "[a\rb]")]
    [InlineData("\n\n a \n\r\n\nb", "[ a ][b]")]
    [InlineData("\r\n", "")]
    [InlineData("größer 😀\n", "[größer 😀]")]
    public void Cuts_lines_however_they_arrive(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Brackets(Split(bytes)));
        for (var size = 1; size <= bytes.Length; size++)
            Assert.Equal(expected, Brackets(Split([.. bytes.Chunk(size)])));
    }

    [Fact]
    public void Hands_on_a_line_as_soon_as_it_ends()
    {
        var lines = new List<string>();
        var splitter = LineSplitter.OfText(lines.Add);
        splitter.Write("a"u8);
        Assert.Empty(lines);
        splitter.Write("b\nc"u8);
        Assert.Equal(["ab"], lines);
        splitter.Complete();
        Assert.Equal(["ab", "c"], lines);
    }

    [Fact]
    public void Keeps_a_line_of_the_greatest_length() =>
        Assert.Equal([new string('x', Longest), "y"], Split(Ascii($"{new string('x', Longest)}\ny\n")));

    [Fact]
    public void Cuts_off_a_line_that_is_longer_and_drops_its_rest()
    {
        var text = $"{new string('x', Longest)}rest\ny\n";
        string[] expected = [new string('x', Longest), "y"];
        Assert.Equal(expected, Split(Ascii(text)));
        Assert.Equal(expected, Split([.. Ascii(text).Chunk(1000)]));
        Assert.Equal(expected, Split(Ascii(text[..(Longest + 2)]), Ascii(text[(Longest + 2)..])));
    }

    [Fact]
    public void Keeps_what_is_before_an_endless_line_without_an_end() => Assert.Equal(
        ["a", new string('x', Longest)],
        Split([Ascii("a\n"), .. Enumerable.Repeat(Ascii(new string('x', 10_000)), 20)]));

    [Fact]
    public void Replaces_what_is_not_utf8()
    {
        Assert.Equal(["a\ufffdb", "c"], Split([(byte)'a', 0xff, (byte)'b', (byte)'\n', (byte)'c']));
        Assert.Equal(["\ufffd"], Split([0xc3], [(byte)'\n']));
    }

    private static List<string> Split(params byte[][] pieces)
    {
        var lines = new List<string>();
        var splitter = LineSplitter.OfText(lines.Add);
        foreach (var piece in pieces)
            splitter.Write(piece);
        splitter.Complete();
        return lines;
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static string Brackets(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"[{line}]"));
}
