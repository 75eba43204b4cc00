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
    [InlineData("a/b c%", "?p=a%2fb+c%25&x", "?p=***&x")]
    [InlineData("a/b c%", "?p=a%2fb%20c%25&x", "?p=***&x")]
    [InlineData("???>>>", "Pz8_Pj4-", "***")]
    [InlineData("hunter22", "dTpodW50ZXIyMiE=", "dTp***iE=")]
    [InlineData("hunter22", "eHU6aHVudGVyMjI=", "eHU6***=")]
    [InlineData("hunter2", "68756e74657232 68756E74657232", "*** ***")]
    [InlineData("pä\"ss", """{"p": "p\u00e4\"ss"}""", """{"p": "***"}""")]
    [InlineData("a/b<c>&d", """{"p": "a/b\u003cc\u003e\u0026d", "q": "a\/b<c>&d"}""", """{"p": "***", "q": "***"}""")]
    [InlineData("pässe", "pÃ¤sse", "***")]
    [InlineData("<a&'b\">", "&lt;a&amp;&#39;b&#34;&gt; &lt;a&amp;&#x27;b&quot;&gt;", "*** ***")]
    [InlineData("abc", "abc", "abc")]
    [InlineData("", "abc", "abc")]
    [InlineData("hunter2", "Hunter2 hunter", "Hunter2 hunter")]
    public void Takes_it_out_in_every_form(string secret, string text, string expected) =>
        Assert.Equal(expected, new SecretMask([secret]).Apply(text));

    [Theory]
    [InlineData("found '0123456789abcdefghijklmnopqrs…'", "found '***…'")]
    [InlineData("0123456789abcdefghijklmno 0123456789abcdefghijklmn!", "*** ***!")]
    [InlineData("0123456789abcdefghijklm", "0123456789abcdefghijklm")]
    public void Takes_the_beginning_of_a_long_one_out(string text, string expected) =>
        Assert.Equal(expected, new SecretMask(["0123456789abcdefghijklmnopqrstuvwxyz"]).Apply(text));

    [Fact]
    public void Takes_the_longest_first() => Assert.Equal("*** ***", new SecretMask(["hunter", "hunter2"]).Apply("hunter2 hunter"));
}
