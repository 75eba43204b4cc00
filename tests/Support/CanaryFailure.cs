namespace Assimilator.Tests.Support;

/// <summary>Something that goes wrong in a run whose secrets are canaries.</summary>
/// <param name="Name">What it is.</param>
/// <param name="ExitCode">What it leads to.</param>
/// <param name="Prepare">Makes it happen.</param>
internal sealed record CanaryFailure(string Name, int ExitCode, Action<CanaryBackup> Prepare)
{
    /// <summary>Whether borg tells the passphrase. What a passcommand prints is known to borg alone: nobody else can take it
    /// out of what borg says.</summary>
    public bool IsToldByBorg { get; init; }

    public static IReadOnlyList<CanaryFailure> All { get; } =
    [
        new("nothing", 0, _ => { }),
        Told("as text", "printf 'wrong passphrase: %s!\\n' \"$SECRET\" >&2; exit 2"),
        Told("in its log", """printf '{"type": "log_message", "levelname": "ERROR", "message": "it is %s"}\n' "$QUOTED" >&2; exit 2"""),
        Told("in a log line that is cut", """printf '{"type": "log_message", "message": "it is %s' "$QUOTED" >&2; exit 2"""),
        Told("as its version", """printf '{"type": "log_message", "name": "borg.output.show-version", "message": "borg %s"}\n' "$QUOTED" >&2; exit 2"""),
        Told("in a question", """printf '{"type": "question_prompt", "message": "was it %s?"}\n' "$QUOTED" >&2; exit 2"""),
        Told("in a traceback", """printf 'Traceback:\n  File "key.py"\nValueError: %s, %s\n' "$SECRET" "$(printf %s "$SECRET" | base64 -w0)" >&2; exit 2"""),
        Told("while it hangs", "printf '%s' \"$SECRET\" >&2; exec sleep 1000") with
        {
            Prepare = canary =>
            {
                canary.StandIn("printf '%s' \"$SECRET\" >&2; exec sleep 1000");
                canary.Backup.Set("borg", "create_timeout", "1s");
            },
        },
        Told("on standard output", "printf '{%s}' \"$SECRET\"") with { ExitCode = 1 },
        Told("in prune and compact", "") with
        {
            ExitCode = 1,
            Prepare = canary => canary.StandIn("echo \"$JSON\"", "printf '%s\\n' \"$SECRET\" >&2; exit 1", "printf '%s\\n' \"$SECRET\" >&2; exit 2"),
        },
        new("a signal", 143, canary => canary.StandIn("kill -TERM $PPID; exec sleep 1000")),
        new("preexec fails", 2, canary => canary.Script("preexec", "env; env >&2; exit 3")),
        new("postexec fails", 1, canary => canary.Script("postexec", "env; env >&2; exit 3")),
        new("a path is missing", 2, canary => canary.Backup.Set("paths", "2", "/nonexistent/path")),
        new("a key is unknown", 78, canary => canary.Backup.Set("repository", "identity", "x")),
        new("the state cannot be written", 1, canary => canary.Backup.Set("state", "directory", "/proc/nonexistent")),
        new("nobody listens", 1, canary => canary.GatewayUrl = $"http://127.0.0.1:{Server.FreePort()}"),
        new("the gateway speaks no TLS", 1,
            canary => canary.GatewayUrl = canary.GatewayUrl.Replace("http://", "https://", StringComparison.Ordinal)),
    ];

    private static CanaryFailure Told(string how, string create) =>
        new($"borg tells it {how}", 2, canary => canary.StandIn(create)) { IsToldByBorg = true };
}
