using System.Diagnostics;
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
    [InlineData("a+b='c\"/", """{"p": "a\u002Bb=\u0027c\u0022/", "q": "a+b\u003d\u0027c\"/"}""", """{"p": "***", "q": "***"}""")]
    [InlineData("a+b='c\"/", "a+b=&#039;c&quot;/ a+b&#x3D;&#39;c&quot;&#x2F; a+b=&apos;c&#X22;/", "*** *** ***")]
    [InlineData("a+b='c\"/", "a%2Bb%3D%27c%22/ a%2Bb%3D'c%22%2F a+b='c%22/", "*** *** ***")]
    [InlineData("a+b='c\"/", """ 'a+b=\'c"/' 'a+b='"'"'c"/' 'a+b='\''c"/' a+b=\'c\"\/ """, " '***' '***' '***' *** ")]
    [InlineData("püß😀!",
        @"p\xfc\xdf\U0001f600! p\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80! p\u00FC\u00DF\uD83D\uDE00! p&#252;&#xDF;&#128512;!", "*** *** *** ***")]
    // Whatever stands for something else may stand for itself, beside escapes of others.
    [InlineData(@"%41&amp;\\+<", @"%41&amp;amp;\\+&lt; %2541&amp;\\\\+< %41&amp;\\+< %41&amp;\u005c\+\u003C", "*** *** *** ***")]
    [InlineData("gültig's", @"$'g\303\274ltig\'s' g\374ltig's g\x{fc}ltig's g\u{fc}ltig's g%u00FCltig's 'gültig''s'", "$'***' *** *** *** *** '***'")]
    [InlineData("hunter2", "%68unter2 hunter%32 h&#117;nter2 h%zznter2 &#;hunte", "*** *** *** h%zznter2 &#;hunte")]
    [InlineData("hunter2???>>>", "aHVudGVyMj8%2FPz4%2BPg%3D%3D aHVudGVyMj8\\/Pz4+Pg==", "***%3D%3D ***==")]
    [InlineData("a\a\b\e\f\n\r\t\vb", @"a\a\b\e\f\n\r\t\vb a\a\b\E\f\n\r\t\vb a\u0007\b\u001b\f\n\r\t\u000bb", "*** *** ***")]
    // What a program of another character set prints, and what is left of that here.
    [InlineData("körrect-hörse", "k?rrect-h?rse k\uFFFDrrect-h\uFFFDrse k?rrekt-h?rse korrect-h?rse", "*** *** k?rrekt-h?rse korrect-h?rse")]
    [InlineData("correct😀horse", "correct?horse correct??horse correct\uFFFDhorse correct😀horse correct?!horse", "*** *** *** *** correct?!horse")]
    [InlineData("a?cdef", "axcdef a\uFFFDcdef", "axcdef a\uFFFDcdef")]
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

    [Theory]
    [InlineData("hunter2 hunter", "*** ***")]
    [InlineData("my-hunter2.", "***.")]
    public void Takes_secrets_out_that_are_part_of_one_another(string text, string expected) =>
        Assert.Equal(expected, new SecretMask(["hunter", "hunter2", "my-hunt"]).Apply(text));

    [Theory]
    [InlineData("hunter2hunter2hunter2hunter2!", "hunter2")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "a")]
    [InlineData(@"\\\\\\\\\\\\\\\\\\\\\\\\\\\\!", @"\")]
    [InlineData("&&&&&&&&&&&&&&&&&&&&!", "&amp;")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%!", "%25")]
    [InlineData("hunter2", "&#00000")]
    public void Takes_no_time_for_long_lines(string secret, string repeated)
    {
        var line = string.Concat(Enumerable.Repeat(repeated, 64 * 1024 / repeated.Length));
        var started = Stopwatch.GetTimestamp();
        new SecretMask([secret]).Apply(line);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
