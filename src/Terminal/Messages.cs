using System.Text;
using Assimilator.Posix;

namespace Assimilator.Terminal;

/// <summary>The one voice of this program: what went well to standard output, what did not to standard error. Writing
/// never fails: a terminal that is gone must not end a backup.</summary>
internal sealed class Messages : IDisposable
{
    /// <summary>A report with more or longer ones, in characters, would say no more.</summary>
    private const int MostProblems = 100, LongestProblem = 500;

    private readonly MessageLog _log;

    /// <summary>What each message is about, such as a repository; part of the problems, too.</summary>
    private readonly string? _subject;

    /// <inheritdoc cref="MessageLog(LogLevel, Syslog?, MessageStyle)"/>
    public Messages(LogLevel level, Syslog? syslog, MessageStyle? style = null)
        : this(new MessageLog(level, syslog, style ?? new()), null)
    {
    }

    private Messages(MessageLog log, string? subject) => (_log, _subject) = (log, subject);

    /// <inheritdoc cref="MessageLog.Progress"/>
    public ProgressLine? Progress => _log.Progress;

    /// <summary>The problems shown so far, with secrets masked: all faults, and the first hundred.</summary>
    public IReadOnlyList<Problem> Problems
    {
        get
        {
            lock (_log.Problems)
                return [.. _log.Problems];
        }
    }

    /// <summary>The voice as the configuration wants it.</summary>
    /// <param name="secrets">What no line may show.</param>
    public static Messages For(LoggingSettings logging, IEnumerable<string> secrets, MessageStyle style)
    {
        string? failure = null;
        var messages = new Messages(logging.Level, logging.Syslog ? Syslog.TryOpen(out failure) : null, style);
        messages.Hide(secrets);
        if (failure is not null)
            messages.Warning($"cannot write to syslog: {failure}");
        return messages;
    }

    /// <summary>The same voice, about one thing of several: each message begins with its name.</summary>
    /// <param name="subject">Null for none.</param>
    public Messages About(string? subject) => subject is null ? this : new(_log, subject);

    /// <summary>From now on, no line shows any of these.</summary>
    public void Hide(IEnumerable<string> secrets) => _log.Hide(secrets);

    /// <summary>The text as a line would show it, for who has to cut it: half a secret would not be found any
    /// more.</summary>
    public string WithoutSecrets(string text) => _log.Mask.Apply(text);

    public void Debug(string text) => Write(LogLevel.Debug, text);

    public void Info(string text, string? hint = null) => Write(LogLevel.Info, text, hint);

    /// <summary>Nobody has to look for what was said before.</summary>
    public bool AreForPrograms => _log.IsJson;

    /// <summary>More is shown than problems.</summary>
    public bool ShowsInfo => _log.Level >= LogLevel.Info;

    /// <summary>Everything is shown.</summary>
    public bool ShowsDebug => _log.Level >= LogLevel.Debug;

    /// <summary>Shows what is no problem of its own, however important it is.</summary>
    public void Say(LogLevel severity, string text, string? hint = null) => Write(severity, text, hint);

    /// <param name="isFault">See <see cref="Problem.IsFault"/>.</param>
    public void Warning(string text, string? hint = null, bool isFault = false) =>
        Show(new Problem(text, hint) { Severity = LogLevel.Warning, IsFault = isFault });

    /// <inheritdoc cref="Warning"/>
    public void Error(string text, string? hint = null, bool isFault = false) =>
        Show(new Problem(text, hint) { IsFault = isFault });

    /// <summary>Shows a problem and keeps it for the report.</summary>
    public void Show(Problem problem)
    {
        var message = _subject is null ? problem.Message : $"{_subject}: {problem.Message}";
        lock (_log.Problems)
        {
            if (problem.IsFault || _log.Problems.Count < MostProblems)
                _log.Problems.Add(problem with
                {
                    Message = PlainText.Excerpt(WithoutSecrets(message), LongestProblem),
                    Hint = problem.Hint is { } text ? PlainText.Excerpt(WithoutSecrets(text), LongestProblem) : null,
                });
        }
        Write(problem.Severity, problem.Message, problem.Hint,
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

    public void Dispose() => _log.Dispose();

    private void Write(LogLevel severity, string text, string? hint = null, string kind = "") =>
        _log.Write(severity, _subject, text, hint, kind);
}
