using System.Globalization;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1, "1 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(1234, "1.23 kB")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(999_994, "999.99 kB")]
    [InlineData(999_995, "1 MB")]
    [InlineData(999_999, "1 MB")]
    [InlineData(999_999_999_999, "1 TB")]
    [InlineData(1_000_000, "1 MB")]
    [InlineData(12_340_000_000, "12.34 GB")]
    [InlineData(1_000_000_000_000, "1 TB")]
    [InlineData(1_000_000_000_000_000, "1 PB")]
    [InlineData(long.MaxValue, "9.22 EB")]
    public void Writes_sizes(long bytes, string expected)
    {
        using var german = new GermanNumbers();
        Assert.Equal(expected, Quantities.Bytes(bytes));
    }

    [Theory]
    [InlineData(0, "0 archives")]
    [InlineData(1, "1 archive")]
    [InlineData(2, "2 archives")]
    [InlineData(1234567, "1,234,567 archives")]
    public void Writes_counts(long count, string expected)
    {
        using var german = new GermanNumbers();
        Assert.Equal(expected, Quantities.Count(count, "archive"));
    }

    [Theory]
    [InlineData(1, "1 try")]
    [InlineData(2, "2 tries")]
    public void Writes_counts_of_words_with_a_plural_of_their_own(long count, string expected) =>
        Assert.Equal(expected, Quantities.Count(count, "try", "tries"));

    [Theory]
    [InlineData("0:00:00", "0 s")]
    [InlineData("0:00:00.42", "0.42 s")]
    [InlineData("0:00:01.5", "1.5 s")]
    [InlineData("0:00:59.99", "59.99 s")]
    [InlineData("0:01:00", "1 min")]
    [InlineData("0:03:20.9", "3 min 20 s")]
    [InlineData("0:59:59.999", "59 min 59 s")]
    [InlineData("1:00:00", "1 h")]
    [InlineData("1:00:59", "1 h")]
    [InlineData("1:30:00", "1 h 30 min")]
    [InlineData("1.02:00:00", "26 h")]
    [InlineData("50.00:05:00", "1200 h 5 min")]
    public void Writes_durations(string time, string expected)
    {
        using var german = new GermanNumbers();
        Assert.Equal(expected, Quantities.Duration(TimeSpan.Parse(time, CultureInfo.InvariantCulture)));
    }
}
