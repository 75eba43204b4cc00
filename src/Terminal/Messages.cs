using System.Text;
using Assimilator.Native;

namespace Assimilator.Terminal;

/// <summary>The one voice of this program: what went well to standard output, what did not to standard error, each line
/// with the program's name in front. Writing never fails: a terminal that is gone must not end a backup.</summary>
internal sealed class Messages(LogLevel level, Syslog? syslog) : IDisposable
{
    private const string Program = "assimilator";

    private SecretMask _mask = new([]);

    /// <summary>The voice as the configuration wants it.</summary>
    /// <param name="secrets">What no line may show.</param>
    public static Messages For(LoggingSettings logging, IEnumerable<string> secrets)
    {
        string? failure = null;
        var messages = new Messages(logging.Level, logging.Syslog ? Syslog.TryOpen(out failure) : null);
        messages.Hide(secrets);
        if (failure is not null)
            messages.Warning($"messages do not go to syslog: {failure}");
        return messages;
    }

    /// <summary>From now on, no line shows any of these.</summary>
    public void Hide(IEnumerable<string> secrets) => _mask = new SecretMask(secrets);

    /// <summary>The text as a line would show it, for who has to cut it: half a secret would not be found any more.</summary>
    public string WithoutSecrets(string text) => _mask.Apply(text);

    public void Debug(string text) => Say(LogLevel.Debug, text);

    public void Info(string text) => Say(LogLevel.Info, text);

    public void Warning(string text, string? hint = null) => Say(LogLevel.Warning, $"warning: {text}", hint);

    public void Error(string text, string? hint = null) => Say(LogLevel.Error, $"error: {text}", hint);

    /// <summary>A defect of this program, or a host that has run out of something; in one line.</summary>
    public void Unexpected(Exception exception)
    {
        var cause = exception.GetBaseException();
        Error($"unexpected {cause.GetType().Name}: {cause.Message}", "unless this host has run out of something, this is a bug in assimilator");
    }

    /// <summary>Writes text as it is to standard output: help, version, and what is to be read by another program. There is no
    /// backup to hold up, so the reader is waited for.</summary>
    /// <returns>False if a part of it is lost, because the disk is full.</returns>
    public static bool Print(string text) => LibC.WriteAll(descriptor: 1, Encoding.UTF8.GetBytes(text));

    public void Dispose() => syslog?.Dispose();

    private void Say(LogLevel severity, string text, string? hint = null)
    {
        if (severity > level)
            return;
        SayLine(severity, text);
        if (hint is not null)
            SayLine(severity, $"hint: {hint}");
    }

    private void SayLine(LogLevel severity, string text)
    {
        var line = PlainText.OneLine(WithoutSecrets(text));
        // One write a line: the lines of two runs on one terminal do not mix.
        _ = LibC.WriteAll(severity <= LogLevel.Warning ? 2 : 1, Encoding.UTF8.GetBytes($"{Program}: {line}\n"));
        syslog?.Write(severity, line);
    }
}
