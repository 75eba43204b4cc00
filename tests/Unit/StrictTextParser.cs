using System.Globalization;
using System.Text;

namespace Assimilator.Tests.Unit;

/// <summary>Reads the text format with one sample as the specification has it, and nothing that it does not have.</summary>
internal static class StrictTextParser
{
    public static (string Help, IReadOnlyList<(string Name, string Value)> Labels, double Value) ParseOne(string text, string name)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var lines = text[..^1].Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"# HELP {name} ", lines[0], StringComparison.Ordinal);
        Assert.Equal($"# TYPE {name} gauge", lines[1]);
        Assert.StartsWith(name, lines[2], StringComparison.Ordinal);
        // A lone surrogate would change here.
        Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

        var rest = lines[2][name.Length..];
        var labels = new List<(string Name, string Value)>();
        if (rest[0] == '{')
            rest = ParseLabels(rest, labels);
        Assert.Equal(' ', rest[0]);
        return (Unescape(lines[0][$"# HELP {name} ".Length..], quoted: false), labels, ParseValue(rest[1..]));
    }

    private static string ParseLabels(string text, List<(string Name, string Value)> labels)
    {
        var i = 1;
        while (true)
        {
            var equals = text.IndexOf('=', i);
            var labelName = text[i..equals];
            Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", labelName);
            Assert.Equal('"', text[equals + 1]);
            var end = equals + 2;
            while (text[end] != '"')
                end += text[end] == '\\' ? 2 : 1;
            labels.Add((labelName, Unescape(text[(equals + 2)..end], quoted: true)));
            i = end + 2;
            if (text[end + 1] == '}')
                return text[i..];
            Assert.Equal(',', text[end + 1]);
        }
    }

    private static string Unescape(string text, bool quoted)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' ? text[i] : text[++i] switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when quoted => '"',
                _ => throw new FormatException($"unknown escape in {text}"),
            });
        }
        return plain.ToString();
    }

    private static double ParseValue(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
