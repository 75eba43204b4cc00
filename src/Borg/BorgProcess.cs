using System.Text.RegularExpressions;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>Runs one borg command and reads its log as it comes.</summary>
internal sealed partial class BorgProcess(
    BackupConfiguration configuration, IReadOnlyDictionary<string, string> environment, Interruption interruption,
    Messages messages)
{
    /// <summary>In bytes. The JSON of <c>create</c> holds the command line, which Linux limits to 2 MiB.</summary>
    private const int LongestStdout = 4 * 1024 * 1024;

    private int _warnings, _errors, _kept, _deleted;
    private string? _version;
    private bool _isOutOfSpace;

    /// <summary>Runs borg with these arguments to its end.</summary>
    /// <param name="timeout">How long it may take; null for no limit.</param>
    public BorgResult Run(IReadOnlyList<string> arguments, TimeSpan? timeout, bool selfTest)
    {
        messages.Debug($"running {configuration.Borg.Path} {string.Join(' ', arguments)}");
        var stdout = new BoundedBuffer(LongestStdout);
        var log = new LineSplitter(Read);
        var exit = ChildProcess.Run(
            new ChildCommand
            {
                Executable = configuration.Borg.Path,
                Arguments = arguments,
                Environment = BorgEnvironment.Of(configuration, environment, selfTest),
                Secret = configuration.Repository.Passphrase,
                Timeout = timeout,
                Grace = interruption.Grace,
            },
            interruption, stdout.Write, log.Write);
        log.Complete();
        if (_isOutOfSpace)
            messages.Error("borg found a disk full", BorgHints.DiskFull);
        // The 127 of a borg that is not there would count as one of borg's own warnings.
        var status = exit.StartFailure is null ? BorgExitStatuses.Of(exit.ReturnCode) : BorgExitStatus.Error;
        return new BorgResult(exit, status, stdout, _warnings, _errors)
        {
            Version = _version,
            KeptArchives = _kept,
            DeletedArchives = _deleted,
        };
    }

    private void Read(string text)
    {
        if (BorgLogLine.Parse(text) is not { } line)
            return;
        var message = line.Message ?? "";
        if (line.Name == BorgLogLine.VersionLogger)
            // The first is borg's own: what the repository's host says comes later, in the same form.
            _version ??= Version(message);
        if (line.Name == BorgLogLine.ListLogger)
            CountArchive(message);
        _isOutOfSpace |= line.Levelname != "INFO" && OutOfSpace().IsMatch(message);
        _warnings += line.IsWarning ? 1 : 0;
        _errors += line.IsError ? 1 : 0;

        var parts = message.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
            Show(line, $"borg: {parts[i].TrimEnd()}", i == parts.Length - 1 ? BorgHints.For(line.Msgid) : null);
    }

    /// <summary>It becomes a label for all to read, so it has to look like one.</summary>
    private string? Version(string message) =>
        messages.WithoutSecrets(message).Split(' ')[^1] is { Length: > 0 and <= 40 } word && char.IsAsciiDigit(word[0])
            && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '+' or '-')
            ? word
            : null;

    private void Show(BorgLogLine line, string text, string? hint)
    {
        if (line.IsError)
            messages.Error(text, hint);
        else if (line.IsWarning || line.Levelname is null)
            messages.Warning(text);
        else
            messages.Debug(text);
    }

    private void CountArchive(string message)
    {
        if (message.StartsWith("Keeping archive", StringComparison.Ordinal))
            _kept++;
        else if (message.StartsWith("Pruning archive", StringComparison.Ordinal))
            _deleted++;
    }

    // With the name of a file behind it, or without. A name that holds the same is in front, or quoted.
    [GeneratedRegex(@"\[Errno 28\] [^:'""]*(: '[^']*')?\z")]
    private static partial Regex OutOfSpace();
}
