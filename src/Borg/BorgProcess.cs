using System.Text.RegularExpressions;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>Runs one borg command and reads its log as it comes.</summary>
internal sealed partial class BorgProcess(BackupConfiguration configuration, RunContext context)
{
    /// <summary>In bytes. The JSON of <c>create</c> contains the command line, which Linux limits to 2 MiB.</summary>
    private const int LongestStdout = 4 * 1024 * 1024;

    private readonly List<string> _list = [];
    private int _warnings, _errors;
    private string? _version;
    private bool _isOutOfSpace;

    /// <summary>Runs a step to its end.</summary>
    /// <param name="selfTest">False if a process of the same executable has just passed borg's self-test.</param>
    /// <returns>Null if borg could not be started.</returns>
    public StepResult? Run(BorgStep step, bool selfTest)
    {
        var arguments = step.Arguments(configuration);
        context.Messages.Debug($"running {configuration.Borg.Path} {string.Join(' ', arguments)}");
        var stdout = new MemoryStream();
        var isTruncated = false;
        var log = new LineSplitter(Read);
        var exit = ChildProcess.Run(
            new ChildCommand
            {
                Executable = configuration.Borg.Path,
                Arguments = arguments,
                Environment = BorgEnvironment.Of(configuration, context.Environment, selfTest),
                Secret = configuration.Repository.Passphrase,
                Timeout = step.Timeout(configuration.Borg),
                Grace = context.Interruption.Grace,
            },
            context.Interruption, Keep, log.Write);
        log.Complete();
        if (_isOutOfSpace)
            context.Messages.Error("a disk is full", BorgHints.DiskFull);
        var result = step.Parse(
            new StepResult
            {
                Kind = step.Kind,
                ReturnCode = exit.ReturnCode,
                Outcome = BorgOutcomes.Of(exit.ReturnCode),
                Duration = exit.Duration,
                TimedOut = exit.TimedOutAfter is not null,
                WasTerminated = exit.WasToldToEnd,
                Warnings = _warnings,
                Errors = _errors,
                BorgVersion = _version,
            },
            new BorgOutput(stdout.ToArray(), isTruncated, _list));
        // The 127 of a borg that is not there would count as one of borg's own warnings.
        var isStarted = exit.StartFailure is null;
        var hasFailed = result.Outcome != BorgOutcome.Success || step.Kind == StepKind.Create;
        if (!isStarted || (result.Archive is null && hasFailed))
            context.Messages.Error($"borg {step.Name} {exit.Describe()}", isFault: !isStarted);
        return isStarted ? result : null;

        void Keep(ReadOnlySpan<byte> bytes)
        {
            isTruncated |= bytes.Length > LongestStdout - stdout.Length;
            stdout.Write(bytes[..(int)Math.Min(bytes.Length, LongestStdout - stdout.Length)]);
        }
    }

    private void Read(string text)
    {
        if (BorgLogLine.Parse(text) is not { } line)
            return;
        var message = line.Message ?? "";
        // The first is borg's own: what the repository's host says comes later, in the same form.
        if (line.Name == BorgLogLine.VersionLogger)
            _version ??= Version(message);
        if (line.Name == BorgLogLine.ListLogger)
            _list.Add(message);
        _isOutOfSpace |= line.Levelname != "INFO" && OutOfSpace().IsMatch(message);
        _warnings += line.IsWarning ? 1 : 0;
        _errors += line.IsError ? 1 : 0;

        var parts = message.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
            Show(line, $"borg: {parts[i].TrimEnd()}", i == parts.Length - 1 ? BorgHints.For(line.Msgid) : null);
    }

    /// <summary>It becomes a label for all to read, so it has to look like a version.</summary>
    private string? Version(string message) =>
        context.Messages.WithoutSecrets(message).Split(' ')[^1] is { Length: > 0 and <= 40 } word
            && char.IsAsciiDigit(word[0])
            && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '+' or '-')
            ? word
            : null;

    private void Show(BorgLogLine line, string text, string? hint)
    {
        if (line.IsError)
            context.Messages.Error(text, hint);
        else if (line.IsWarning || line.Levelname is null)
            context.Messages.Warning(text);
        else
            context.Messages.Debug(text);
    }

    // With the name of a file behind it, or without. A name that looks the same is in front, or quoted.
    [GeneratedRegex(@"\[Errno 28\] [^:'""]*(: '[^']*')?\z")]
    private static partial Regex OutOfSpace();
}
