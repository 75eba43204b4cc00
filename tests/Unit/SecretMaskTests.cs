using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("correct-horse", "it is correct-horse, correct-horse!", "it is ***, ***!")]
    [InlineData("correct-horse", "xcorrect-horsex", "x***x")]
    [InlineData("correct-horse", "Correct-horse correct-hors", "Correct-horse correct-hors")]
    [InlineData("a/b+c d%", "?p=a%2Fb%2Bc%20d%25&x", "?p=***&x")]
    [InlineData("a\"b\\c", """{"p": "a\"b\\c"}""", """{"p": "***"}""")]
    [InlineData("pä\"ss", """{"p": "p\u00e4\"ss"}""", """{"p": "***"}""")]
    [InlineData("u:hunter2", "Basic dTpodW50ZXIy", "Basic ***")]
    [InlineData("u:hunter", "Basic dTpodW50ZXI=", "Basic ***=")]
    [InlineData("", "abc", "abc")]
    public void Replaces_a_secret_in_every_form(string secret, string text, string expected) =>
        Assert.Equal(expected, new SecretMask([secret]).Apply(text));

    [Theory]
    [InlineData("wrong", "what is wrong: wrongly, \"wrong\" wrong_1 wrong", "what is ***: wrongly, \"***\" wrong_1 ***")]
    [InlineData("hunter2", "my-hunter2. hunter2x", "my-***. hunter2x")]
    [InlineData("!x!", "a!x!b", "a***b")]
    [InlineData("12345678", "a12345678b", "a***b")]
    public void Replaces_a_short_secret_as_a_whole_word_only(string secret, string text, string expected) =>
        Assert.Equal(expected, new SecretMask([secret]).Apply(text));

    [Fact]
    public void Replaces_the_longest_of_several_secrets() =>
        Assert.Equal("*** *** ***", new SecretMask(["horse", "correct-horse", "correct"]).Apply("correct-horse horse correct"));
}
