using System.Globalization;
using System.Text;
using Assimilator.Posix;

namespace Assimilator.Terminal;

/// <summary>The one voice of this program: what went well to standard output, what did not to standard error, each line
/// with the program's name in front. Writing never fails: a terminal that is gone must not end a backup.</summary>
internal sealed class Messages : IDisposable
{
    private const string Program = "assimilator";

    /// <summary>A report with more or longer ones, in characters, would say no more.</summary>
    private const int MostProblems = 100, LongestProblem = 500;

    /// <summary>Which of our two streams systemd's journal reads: it takes a line's priority from its
    /// beginning.</summary>
    private static readonly Lazy<IReadOnlyList<int>> JournalStreams = new(() =>
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } journal
            ? [.. new[] { 1, 2 }.Where(stream => LibC.DeviceAndInode(stream) == journal)] : []);

    private readonly Voice _voice;

    /// <summary>What each message is about, such as a repository; part of the problems, too.</summary>
    private readonly string _subject;

    /// <param name="level">What is less important is not said.</param>
    /// <param name="speaker">Stands in front of each line after the program's name: the backup, if there are
    /// several.</param>
    /// <param name="leavesOutput">Everything goes to standard error.</param>
    public Messages(
        LogLevel level, Syslog? syslog, string? speaker = null, bool leavesOutput = false,
        ProgressLine? progress = null) : this(
            new Voice(level, syslog, speaker is null ? "" : $"{speaker}: ", leavesOutput, progress), "")
    {
    }

    private Messages(Voice voice, string subject) => (_voice, _subject) = (voice, subject);

    /// <summary>The line that shows how far something has come; null where nobody watches.</summary>
    public ProgressLine? Progress => _voice.Progress;

    /// <summary>The problems shown so far, with secrets masked: all faults, and the first hundred.</summary>
    public IReadOnlyList<Problem> Problems
    {
        get
        {
            lock (_voice.Problems)
                return [.. _voice.Problems];
        }
    }

    /// <summary>The voice as the configuration wants it.</summary>
    /// <param name="secrets">What no line may show.</param>
    /// <param name="speaker">As above.</param>
    /// <param name="leavesOutput">As above.</param>
    public static Messages For(
        LoggingSettings logging, IEnumerable<string> secrets, string? speaker = null, bool leavesOutput = false)
    {
        string? failure = null;
        var messages = new Messages(
            logging.Level, logging.Syslog ? Syslog.TryOpen(out failure) : null, speaker, leavesOutput,
            leavesOutput || logging.Level < LogLevel.Info ? null : ProgressLine.Open());
        messages.Hide(secrets);
        if (failure is not null)
            messages.Warning($"cannot write to syslog: {failure}");
        return messages;
    }

    /// <summary>The same voice, about one thing of several: each message begins with its name.</summary>
    /// <param name="subject">Null for none.</param>
    public Messages About(string? subject) => subject is null ? this : new(_voice, $"{subject}: ");

    /// <summary>From now on, no line shows any of these.</summary>
    public void Hide(IEnumerable<string> secrets) => _voice.Hide(secrets);

    /// <summary>The text as a line would show it, for who has to cut it: half a secret would not be found any
    /// more.</summary>
    public string WithoutSecrets(string text) => _voice.Mask.Apply(text);

    public void Debug(string text) => Say(LogLevel.Debug, text);

    public void Info(string text) => Say(LogLevel.Info, text);

    /// <param name="isFault">See <see cref="Problem.IsFault"/>.</param>
    public void Warning(string text, string? hint = null, bool isFault = false) =>
        Show(new Problem(text, hint) { Severity = LogLevel.Warning, IsFault = isFault });

    /// <inheritdoc cref="Warning"/>
    public void Error(string text, string? hint = null, bool isFault = false) =>
        Show(new Problem(text, hint) { IsFault = isFault });

    /// <summary>Shows a problem and keeps it for the report.</summary>
    public void Show(Problem problem)
    {
        lock (_voice.Problems)
        {
            if (problem.IsFault || _voice.Problems.Count < MostProblems)
                _voice.Problems.Add(problem with
                {
                    Message = PlainText.Excerpt(WithoutSecrets(_subject + problem.Message), LongestProblem),
                    Hint = problem.Hint is { } text ? PlainText.Excerpt(WithoutSecrets(text), LongestProblem) : null,
                });
        }
        Say(problem.Severity, problem.Message, problem.Hint,
            problem.Severity == LogLevel.Error ? "error: " : "warning: ");
    }

    /// <summary>A defect of this program, or a host that has run out of something; in one line.</summary>
    public void Unexpected(Exception exception)
    {
        var cause = exception.GetBaseException();
        Error($"unexpected {cause.GetType().Name}: {cause.Message}",
            "please report this as a bug in assimilator, unless the host ran out of memory or threads", isFault: true);
    }

    /// <summary>Writes text as it is to standard output: help, version, and what is to be read by another program.
    /// There is no backup to hold up, so the reader is waited for.</summary>
    /// <returns>False if a part of it is lost, because the disk is full.</returns>
    public static bool Print(string text) => LibC.WriteAll(descriptor: 1, Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        _voice.Progress?.Dispose();
        _voice.Syslog?.Dispose();
    }

    private void Say(LogLevel severity, string text, string? hint = null, string kind = "")
    {
        if (severity > _voice.Level)
            return;
        SayLine(severity, $"{kind}{_subject}{text}");
        if (hint is not null)
            SayLine(severity, $"hint: {hint}");
    }

    private void SayLine(LogLevel severity, string text)
    {
        var line = PlainText.OneLine(_voice.Speaker + WithoutSecrets(text));
        var stream = severity <= LogLevel.Warning || _voice.LeavesOutput ? 2 : 1;
        var priority = JournalStreams.Value.Contains(stream)
            ? string.Create(CultureInfo.InvariantCulture, $"<{(int)severity}>") : "";
        // One write a line: the lines of two runs on one terminal do not mix.
        var bytes = Encoding.UTF8.GetBytes($"{priority}{Program}: {line}\n");
        if (_voice.Progress is { } progress)
            progress.Around(() => LibC.WriteAll(stream, bytes));
        else
            _ = LibC.WriteAll(stream, bytes);
        _voice.Syslog?.Write(severity, line);
    }

    /// <summary>What all messages of one backup share.</summary>
    private sealed class Voice(
        LogLevel level, Syslog? syslog, string speaker, bool leavesOutput, ProgressLine? progress)
    {
        private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

        public LogLevel Level => level;
        public Syslog? Syslog => syslog;
        public ProgressLine? Progress => progress;
        public string Speaker => speaker;
        public bool LeavesOutput => leavesOutput;
        public List<Problem> Problems { get; } = [];
        public SecretMask Mask { get; private set; } = new([]);

        public void Hide(IEnumerable<string> secrets)
        {
            _secrets.UnionWith(secrets);
            Mask = new SecretMask(_secrets);
        }
    }
}
