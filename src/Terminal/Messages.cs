using System.Text;
using Assimilator.Configuration;

namespace Assimilator.Terminal;

/// <summary>The one voice of this program: what went well to standard output, what did not to standard error, each line
/// with the program's name in front. Writing never fails: a terminal that is gone must not end a backup.</summary>
internal sealed class Messages(LogLevel level, Syslog? syslog) : IDisposable
{
    private const string Program = "assimilator";

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Stream _error = Console.OpenStandardError();

    /// <summary>The voice as the configuration wants it.</summary>
    public static Messages For(LoggingSettings logging)
    {
        string? failure = null;
        var messages = new Messages(logging.Level, logging.Syslog ? Syslog.TryOpen(out failure) : null);
        if (failure is not null)
            messages.Warning($"messages do not go to syslog: {failure}");
        return messages;
    }

    public void Debug(string text) => Say(LogLevel.Debug, text);

    public void Info(string text) => Say(LogLevel.Info, text);

    public void Warning(string text, string? hint = null) => Say(LogLevel.Warning, $"warning: {text}", hint);

    public void Error(string text, string? hint = null) => Say(LogLevel.Error, $"error: {text}", hint);

    /// <summary>Writes text as it is to standard output: help, version, and what is to be read by another program.</summary>
    public static void Print(string text)
    {
        using var output = Console.OpenStandardOutput();
        Write(output, text);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        syslog?.Dispose();
    }

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
        var line = PlainText.OneLine(text);
        Write(severity <= LogLevel.Warning ? _error : _output, $"{Program}: {line}\n");
        syslog?.Write(severity, line);
    }

    private static void Write(Stream stream, string text)
    {
        try
        {
            // One write a line: the lines of two runs on one terminal do not mix.
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A closed or full terminal; the report still goes to the Pushgateway.
        }
    }
}
