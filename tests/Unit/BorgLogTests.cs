using System.Text.Json;
using Assimilator.Borg;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class BorgLogTests : IDisposable
{
    private readonly Messages _messages = new(LogLevel.Error - 1, syslog: null);

    public void Dispose() => _messages.Dispose();

    [Fact]
    public void Of_a_traceback_the_cause_is_the_error()
    {
        var log = Log();
        log.Read(Line("ERROR", "Local Exception"));
        log.Read(Line("ERROR", "Traceback (most recent call last):\n  File \"x\", line 1, in y\n    z()\nPermissionError: [Errno 13] Permission denied: '/srv/borg/lock'\n\nPlatform: Linux"));
        Assert.Equal(["borg: PermissionError: [Errno 13] Permission denied: '/srv/borg/lock'"], _messages.Problems.Select(problem => problem.Message));
        Assert.NotNull(log.Hint(2));
    }

    [Fact]
    public void A_cache_that_was_never_complete_is_to_be_removed()
    {
        var cache = $"/root/.cache/borg/{new string('4', 64)}";
        Log().Read(Line("ERROR", $"Traceback (most recent call last):\n  File \"x\", line 1, in y\n    z()\nFileNotFoundError: [Errno 2] No such file or directory: '{cache}/config'\n\nPlatform: Linux"));
        Assert.EndsWith($": rm -r {cache}", Assert.Single(_messages.Problems).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_traceback_that_was_printed_too()
    {
        var log = Log();
        foreach (var line in new[] { "Remote: Traceback (most recent call last):", "Remote:   File \"x\", line 1", "Remote:     z()", "Remote: OSError: x", "after" })
            log.Read(line);
        Assert.Equal(["borg: Remote: OSError: x", "borg: after"], _messages.Problems.Select(problem => problem.Message));
    }

    [Theory]
    [InlineData("LockTimeout", "Failed to acquire the lock", "NotOpened")]
    [InlineData("Repository.InsufficientFreeSpaceError", "Insufficient free space", "OutOfSpace")]
    [InlineData(null, "OSError: [Errno 28] No space left on device", "OutOfSpace")]
    [InlineData(null, "/home/[Errno 28] x: read: [Errno 5] Input/output error: '/home/[Errno 28] x'", null)]
    [InlineData(null, "ssh: connect to host h port 22: Connection refused", null)]
    public void Tells_what_decides_the_next_try(string? messageId, string message, string? failure)
    {
        var log = Log();
        log.Read(Line("ERROR", message, messageId));
        Assert.Equal(failure, log.Failure?.ToString());
    }

    [Theory]
    [InlineData("Connection refused", true)]
    [InlineData("No route to host", true)]
    [InlineData("Network is unreachable", true)]
    [InlineData("Connection timed out", true)]
    [InlineData("Permission denied (publickey).", false)]
    public void Only_the_network_is_tried_again(string words, bool expected)
    {
        var log = Log(mayRetry: true);
        log.Read(words.StartsWith("Permission", StringComparison.Ordinal) ? $"Remote: borg@h: {words}" : $"Remote: ssh: connect to host h port 22: {words}");
        log.Read(Line("ERROR", "Connection closed by remote host", "ConnectionClosedWithHint"));
        Assert.Equal(expected, log.Failure == BorgFailure.Unreachable);
        // Whether it is a problem is known when there is no further try.
        log.ShowHeld(() => expected ? throw new InvalidOperationException("it is known") : words);
        Assert.EndsWith(words, _messages.Problems.Single(problem => problem.Severity == LogLevel.Error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host key verification failed.", "no connection to the repository's host: Host key verification failed.")]
    [InlineData(null, "borg: Connection closed by remote host")]
    public void Ssh_is_asked_if_borg_has_not_read_its_words(string? words, string expected)
    {
        var log = Log();
        log.Read(Line("ERROR", "Connection closed by remote host", "ConnectionClosedWithHint"));
        log.ShowHeld(() => words);
        Assert.Equal([expected], _messages.Problems.Select(problem => problem.Message));
    }

    [Theory]
    [InlineData("/etc: stat: [Errno 2] No such file or directory: '/etc'", "/etc")]
    [InlineData("/etc: scandir: [Errno 13] Permission denied: '/etc'", "/etc")]
    [InlineData("/etc/shadow: open: [Errno 13] Permission denied: '/etc/shadow'", "")]
    [InlineData("/etc: file changed while we backed it up", "")]
    public void Knows_the_sources_that_were_not_read(string message, string expected)
    {
        var log = Log();
        log.Read(Line("WARNING", message));
        Assert.Equal(expected, string.Join(' ', log.UnreadPaths));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(52)]
    [InlineData(73)]
    public void Modern_exit_codes_have_hints_too(int returnCode) => Assert.NotNull(Log().Hint(returnCode));

    private BorgLog Log(bool mayRetry = false) => new(_messages, ["/etc", "/home"], mayRetry, "assimilator borg");

    private static string Line(string level, string message, string? messageId = null) =>
        $$"""{"type": "log_message", "levelname": "{{level}}", "message": "{{JsonEncodedText.Encode(message)}}", "msgid": {{(messageId is null ? "null" : $"\"{messageId}\"")}}}""";
}
