using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("hunter2", "it is hunter2, hunter2!", "it is ***, ***!")]
    [InlineData("a/b+c%", "?p=a%2Fb%2Bc%25&x", "?p=***&x")]
    [InlineData("u:hunter2", "Basic dTpodW50ZXIy", "Basic ***")]
    [InlineData("u:hunter", "Basic dTpodW50ZXI=", "Basic ***=")]
    [InlineData("a\"b\\c", """{"p": "a\"b\\c"}""", """{"p": "***"}""")]
    [InlineData("hun\u200dter", @"hun\u200dter", "***")]
    [InlineData("abc", "abc", "abc")]
    [InlineData("", "abc", "abc")]
    [InlineData("hunter2", "Hunter2 hunter", "Hunter2 hunter")]
    public void Takes_it_out_in_every_form(string secret, string text, string expected) =>
        Assert.Equal(expected, new SecretMask([secret]).Apply(text));

    [Fact]
    public void Takes_the_longest_first() => Assert.Equal("*** ***", new SecretMask(["hunter", "hunter2"]).Apply("hunter2 hunter"));
}
