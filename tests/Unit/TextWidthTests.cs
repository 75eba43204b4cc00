using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class TextWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("/home/alice", 11)]
    [InlineData("Müller", 6)]
    // A letter and a mark of its own.
    [InlineData("Mu\u0308ller", 6)]
    [InlineData("日本語", 6)]
    [InlineData("ｆｕｌｌ", 8)]
    [InlineData("📦.tar", 6)]
    [InlineData("한글", 4)]
    [InlineData("a\u200Db", 2)]
    public void Counts_columns(string text, int columns) => Assert.Equal(columns, TextWidth.Of(text));

    [Theory]
    [InlineData("/home/alice", 11, "/home/alice")]
    [InlineData("/home/alice", 10, "/hom…alice")]
    [InlineData("/home/alice", 2, "…e")]
    [InlineData("/home/alice", 1, "…")]
    [InlineData("/home/alice", 0, "")]
    [InlineData("日本語日本語", 9, "日本…本語")]
    [InlineData("日本語日本語", 8, "日…本語")]
    [InlineData("日本語日本語", 2, "…")]
    public void Shortens_in_the_middle(string text, int columns, string expected)
    {
        var shortened = TextWidth.Shorten(text, columns);
        Assert.Equal(expected, shortened);
        Assert.InRange(TextWidth.Of(shortened), 0, columns);
    }
}
