using Assimilator.Configuration;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class ConfigurationValuesTests
{
    private const string AnyDuration =
        "expected a duration like '30s', '15m', '24h' or '1h30m', more than 0 and at most ten years";

    private const string DollarHint = " (write a literal dollar as '$$')";

    private const string CommentProblem = "inline comments are not supported";

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
        Assert.Equal(expected, values.Text(Schema.Name));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("${NOPE}", "the environment variable NOPE is not set" + DollarHint)]
    [InlineData("a${user}", "the environment variable user is not set" + DollarHint)]
    [InlineData("${USER", "expected '${NAME}' with the name of a variable" + DollarHint)]
    [InlineData("a${", "expected '${NAME}' with the name of a variable" + DollarHint)]
    [InlineData("${}", "expected '${NAME}' with the name of a variable" + DollarHint)]
    [InlineData("${A-B}", "expected '${NAME}' with the name of a variable" + DollarHint)]
    [InlineData("${USER:-x}", "expected '${NAME}' with the name of a variable" + DollarHint)]
    [InlineData("${EMPTY}", "has no value: its environment variable is empty")]
    [InlineData("", "has no value (remove the line, or give it a value)")]
    [InlineData("\"\"", "has no value (remove the line, or give it a value)")]
    [InlineData("a\u001bb", "contains a control character")]
    public void Refuses_values(string written, string expected)
    {
        var values = WithName(written);
        Assert.Null(values.Text(Schema.Name));
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
        Assert.Null(values.Text(Schema.Name));
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
        Assert.Equal(expected, values.Text(Schema.Name));
        Assert.Empty(values.Problems);
    }

    [Fact]
    public void Hints_at_quotes_around_what_is_meant()
    {
        var values = Samples.Values("[backup]\nname = a ; b\n[borg]\ncreate_arguments = a ; b");
        values.Text(Schema.Name);
        values.Words(Schema.CreateArguments);
        Assert.Equal(
            ["move the comment to its own line, or put the whole value in double quotes",
                "move the comment to its own line, or put it in double quotes"],
            values.Problems.Select(problem => problem.Hint));
    }

    [Fact]
    public void Knows_which_keys_and_sections_are_there()
    {
        var values = Samples.Values("[Backup]\nNAME =\n\n[retention]");
        Assert.True(values.Has(Schema.Name));
        Assert.False(values.Has(Schema.Archive));
        Assert.True(values.HasSection("backup"));
        Assert.True(values.HasSection("retention"));
        Assert.False(values.HasSection("repository"));
        values.Add("retention", "x");
        values.Add("repository", "x");
        Assert.Equal([4, null], values.Problems.Select(problem => problem.Line));
        Assert.Null(values.Text(Schema.Archive));
    }

    public static TheoryData<string, string, object?> ValidValues => new()
    {
        { "backup.exclude_caches", "true", true },
        { "backup.exclude_caches", "Yes", true },
        { "backup.exclude_caches", "ON", true },
        { "backup.exclude_caches", "1", true },
        { "backup.paths_must_exist", "False", false },
        { "backup.paths_must_exist", "no", false },
        { "backup.paths_must_exist", "off", false },
        { "backup.paths_must_exist", "0", false },
        { "retention.daily", "-1", -1 },
        { "retention.daily", "1000000", 1_000_000 },
        { "pushgateway.retries", "0", 0 },
        { "pushgateway.retries", "+7", 7 },
        { "hooks.timeout", "1h30m", TimeSpan.FromMinutes(90) },
        { "hooks.timeout", "none", null },
        { "backup.interval", "1w", TimeSpan.FromDays(7) },
        { "hooks.on_failure", "Continue", true },
        { "logging.level", "debug", LogLevel.Debug },
    };

    [Theory]
    [MemberData(nameof(ValidValues))]
    public void Reads_values_of_every_type(string key, string written, object? expected)
    {
        var values = WithValue(key, written);
        Assert.Equal(expected, Value(values, key));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("backup.exclude_caches", "maybe", "expected 'true' or 'false', found 'maybe'")]
    [InlineData("backup.exclude_caches", "2", "expected 'true' or 'false', found '2'")]
    [InlineData("retention.daily", "-2", "expected a whole number from -1 to 1000000, found '-2'")]
    [InlineData("retention.daily", "1000001", "expected a whole number from -1 to 1000000, found '1000001'")]
    [InlineData("retention.daily", "1.0", "expected a whole number from -1 to 1000000, found '1.0'")]
    [InlineData("retention.daily", "1,000", "expected a whole number from -1 to 1000000, found '1,000'")]
    [InlineData("retention.daily", "0x10", "expected a whole number from -1 to 1000000, found '0x10'")]
    [InlineData("retention.daily", "99999999999", "expected a whole number from -1 to 1000000, found '99999999999'")]
    [InlineData("hooks.timeout", "0", $"{AnyDuration}, or 'none', found '0'")]
    [InlineData("hooks.timeout", "-1", $"{AnyDuration}, or 'none', found '-1'")]
    [InlineData("hooks.timeout", "11000d", $"{AnyDuration}, or 'none', found '11000d'")]
    [InlineData("backup.shutdown_timeout", "none", $"{AnyDuration}, found 'none'")]
    [InlineData("hooks.on_failure", "stop", "expected 'abort' or 'continue', found 'stop'")]
    [InlineData("logging.level", "loud", "expected 'error', 'warning', 'info' or 'debug', found 'loud'")]
    [InlineData("pushgateway.retries", "hunter2", "expected a whole number from 0 to 100")]
    public void Refuses_other_values_and_goes_on_with_the_default(string key, string written, string problem)
    {
        using var german = new GermanNumbers();
        var values = WithValue(key, written);
        Assert.Equal(Value(Samples.Values(""), key), Value(values, key));
        Assert.Equal(problem, Assert.Single(values.Problems).Message);
    }

    /// <summary>A default that its own type would refuse would silently be nothing.</summary>
    [Fact]
    public void Every_default_is_a_valid_value() => Assert.All(
        Schema.All.Where(key => !key.IsDescription && key.Default.Length > 0), key =>
        {
            var values = WithValue($"{key.Section}.{key.Name}", key.Default);
            Assert.Equal(Value(Samples.Values(""), $"{key.Section}.{key.Name}"), Value(values, $"{key.Section}.{key.Name}"));
            Assert.Empty(values.Problems);
        });

    [Fact]
    public void Lists_numbers_first_by_number_and_then_names() => Assert.Equal(
        ["1", "2", "10", "a", "b"],
        Samples.Values("[paths]\nb = /b\n10 = /10\na = /a\n2 = /2\n[excludes]\n3 = x\n[paths]\n1 = /1")
            .List(Schema.Paths).Select(item => item.Entry.Key));

    [Fact]
    public void Lists_values_and_leaves_out_those_that_are_unusable()
    {
        var values = Samples.Values(
            "[paths]\n1 = /home/${USER}\n2 = ${NOPE}\n3 =\n4 = \"/a ; b\"\n5 = /c", ("USER", "me"));
        Assert.Equal(["/home/me", "/a ; b", "/c"], values.List(Schema.Paths).Select(item => item.Value));
        Assert.Equal([3, 4], values.Problems.Select(problem => problem.Line));
        Assert.Equal(5, values.Entries(Schema.Paths).Count);
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
        Assert.Equal(expected.Split('|'), values.Words(Schema.CreateArguments));
        Assert.Empty(values.Problems);
    }

    [Theory]
    [InlineData("'a b", "has an unclosed quote, or a backslash at the end")]
    [InlineData("a \\", "has an unclosed quote, or a backslash at the end")]
    [InlineData("a ${NOPE}", "the environment variable NOPE is not set")]
    [InlineData("a ${EMPTY}", "has no value: its environment variable is empty")]
    [InlineData("", "has no value")]
    [InlineData("a ; b", CommentProblem)]
    [InlineData("\"a b\" # \"c\"", CommentProblem)]
    [InlineData("'a' # b", CommentProblem)]
    [InlineData("it\\'s # b", CommentProblem)]
    [InlineData("'a\\' # b", CommentProblem)]
    public void Refuses_words(string written, string expected)
    {
        var values = WithArguments(written);
        Assert.Empty(values.Words(Schema.CreateArguments));
        Assert.Equal(expected, Assert.Single(values.Problems).Message);
    }

    [Fact]
    public void Reads_no_words_without_the_key()
    {
        var values = WithName("x");
        Assert.Empty(values.Words(Schema.CreateArguments));
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
        Assert.All([Schema.Passphrase, Schema.Password, Schema.Url], key =>
        {
            var values = Samples.Values($"[{key.Section}]\n{key.Name} = {written}");
            values.Text(key);
            values.Mismatch(key, "something else", written);
            Assert.NotEmpty(values.Problems);
            Assert.All(values.Problems, problem =>
                Assert.DoesNotContain("hunter2", problem.Describe("f") + problem.Hint, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Says_that_a_variable_of_a_secret_is_missing()
    {
        var values = Samples.Values("[repository]\npassphrase = ${NOPE}");
        Assert.Null(values.Text(Schema.Passphrase));
        Assert.Equal(
            ["f:2: [repository] passphrase: refers to an environment variable that is not set" + DollarHint],
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
        Assert.Equal("1-2$1", values.Text(Schema.Passphrase));
        Assert.Equal("/c", values.Text(Schema.Location));
        Assert.Equal("http://d", values.Text(Schema.Url));
        Assert.Equal("${E}", values.Text(Schema.Password));
        Assert.Equal(["A", "B_1"], values.Secrets.Variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shows_no_more_than_the_beginning_of_a_long_value()
    {
        var values = WithValue("logging.level", new string('x', 1000));
        values.Get(Schema.Level);
        Assert.EndsWith($"found '{new string('x', 80)}…'", Assert.Single(values.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Knows_in_which_sections_there_are_problems()
    {
        var values = Samples.Values("[backup]\nname =\n[pushgateway]\nurl = http://x");
        Assert.Null(values.Text(Schema.Name));
        Assert.True(values.HasProblemIn("labels", "backup"));
        Assert.False(values.HasProblemIn("labels", "pushgateway"));
        Assert.True(Samples.Values("key = value\n[backup]").HasProblemIn("pushgateway"));
    }

    [Fact]
    public void Places_a_problem_at_the_key_or_else_at_its_section()
    {
        var values = Samples.Values("\n[backup]\nname = x\n");
        values.Add(Schema.Name, "is odd");
        values.Add(Schema.Archive, "is missing", "add it");
        values.Add(Schema.Location, "is missing");
        Assert.Equal(
            ["f:3: [backup] name: is odd", "f:2: [backup] archive: is missing (add it)",
                "f: [repository] location: is missing"],
            Samples.Texts(values.Problems));
    }

    private static ConfigurationValues WithValue(string key, string written) =>
        Samples.Values($"[{key.Split('.')[0]}]\n{key.Split('.')[1]} = {written}");

    private static object? Value(ConfigurationValues values, string name) =>
        Schema.All.Single(key => $"{key.Section}.{key.Name}" == name) switch
        {
            Key<string> key => values.Get(key),
            Key<bool> key => values.Get(key),
            Key<int> key => values.Get(key),
            Key<int?> key => values.Get(key),
            Key<long> key => values.Get(key),
            Key<TimeSpan> key => values.Get(key),
            Key<TimeSpan?> key => values.Get(key),
            Key<LogLevel> key => values.Get(key),
            Key<CompactWhen> key => values.Get(key),
            Key<IReadOnlyList<int>> key => values.Get(key),
            var key => throw new InvalidOperationException($"a new type of key: {key}"),
        };

    private static ConfigurationValues WithName(string written) => Samples.Values(
        $"[backup]\nname = {written}", ("USER", "root"), ("N_2", "2"), ("EMPTY", ""), ("NESTED", "${USER}"));

    private static ConfigurationValues WithArguments(string written) => Samples.Values(
        $"[borg]\ncreate_arguments = {written}", ("USER", "root"), ("BLANKS", "a  b"), ("EMPTY", ""));
}
