using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class ConfigurationValuesTests
{
    private static readonly ConfigurationKey Daily = ConfigurationKeys.Keep.Single(key => key.Name == "daily");

    private const string DollarHint = " (a dollar itself is written '$$')";

    private const string CommentProblem = "there are no comments behind a value, so ' ;' and ' #' would be part of it";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${USER}", "root")]
    [InlineData("/home/${USER}/x${N_2}y", "/home/root/x2y")]
    [InlineData("${USER}${USER}", "rootroot")]
    [InlineData("a$$b", "a$b")]
    [InlineData("$$$$", "$$")]
    [InlineData("$${USER}", "${USER}")]
    [InlineData("$$${USER}", "$root")]
    [InlineData("a$b", "a$b")]
    [InlineData("$USER", "$USER")]
    [InlineData("a$", "a$")]
    [InlineData("x${EMPTY}", "x")]
    [InlineData("${NESTED}", "${USER}")]
    [InlineData("\"${USER} x\"", "root x")]
    public void Replaces_variables(string written, string expected)
    {
        var values = WithName(written);
        Assert.Equal(expected, values.Text(ConfigurationKeys.Name));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("${NOPE}", "the environment variable NOPE is not set" + DollarHint)]
    [InlineData("a${user}", "the environment variable user is not set" + DollarHint)]
    [InlineData("${USER", "expected '${NAME}' with the name of an environment variable" + DollarHint)]
    [InlineData("a${", "expected '${NAME}' with the name of an environment variable" + DollarHint)]
    [InlineData("${}", "expected '${NAME}' with the name of an environment variable" + DollarHint)]
    [InlineData("${A-B}", "expected '${NAME}' with the name of an environment variable" + DollarHint)]
    [InlineData("${USER:-x}", "expected '${NAME}' with the name of an environment variable" + DollarHint)]
    [InlineData("${EMPTY}", "has no value: its environment variables are empty")]
    [InlineData("", "has no value (remove the line, or give it a value)")]
    [InlineData("\"\"", "has no value (remove the line, or give it a value)")]
    [InlineData("a\u001bb", "holds a control character")]
    public void Refuses_values(string written, string expected)
    {
        var values = WithName(written);
        Assert.Null(values.Text(ConfigurationKeys.Name));
        Assert.Equal([$"f:2: [backup] name: {expected}"], Samples.Texts(values.Problems));
    }

    [Theory]
    [InlineData("a ; b")]
    [InlineData("a # b")]
    [InlineData("a\t;b")]
    [InlineData("a ;")]
    [InlineData("; b")]
    [InlineData("# b")]
    public void Refuses_a_comment_behind_a_value(string written)
    {
        var values = WithName(written);
        Assert.Null(values.Text(ConfigurationKeys.Name));
        Assert.Equal(CommentProblem, Assert.Single(values.Problems).Message);
    }

    [Theory]
    [InlineData("\"a ; b\"", "a ; b")]
    [InlineData("\"# b\"", "# b")]
    [InlineData("a;b", "a;b")]
    [InlineData("a#b; c", "a#b; c")]
    [InlineData("a\tb", "a\tb")]
    public void Takes_a_semicolon_that_is_meant(string written, string expected)
    {
        var values = WithName(written);
        Assert.Equal(expected, values.Text(ConfigurationKeys.Name));
        Assert.Empty(values.Problems);
    }

    [Fact]
    public void Hints_at_quotes_around_what_is_meant()
    {
        var values = Samples.Values("[backup]\nname = a ; b\n[borg]\ncreate_arguments = a ; b");
        values.Text(ConfigurationKeys.Name);
        values.Words(ConfigurationKeys.CreateArguments);
        Assert.Equal(
            ["put the comment on a line of its own; if it is meant, put the whole value in double quotes",
                "put the comment on a line of its own; if it is meant, put it in double quotes"],
            values.Problems.Select(problem => problem.Hint));
    }

    // The lower case of a Kelvin sign is k, but the two are different names to the INI provider.
    [Fact]
    public void Does_not_mix_up_sections_that_look_alike()
    {
        var values = Samples.Values("[backup]\nname = a\n[bac\u212aup]\nname = b");
        Assert.Equal("a", values.Text(ConfigurationKeys.Name));
        Assert.Equal(2, values.Sections.Count);
        Assert.Empty(values.Problems);
    }

    [Fact]
    public void Knows_which_keys_and_sections_are_there()
    {
        var values = Samples.Values("[Backup]\nNAME =\n\n[retention]");
        Assert.True(values.Has(ConfigurationKeys.Name));
        Assert.False(values.Has(ConfigurationKeys.Archive));
        Assert.True(values.HasSection("backup"));
        Assert.True(values.HasSection("retention"));
        Assert.False(values.HasSection("repository"));
        Assert.Equal(4, values.LineOf("retention"));
        Assert.Null(values.LineOf("repository"));
        Assert.Null(values.Text(ConfigurationKeys.Archive));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("Yes", true)]
    [InlineData("ON", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("No", false)]
    [InlineData("off", false)]
    [InlineData("0", false)]
    public void Reads_flags(string written, bool expected)
    {
        var values = Samples.Values($"[backup]\nexclude_caches = {written}");
        Assert.Equal(expected, values.Flag(ConfigurationKeys.ExcludeCaches, !expected));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("maybe")]
    [InlineData("truee")]
    public void Refuses_other_flags(string written)
    {
        var values = Samples.Values($"[backup]\nexclude_caches = {written}");
        Assert.True(values.Flag(ConfigurationKeys.ExcludeCaches, true));
        Assert.False(values.Flag(ConfigurationKeys.ExcludeCaches, false));
        Assert.Equal(
            $"f:2: [backup] exclude_caches: expected 'true' or 'false', found '{written}'",
            Samples.Texts(values.Problems)[0]);
    }

    [Theory]
    [InlineData("-1", -1)]
    [InlineData("0", 0)]
    [InlineData("100", 100)]
    [InlineData("+7", 7)]
    public void Reads_numbers_up_to_the_bounds(string written, int expected)
    {
        var values = Samples.Values($"[pushgateway]\nretries = {written}");
        Assert.Equal(expected, values.Number(ConfigurationKeys.Retries, 5, -1, 100));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("-2")]
    [InlineData("101")]
    [InlineData("1.0")]
    [InlineData("1,000")]
    [InlineData("1 0")]
    [InlineData("0x10")]
    [InlineData("seven")]
    [InlineData("99999999999")]
    public void Refuses_other_numbers(string written)
    {
        var values = Samples.Values($"[retention]\ndaily = {written}");
        Assert.Equal(5, values.Number(Daily, 5, -1, 100));
        Assert.Equal(
            [$"f:2: [retention] daily: expected a whole number from -1 to 100, found '{written}'"],
            Samples.Texts(values.Problems));
    }

    [Fact]
    public void Writes_bounds_whatever_the_culture()
    {
        using var german = new GermanNumbers();
        var values = Samples.Values("[retention]\ndaily = x");
        values.Number(ConfigurationKeys.Keep[3], 0, -1, 1_000_000);
        Assert.Equal("expected a whole number from -1 to 1000000, found 'x'", Assert.Single(values.Problems).Message);
    }

    [Fact]
    public void Reads_durations()
    {
        var values = Samples.Values("[hooks]\ntimeout = 1h30m");
        Assert.Equal(TimeSpan.FromMinutes(90), values.Duration(ConfigurationKeys.HookTimeout, null));
        Assert.Equal(TimeSpan.FromMinutes(90), values.DurationOrNone(ConfigurationKeys.HookTimeout, TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromDays(1), values.Duration(ConfigurationKeys.Interval, TimeSpan.FromDays(1)));
        Assert.Null(values.Duration(ConfigurationKeys.Interval, null));
        Assert.Equal(TimeSpan.FromDays(1), values.DurationOrNone(ConfigurationKeys.Interval, TimeSpan.FromDays(1)));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("11000d")]
    public void Refuses_other_durations(string written)
    {
        var values = Samples.Values($"[hooks]\ntimeout = {written}");
        var hour = TimeSpan.FromHours(1);
        Assert.Equal(hour, values.DurationOrNone(ConfigurationKeys.HookTimeout, hour));
        Assert.Equal(
            ["f:2: [hooks] timeout: expected a duration like '30s', '15m', '24h' or '1h30m', "
                + $"more than nothing and at most ten years, or 'none', found '{written}'"],
            Samples.Texts(values.Problems));
    }

    [Fact]
    public void Takes_none_only_where_there_may_be_no_limit()
    {
        var values = Samples.Values("[hooks]\ntimeout = none\n[backup]\ninterval = none");
        Assert.Null(values.DurationOrNone(ConfigurationKeys.HookTimeout, TimeSpan.FromHours(1)));
        Assert.Empty(values.Problems);
        Assert.Null(values.Duration(ConfigurationKeys.Interval, null));
        Assert.Equal("interval", Assert.Single(values.Problems).Key);
    }

    [Fact]
    public void Reads_one_of_a_few_words()
    {
        var values = Samples.Values("[hooks]\non_failure = Continue\n[logging]\nlevel = loud");
        Assert.Equal(2, values.OneOf(ConfigurationKeys.OnFailure, 0, ("abort", 1), ("continue", 2)));
        Assert.Equal(3, values.OneOf(ConfigurationKeys.Archive, 3, ("abort", 1)));
        Assert.Empty(values.Problems);
        Assert.Equal(0, values.OneOf(ConfigurationKeys.Level, 0, ("error", 1), ("info", 2)));
        Assert.Equal(
            ["f:4: [logging] level: expected 'error' or 'info', found 'loud'"], Samples.Texts(values.Problems));
    }

    [Fact]
    public void Lists_numbers_first_by_number_and_then_names() => Assert.Equal(
        ["1", "2", "10", "a", "b"],
        Samples.Values("[paths]\nb = /b\n10 = /10\na = /a\n2 = /2\n[excludes]\n3 = x\n[paths]\n1 = /1")
            .List(ConfigurationKeys.Paths).Select(item => item.Entry.Key));

    [Fact]
    public void Lists_values_and_leaves_out_those_that_are_unusable()
    {
        var values = Samples.Values(
            "[paths]\n1 = /home/${USER}\n2 = ${NOPE}\n3 =\n4 = \"/a ; b\"\n5 = /c", ("USER", "me"));
        Assert.Equal(["/home/me", "/a ; b", "/c"], values.List(ConfigurationKeys.Paths).Select(item => item.Value));
        Assert.Equal([3, 4], values.Problems.Select(problem => problem.Line));
        Assert.Equal(5, values.Entries(ConfigurationKeys.Paths).Count);
    }

    [Theory]
    [InlineData("--a -b", "--a|-b")]
    [InlineData("\"/opt/my script\" \"b c\"", "/opt/my script|b c")]
    [InlineData("\"/opt/my script\"", "/opt/my script")]
    [InlineData("'a b' c\\ d", "a b|c d")]
    [InlineData("/home/${USER}/x '${BLANKS}'", "/home/root/x|a  b")]
    [InlineData("${BLANKS}", "a  b")]
    [InlineData("a$$b '$$'", "a$b|$")]
    [InlineData("a;b c#d", "a;b|c#d")]
    [InlineData("--suffix \"\" ''", "--suffix||")]
    [InlineData("/bin/sh -c 'a ; b # c'", "/bin/sh|-c|a ; b # c")]
    [InlineData("/bin/echo \"a ; b\"", "/bin/echo|a ; b")]
    [InlineData("/bin/echo a \\; b", "/bin/echo|a|;|b")]
    public void Cuts_words_before_it_replaces_variables(string written, string expected)
    {
        var values = WithArguments(written);
        Assert.Equal(expected.Split('|'), values.Words(ConfigurationKeys.CreateArguments));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("'a b", "a quote is not closed, or a backslash ends the line")]
    [InlineData("a \\", "a quote is not closed, or a backslash ends the line")]
    [InlineData("a ${NOPE}", "the environment variable NOPE is not set")]
    [InlineData("a ${EMPTY}", "has no value: its environment variables are empty")]
    [InlineData("", "has no value")]
    [InlineData("a ; b", CommentProblem)]
    [InlineData("\"a b\" # \"c\"", CommentProblem)]
    [InlineData("'a' # b", CommentProblem)]
    [InlineData("it\\'s # b", CommentProblem)]
    [InlineData("'a\\' # b", CommentProblem)]
    public void Refuses_words(string written, string expected)
    {
        var values = WithArguments(written);
        Assert.Empty(values.Words(ConfigurationKeys.CreateArguments));
        Assert.Equal(expected, Assert.Single(values.Problems).Message);
    }

    [Fact]
    public void Reads_no_words_without_the_key()
    {
        var values = WithName("x");
        Assert.Empty(values.Words(ConfigurationKeys.CreateArguments));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("hunter2 ; x")]
    [InlineData("hunter2 # x")]
    [InlineData("hunter2\u0007")]
    [InlineData("${hunter2}")]
    [InlineData("${hunter2")]
    [InlineData("x${hunter2-}")]
    public void Never_shows_a_secret(string written)
    {
        Assert.All([ConfigurationKeys.Passphrase, ConfigurationKeys.Password, ConfigurationKeys.Url], key =>
        {
            var values = Samples.Values($"[{key.Section}]\n{key.Name} = {written}");
            values.Text(key);
            values.Flag(key, false);
            values.Number(key, 0, 0, 1);
            values.Duration(key, null);
            values.OneOf(key, 0, ("a", 1));
            Assert.True(values.Problems.Count >= 4);
            Assert.All(values.Problems, problem =>
                Assert.DoesNotContain("hunter2", problem.Describe("f") + problem.Hint, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Says_that_a_variable_of_a_secret_is_missing()
    {
        var values = Samples.Values("[repository]\npassphrase = ${NOPE}");
        Assert.Null(values.Text(ConfigurationKeys.Passphrase));
        Assert.Equal(
            ["f:2: [repository] passphrase: names an environment variable that is not set" + DollarHint],
            Samples.Texts(values.Problems));
    }

    [Fact]
    public void Remembers_the_variables_that_secrets_came_from()
    {
        var values = Samples.Values(
            "[repository]\npassphrase = ${A}-${B_1}$$${A}\nlocation = ${C}\n"
            // A host's name is no secret, and other children may need the variable.
            + "[pushgateway]\nurl = http://${D}\npassword = $${E}",
            ("A", "1"), ("B_1", "2"), ("C", "/c"), ("D", "d"), ("E", "e"));
        Assert.Equal("1-2$1", values.Text(ConfigurationKeys.Passphrase));
        Assert.Equal("/c", values.Text(ConfigurationKeys.Location));
        Assert.Equal("http://d", values.Text(ConfigurationKeys.Url));
        Assert.Equal("${E}", values.Text(ConfigurationKeys.Password));
        Assert.Equal(["A", "B_1"], values.Secrets.Variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shows_no_more_than_the_beginning_of_a_long_value()
    {
        var values = Samples.Values($"[retention]\ndaily = {new string('x', 1000)}");
        values.Number(Daily, 5, 0, 100);
        Assert.Equal(
            $"expected a whole number from 0 to 100, found '{new string('x', 80)}…'",
            Assert.Single(values.Problems).Message);
    }

    [Fact]
    public void Shows_no_value_where_a_secret_may_stand()
    {
        var values = Samples.Values("[pushgateway]\nretries = hunter2");
        values.Number(ConfigurationKeys.Retries, 5, 0, 100);
        Assert.Equal("expected a whole number from 0 to 100", Assert.Single(values.Problems).Message);
    }

    [Fact]
    public void Knows_in_which_sections_there_are_problems()
    {
        var values = Samples.Values("[backup]\nname =\n[pushgateway]\nurl = http://x");
        Assert.Null(values.Text(ConfigurationKeys.Name));
        Assert.True(values.HasProblemIn("labels", "backup"));
        Assert.False(values.HasProblemIn("labels", "pushgateway"));
        Assert.True(Samples.Values("key = value\n[backup]").HasProblemIn("pushgateway"));
    }

    [Fact]
    public void Places_a_problem_at_the_key_or_else_at_its_section()
    {
        var values = Samples.Values("\n[backup]\nname = x\n");
        values.Add(ConfigurationKeys.Name, "is odd");
        values.Add(ConfigurationKeys.Archive, "is missing", "add it");
        values.Add(ConfigurationKeys.Location, "is missing");
        Assert.Equal(
            ["f:3: [backup] name: is odd", "f:2: [backup] archive: is missing (add it)",
                "f: [repository] location: is missing"],
            Samples.Texts(values.Problems));
    }

    private static ConfigurationValues WithName(string written) => Samples.Values(
        $"[backup]\nname = {written}", ("USER", "root"), ("N_2", "2"), ("EMPTY", ""), ("NESTED", "${USER}"));

    private static ConfigurationValues WithArguments(string written) => Samples.Values(
        $"[borg]\ncreate_arguments = {written}", ("USER", "root"), ("BLANKS", "a  b"), ("EMPTY", ""));
}
