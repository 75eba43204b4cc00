using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("größer 😀 中\tx", "größer 😀 中\tx")]
    [InlineData("\u001b[31mred\u001b[0m", @"\x1b[31mred\x1b[0m")]
    [InlineData("\u001b]0;title\u0007", @"\x1b]0;title\x07")]
    [InlineData("a\nb\r\nc", @"a\x0ab\x0d\x0ac")]
    [InlineData("a\0b\u007fc\bd", @"a\x00b\x7fc\x08d")]
    [InlineData("\u0085\u009b31m", @"\x85\x9b31m")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("a\u3164\ufe0f\u034f\uffa0\U000e0100b", @"a\u3164\ufe0f\u034f\uffa0\U000e0100b")]
    [InlineData("a\u2065\ufff0\ufff8\U00016fe4\U0001d159b", @"a\u2065\ufff0\ufff8\U00016fe4\U0001d159b")]
    [InlineData("\u202egnp.exe", @"\u202egnp.exe")]
    [InlineData("\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069",
        @"\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069")]
    [InlineData("\ufeffa\u200bb\u00adc", @"\ufeffa\u200bb\xadc")]
    [InlineData("a\U000e0041b", @"a\U000e0041b")]
    public void Makes_one_harmless_line(string text, string expected) =>
        Assert.Equal(expected, PlainText.OneLine(text));

    [Theory]
    [InlineData("abcd", "abcd")]
    [InlineData("abcde", "abcd…")]
    [InlineData("a\nbcdef", @"a\x0abc…")]
    [InlineData("abc😀", "abc…")]
    [InlineData("ab😀", "ab😀")]
    [InlineData("ab😀d", "ab😀…")]
    public void Shows_the_beginning(string text, string expected) => Assert.Equal(expected, PlainText.Excerpt(text, 4));

    [Fact]
    public void Shows_eighty_characters_unless_told_otherwise()
    {
        Assert.Equal(new string('x', 80), PlainText.Excerpt(new string('x', 80)));
        Assert.Equal($"{new string('x', 80)}…", PlainText.Excerpt(new string('x', 81)));
    }
}
