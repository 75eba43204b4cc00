using Assimilator.Reporting;

namespace Assimilator.Tests.Unit;

public sealed class ChartTests
{
    public static TheoryData<long?[], string> Lines => new()
    {
        { [], "" },
        { [null, null], "  " },
        { [5], "█" },
        { [0], "▁" },
        { [0, 0, null, 0], "▁▁ ▁" },
        { [3, 3, 3], "███" },
        { [1, 2, 1, 1_000_000_000_000, 3], "▁▁▁█▁" },
        { [0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█" },
        { [-1, 7, null, 3], "▁█ ▄" },
        { [.. Enumerable.Range(1, 30).Select(value => (long?)value)], "▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▅▆▆▆▆▇▇▇▇███" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_value_has_a_character_in_proportion_to_the_largest(long?[] values, string expected)
    {
        Assert.Equal(expected, Chart.Line(values, Chart.Blocks));
        Assert.Equal(string.Concat(expected.Select(character => character == ' ' ? ' ' : Chart.Ascii[Chart.Blocks.IndexOf(character, StringComparison.Ordinal)])),
            Chart.Line(values, Chart.Ascii));
    }

    [Theory]
    [InlineData(true, "LANG=en_US.UTF-8")]
    [InlineData(true, "LC_ALL=C.utf8", "LANG=C")]
    [InlineData(true, "LC_ALL=", "LC_CTYPE=de_AT.UTF-8", "LANG=C")]
    [InlineData(false, "LC_ALL=C", "LC_CTYPE=de_AT.UTF-8", "LANG=de_AT.UTF-8")]
    [InlineData(false, "LC_CTYPE=POSIX", "LANG=de_AT.UTF-8")]
    [InlineData(false, "LANG=de_AT.ISO-8859-1")]
    [InlineData(false)]
    public void The_locale_decides_on_the_characters(bool isUtf8, params string[] variables) => Assert.Equal(
        isUtf8 ? Chart.Blocks : Chart.Ascii,
        Chart.Levels(variables.Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1])));
}
