using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t ", "")]
    [InlineData("a", "[a]")]
    [InlineData("  a\t b  ", "[a][b]")]
    [InlineData("\"a b\" c", "[a b][c]")]
    [InlineData("'a b' c", "[a b][c]")]
    [InlineData("a'b c'd", "[ab cd]")]
    [InlineData("--x=\"a b\"'c d'", "[--x=a bc d]")]
    [InlineData("\"\"", "[]")]
    [InlineData("a '' b", "[a][][b]")]
    [InlineData("\"it's\"", "[it's]")]
    [InlineData("'say \"x\"'", "[say \"x\"]")]
    [InlineData(@"a\ b", "[a b]")]
    [InlineData(@"a\\b", @"[a\b]")]
    [InlineData(@"\""a b\""", "[\"a][b\"]")]
    [InlineData(@"""a\""b""", "[a\"b]")]
    [InlineData(@"'a\b'", @"[a\b]")]
    [InlineData(@"'a\' b", @"[a\][b]")]
    [InlineData(@"""a\b""", @"[a\b]")]
    [InlineData("a\u00a0b", "[a\u00a0b]")]
    [InlineData("$(x) | y > *", "[$(x)][|][y][>][*]")]
    public void Splits(string text, string expected) =>
        Assert.Equal(expected, string.Concat(CommandWords.Split(text)!.Select(word => $"[{word}]")));

    [Theory]
    [InlineData("\"a")]
    [InlineData("'a")]
    [InlineData("a '")]
    [InlineData("\"a' b")]
    [InlineData(@"a\")]
    [InlineData(@"""a\")]
    [InlineData(@"""a\""")]
    public void Refuses(string text) => Assert.Null(CommandWords.Split(text));

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("/root/my key")]
    [InlineData("it's")]
    [InlineData("'")]
    [InlineData("''")]
    [InlineData("a\"b\\c")]
    [InlineData("$HOME `x` \t *")]
    [InlineData("größer 😀")]
    public void Reads_again_what_it_quoted(string word)
    {
        Assert.Equal([word], CommandWords.Split(CommandWords.Quote(word)));
        Assert.Equal(["-i", word, "-o"], CommandWords.Split($"-i {CommandWords.Quote(word)} -o"));
    }

    [Fact]
    public void Quotes_as_a_shell_does() => Assert.Equal("'a'\"'\"'b c'", CommandWords.Quote("a'b c"));
}
