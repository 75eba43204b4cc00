using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class IniTextTests
{
    private const string NotSaid = "hunter2";

    [Fact]
    public void Reads_entries_with_their_lines() => Assert.Equal(
        ["2 backup|name|main", "5 paths|1|/etc", "6 paths|Zwei|/home"],
        Entries("[backup]\nname = main\n\n[Paths]\n1=/etc\n  Zwei  =  /home  "));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Counts_lines_whatever_ends_them(string end) => Assert.Equal(
        ["4 a|b|c", "6 a|d|e"], Entries($"{end}[a]{end}; x{end}b = c{end}{end}d = e{end}"));

    [Fact]
    public void Skips_comments_and_blank_lines() => Assert.Equal(
        ["2 a|b|c", "8 a|d|e"], Entries("[a]\nb = c\n; x = 1\n# x = 2\n// x = 3\n\n \t \nd = e\n  ; x\n"));

    [Fact]
    public void Reads_an_empty_text()
    {
        var ini = IniText.Parse("");
        Assert.Empty(ini.Entries);
        Assert.Empty(ini.Sections);
        Assert.Empty(ini.Problems);
    }

    [Theory]
    [InlineData("v", "v", false)]
    [InlineData("a = b == c", "a = b == c", false)]
    [InlineData("\"v\"", "v", true)]
    [InlineData("\"  v ; w \"", "  v ; w ", true)]
    [InlineData("\"a\" \"b\"", "a\" \"b", true)]
    [InlineData("\"\"", "", true)]
    [InlineData("\"", "\"", false)]
    [InlineData("\"a\" b", "\"a\" b", false)]
    [InlineData("'v'", "'v'", false)]
    [InlineData("", "", false)]
    public void Takes_the_quotes_off_a_whole_value(string written, string value, bool isQuoted)
    {
        var entry = Assert.Single(IniText.Parse($"[a]\nk = {written}\n").Entries);
        Assert.Equal(value, entry.Value);
        Assert.Equal(written, entry.Written);
        Assert.Equal(isQuoted, entry.IsQuoted);
    }

    [Fact]
    public void Knows_each_section_and_the_line_of_its_first_header() => Assert.Equal(
        ["a 1", "b 3", "leer 5"],
        IniText.Parse("[a]\nx = 1\n[B]\n[A]\n[leer]").Sections.Select(section => $"{section.Key} {section.Value.Line}"));

    [Fact]
    public void Adds_to_a_section_that_is_repeated() => Assert.Equal(
        ["2 a|x|1", "4 b|x|2", "6 a|y|3"], Entries("[a]\nx = 1\n[b]\nx = 2\n[A]\ny = 3\n"));

    [Fact]
    public void Finds_a_section_by_its_name_in_any_case() =>
        Assert.True(IniText.Parse("[Backup]").Sections.ContainsKey("BACKUP"));

    [Theory]
    [InlineData("[ backup ]\nname = main", "2 backup|name|main")]
    [InlineData("[a:b]\nc = d", "2 a:b|c|d")]
    [InlineData("[a]\nb:c = d", "2 a|b:c|d")]
    [InlineData("[]\nb = c", "2 |b|c")]
    [InlineData("[größe]\nÖl = c", "2 größe|Öl|c")]
    // The lower case of these letters is not the same name to the provider.
    public void Reads_unusual_names(string text, string expected) => Assert.Equal([expected], Entries(text));

    [Theory]
    [InlineData("[a]\n/etc",
        "f:2: [a]: expected 'key = value', found a line that begins with '/' "
        + "(give the path a label: 'label = /path'; start a comment with ';' or '#')")]
    [InlineData("[a]\n/etc = /home",
        "f:2: [a]: expected 'key = value', found a line that begins with '/' "
        + "(give the path a label: 'label = /path'; start a comment with ';' or '#')")]
    [InlineData("[a",
        "f:1: expected a section header like '[backup]', found '[' without ']' at the end "
        + "(move the comment to its own line)")]
    [InlineData("[a] ; comment",
        "f:1: expected a section header like '[backup]', found '[' without ']' at the end "
        + "(move the comment to its own line)")]
    [InlineData("\nkey = value", "f:2: expected a section header like '[backup]' before the first key")]
    [InlineData("[a]\n = value", "f:2: [a]: expected 'key = value', found nothing before '='")]
    [InlineData("[a]\nkey",
        "f:2: [a]: expected 'key = value', found a line without '=' "
        + "(start a comment with ';' or '#'; a value cannot continue on the next line)")]
    [InlineData("[Paths]\nKey = 1\n[paths]\n\nkEY = 2",
        "f:5: [paths] kEY: duplicate key, already set on line 2 "
        + "(keep one of them; in a list, give each value its own label)")]
    public void Explains_a_problem(string text, string expected) =>
        Assert.Equal([expected], Samples.Texts(IniText.Parse(text).Problems));

    [Fact]
    public void Finds_every_problem_and_still_reads_the_rest()
    {
        var ini = IniText.Parse("lost = 1\n[a]\nb = c\nrubbish\n[d\n/etc\nB = again\ne = f\n= g\n");
        Assert.Equal([1, 4, 5, 6, 7, 9], ini.Problems.Select(problem => problem.Line));
        Assert.Equal(["3 a|b|c", "8 a|e|f"], ini.Entries.Select(Describe));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("[repository]\nhunter2")]
    [InlineData("[repository]\npassphrase: hunter2")]
    [InlineData("[repository]\npassphrase =\n  hunter2")]
    [InlineData("[repository]\n/hunter2")]
    [InlineData("[repository]\n/hunter2 = x")]
    [InlineData("[repository]\n= hunter2")]
    [InlineData("[repository]\n[hunter2")]
    [InlineData("passphrase = hunter2")]
    [InlineData("hunter2 = passphrase")]
    [InlineData("[repository]\npassphrase = hunter2\npassphrase = hunter2")]
    [InlineData("[repository]\nhunter2 = 1\nHUNTER2 = 2")]
    [InlineData("[pushgateway]\nhunter2==\nhunter2==")]
    public void Never_shows_a_line_that_may_hold_a_secret(string text)
    {
        var problem = Assert.Single(IniText.Parse(text).Problems);
        Assert.DoesNotContain(NotSaid, problem.Describe("f") + problem.Hint, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Names_a_known_key_that_stands_twice_beside_secrets() => Assert.Equal(
        ["f:3: [repository] Passphrase: duplicate key, already set on line 2 "
            + "(keep one of them; in a list, give each value its own label)"],
        Samples.Texts(IniText.Parse("[repository]\npassphrase = a\nPassphrase = b").Problems));

    private static IEnumerable<string> Entries(string text)
    {
        var ini = IniText.Parse(text);
        Assert.Empty(ini.Problems);
        return ini.Entries.Select(Describe);
    }

    private static string Describe(IniEntry entry) => $"{entry.Line} {entry.Section}|{entry.Key}|{entry.Value}";
}
