using System.Text;
using Assimilator.Processes;

namespace Assimilator.Tests.Unit;

public sealed class BoundedBufferTests
{
    [Theory]
    [InlineData(4, "", "", false)]
    [InlineData(4, "ab", "ab", false)]
    [InlineData(4, "ab|cd", "abcd", false)]
    [InlineData(4, "abcd|", "abcd", false)]
    [InlineData(4, "abcde", "abcd", true)]
    [InlineData(4, "abc|def|ghi", "abcd", true)]
    [InlineData(4, "abcd|e|", "abcd", true)]
    [InlineData(0, "", "", false)]
    [InlineData(0, "a", "", true)]
    public void Keeps_the_first_bytes(int limit, string pieces, string expected, bool isTruncated)
    {
        var buffer = new BoundedBuffer(limit);
        foreach (var piece in pieces.Split('|'))
            buffer.Write(Encoding.ASCII.GetBytes(piece));
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer.Content.Span));
        Assert.Equal(isTruncated, buffer.IsTruncated);
    }
}
