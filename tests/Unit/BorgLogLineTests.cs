using Assimilator.Borg;
using static Assimilator.Tests.Unit.BorgLines;

namespace Assimilator.Tests.Unit;

public sealed class BorgLogLineTests
{
    [Fact]
    public void Reads_a_log_message() => Assert.Equal(
        Message("INFO", "borg.output.show-version", "borgbackup version 1.2.4"),
        Parse(
            """{"type": "log_message", "time": 1795405058.582969, "message": "borgbackup version 1.2.4", """
            + "\"levelname\": \"INFO\", \"name\": \"borg.output.show-version\"}"));

    [Fact]
    public void Reads_the_fields_in_any_order() => Assert.Equal(
        Message("WARNING", "borg.a", "a\tb") with { Msgid = "x" },
        Parse(
            """{"levelname": "WARNING", "message": "a\tb", "msgid": "x", "name": "borg.a", "type": "log_message"}"""));

    [Theory]
    [InlineData("DEBUG", false, false)]
    [InlineData("INFO", false, false)]
    [InlineData("WARNING", true, false)]
    [InlineData("ERROR", false, true)]
    [InlineData("CRITICAL", false, true)]
    public void Knows_warnings_and_errors(string level, bool isWarning, bool isError)
    {
        var line = Parse($$"""{"type": "log_message", "levelname": "{{level}}", "message": "m"}""")!;
        Assert.Equal(isWarning, line.IsWarning);
        Assert.Equal(isError, line.IsError);
    }

    [Theory]
    [InlineData("borg create: error: argument ARCHIVE: unmatched '{' in format spec")]
    [InlineData("Remote: Host key verification failed.")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("{'type': 'log_message'}")]
    [InlineData("""{"type": "log_message", "levelname": "ERROR", "mess""")]
    [InlineData("""{"type": "log_message", "levelname": "ERROR"} x""")]
    [InlineData("""{"type": "log_message", "\udcfftype": "x"}""")]
    public void Takes_anything_else_as_text(string line)
    {
        var parsed = Parse(line)!;
        Assert.Equal(new BorgLogLine { Message = line }, parsed);
        Assert.False(parsed.IsWarning);
        Assert.False(parsed.IsError);
    }

    [Theory]
    [InlineData("""{"type": "archive_progress", "original_size": 1, "nfiles": 0, "path": "a", "time": 1.5}""")]
    [InlineData("""{"type": "progress_percent", "message": "50%", "operation": 1, "finished": false}""")]
    [InlineData("""{"type": "progress_percent", "message": null, "operation": 1, "finished": true}""")]
    public void Knows_progress(string line) => Assert.True(Parse(line)!.IsProgress);

    [Theory]
    [InlineData("""{"message": "no type"}""")]
    [InlineData("""{"type": null}""")]
    [InlineData("{}")]
    public void Skips_json_that_is_no_log_message(string line) => Assert.Null(Parse(line));

    [Fact]
    public void Finds_the_message_behind_a_question_that_has_no_line_end()
    {
        var line = Parse(
            """Enter passphrase for key /srv/borg: {"type": "log_message", "levelname": "ERROR", "message": "can not acquire a passphrase", "msgid": "NoPassphraseFailure"}""")!;
        Assert.Equal(("can not acquire a passphrase", "NoPassphraseFailure", true), (line.Message, line.Msgid, line.IsError));
    }

    [Fact]
    public void Shows_a_question_that_nobody_answers() => Assert.Equal(
        new BorgLogLine { Message = "sure?" }, Parse("""{"type": "question_prompt", "message": "sure?"}"""));

    [Fact]
    public void Keeps_the_escapes_of_names_that_are_not_utf8() => Assert.Equal(
        Message("INFO", "b", @"/home/\udcff: \u00fc \ud83d"),
        Parse(
            """{"type": "log_message", "levelname": "INFO", "name": "b", "message": "/home/\udcff: \u00fc \ud83d"}"""));

    [Fact]
    public void Reads_pairs_of_surrogates() => Assert.Equal(
        "ü 😀", Parse("""{"type": "log_message", "message": "\u00fc \ud83d\ude00"}""")!.Message);

    [Theory]
    [InlineData("""{"type": 5, "message": "m"}""")]
    [InlineData("""{"type": "log_message", "levelname": 5, "message": "m"}""")]
    [InlineData("""{"type": "log_message", "levelname": "INFO", "message": {"a": 1}}""")]
    public void Shows_the_whole_line_when_a_field_has_the_wrong_type(string line) =>
        Assert.Equal(new BorgLogLine { Message = line }, Parse(line));

    [Theory]
    [InlineData("""{"type": "log_message", "levelname": null, "name": null, "message": null}""")]
    [InlineData("""{"type": "log_message"}""")]
    public void Shows_the_whole_line_of_a_message_without_text(string line) =>
        Assert.Equal(line, Parse(line)?.Message);

    [Fact]
    public void Survives_deep_nesting()
    {
        var line = $$"""{"type": "log_message", "x": {{new string('[', 100)}}{{new string(']', 100)}}}""";
        Assert.Equal(new BorgLogLine { Message = line }, Parse(line));
    }

    private static BorgLogLine Message(string level, string logger, string message) =>
        new() { Type = "log_message", Levelname = level, Name = logger, Message = message };
}
