using System.Globalization;
using System.Text;
using Assimilator.Posix;

namespace Assimilator.Terminal;

/// <summary>What all messages of one backup share: where they go, what they may not show, and which of them were
/// problems.</summary>
/// <param name="level">What is less important is not said.</param>
internal sealed class MessageLog(LogLevel level, Syslog? syslog, MessageStyle style) : IDisposable
{
    private const string Program = "assimilator";
    private const int StandardOutput = 1, StandardError = 2;

    /// <summary>Which of our two streams systemd's journal reads: it takes a line's priority from its beginning, and
    /// dates the line.</summary>
    private static readonly Lazy<IReadOnlyList<int>> JournalStreams = new(() =>
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } journal
            ? [.. new[] { StandardOutput, StandardError }.Where(stream => LibC.DeviceAndInode(stream) == journal)]
            : []);

    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    public LogLevel Level => level;

    public bool IsJson => style.Format == LogFormat.Json;

    /// <summary>The line that shows how far something has come; null where nobody watches.</summary>
    public ProgressLine? Progress { get; } =
        style is { ShowsProgress: true, LeavesOutput: false, Format: LogFormat.Text } && level >= LogLevel.Info
            ? ProgressLine.Open() : null;

    public List<Problem> Problems { get; } = [];

    public SecretMask Mask { get; private set; } = new([]);

    public void Hide(IEnumerable<string> secrets)
    {
        _secrets.UnionWith(secrets);
        Mask = new SecretMask(_secrets);
    }

    /// <param name="subject">What it is about, if that is one of several things.</param>
    /// <param name="kind">What kind of message it is, to be read in front of the text.</param>
    public void Write(LogLevel severity, string? subject, string text, string? hint, string kind)
    {
        if (severity > level)
            return;
        var speaker = style is { NamesBackup: true, Backup: { } backup } ? $"{backup}: " : "";
        var about = subject is null ? "" : $"{subject}: ";
        string?[] lines = [$"{speaker}{kind}{about}{text}", hint is null ? null : $"{speaker}hint: {hint}"];
        var shown = lines.OfType<string>().Select(line => PlainText.OneLine(Mask.Apply(line))).ToList();
        var stream = severity <= LogLevel.Warning || style.LeavesOutput ? StandardError : StandardOutput;
        IEnumerable<string> written = style.Format == LogFormat.Text ? shown.Select(line => $"{Program}: {line}")
            :
            [
                new LogLine
                {
                    Time = Now("yyyy-MM-ddTHH:mm:ss.fffZ"),
                    Level = severity.ToString().ToLowerInvariant(),
                    Backup = style.Backup,
                    Series = subject,
                    Message = PlainText.OneLine(Mask.Apply(text)),
                    Hint = hint is null ? null : PlainText.OneLine(Mask.Apply(hint)),
                }.ToString(),
            ];
        foreach (var line in written)
            WriteLine(stream, $"{Start(stream, severity)}{line}\n");
        foreach (var line in shown)
            syslog?.Write(severity, line);
    }

    public void Dispose()
    {
        Progress?.Dispose();
        syslog?.Dispose();
    }

    /// <summary>What stands before a line of text.</summary>
    private string Start(int stream, LogLevel severity) =>
        JournalStreams.Value.Contains(stream) ? string.Create(CultureInfo.InvariantCulture, $"<{(int)severity}>")
        : style is { HasTimes: true, Format: LogFormat.Text } && !LibC.IsTerminal(stream) ? Now("yyyy-MM-ddTHH:mm:ssZ ")
        : "";

    private static string Now(string format) => DateTimeOffset.UtcNow.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>One write a line: the lines of two runs on one terminal do not mix.</summary>
    private void WriteLine(int stream, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        if (Progress is { } progress)
            progress.Around(() => LibC.WriteAll(stream, bytes));
        else
            _ = LibC.WriteAll(stream, bytes);
    }
}
