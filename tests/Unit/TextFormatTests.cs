using System.Globalization;
using System.Text;
using Assimilator.Metrics;

namespace Assimilator.Tests.Unit;

public sealed class TextFormatTests
{
    [Fact]
    public void Writes_help_type_and_sample() => Assert.Equal(
        "# HELP a_seconds How long\n# TYPE a_seconds gauge\na_seconds 1.5\n",
        TextFormat.Serialize([Gauge("a_seconds", "How long", 1.5)]));

    [Fact]
    public void Writes_labels_and_several_samples_and_families_in_order()
    {
        MetricFamily info = new("info", "Versions",
        [
            new Metric([new LabelPair("version", "1.0"), new LabelPair("borg_version", "")], 1),
            new Metric([new LabelPair("version", "2.0")], 0),
        ]);
        Assert.Equal(
            """
            # HELP info Versions
            # TYPE info gauge
            info{version="1.0",borg_version=""} 1
            info{version="2.0"} 0
            # HELP a A
            # TYPE a gauge
            a -3

            """,
            TextFormat.Serialize([info, Gauge("a", "A", -3)]));
    }

    [Fact]
    public void Leaves_out_families_without_a_sample() => Assert.Equal(
        "# HELP b B\n# TYPE b gauge\nb 2\n",
        TextFormat.Serialize([new MetricFamily("a", "A", []), Gauge("b", "B", 2), new MetricFamily("c", "C", [])]));

    [Fact]
    public void Is_empty_without_any_sample() =>
        Assert.Equal("", TextFormat.Serialize([new MetricFamily("a", "A", [])]));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.7372676710001542, "1.7372676710001542")]
    [InlineData(4503599627370497, "4503599627370497")]
    [InlineData((double)long.MaxValue, "9.223372036854776E+18")]
    [InlineData(1e300, "1E+300")]
    [InlineData(5e-324, "5E-324")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Writes_values_whatever_the_culture(double value, string expected)
    {
        using var german = new GermanNumbers();
        Assert.Equal(expected, TextFormat.FormatValue(value));
        Assert.EndsWith($"\na {expected}\n", TextFormat.Serialize([Gauge("a", "A", value)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.30000000000000004)]
    [InlineData(1.7372676710001542)]
    [InlineData(1767323045.678)]
    [InlineData(4503599627370497)]
    [InlineData(9007199254740993)]
    [InlineData((double)long.MaxValue)]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(-123456.789)]
    public void Loses_nothing_of_a_value(double value)
    {
        var text = TextFormat.FormatValue(value);
        Assert.Matches(@"\A-?[0-9]+(\.[0-9]+)?(E[+-][0-9]+)?\z", text);
        Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(@"a\b", @"a\\b")]
    [InlineData(@"a\n", @"a\\n")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\\\nb", @"a\\\nb")]
    [InlineData("a\"b", "a\"b")]
    [InlineData("a\rb", "a b")]
    [InlineData("a\r\nb", @"a \nb")]
    [InlineData("größer 😀 中", "größer 😀 中")]
    public void Escapes_help(string help, string expected) => Assert.Equal(expected, TextFormat.EscapeHelp(help));

    [Theory]
    [InlineData(@"a\b", @"a\\b")]
    [InlineData("a\"b", @"a\""b")]
    [InlineData("a\\\"b", @"a\\\""b")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("a\r\nb", @"a \nb")]
    [InlineData("größer 😀 中", "größer 😀 中")]
    [InlineData("a{b=\"c\"},d", @"a{b=\""c\""},d")]
    public void Escapes_label_values(string value, string expected) =>
        Assert.Equal(expected, TextFormat.EscapeLabelValue(value));

    // Facts, because an attribute cannot hold a lone surrogate.
    [Fact]
    public void Replaces_lone_surrogates()
    {
        Assert.Equal("a\ufffdb", TextFormat.EscapeHelp("a\ud83db"));
        Assert.Equal("\ufffd\ufffd", TextFormat.EscapeLabelValue("\udcff\udcfe"));
        Assert.Equal("😀\ufffd", TextFormat.EscapeLabelValue("😀\ud83d"));
    }

    [Fact]
    public void Is_one_line_each_of_valid_utf8_whatever_the_texts()
    {
        const string hostile = "\ufeffa\r\n# TYPE b gauge\rb 1\n\udcff\"} 2\\";
        var body = TextFormat.Serialize(
            [new MetricFamily("a", hostile, [new Metric([new LabelPair("l", hostile)], 1)])]);
        var bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(body);

        Assert.Equal(3, body.Count(character => character == '\n'));
        Assert.EndsWith("\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', body);
        Assert.Equal((byte)'#', bytes[0]);
    }

    private static MetricFamily Gauge(string name, string help, double value) =>
        new(name, help, [new Metric([], value)]);
}
