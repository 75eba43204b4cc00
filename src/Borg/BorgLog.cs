using System.Globalization;
using System.Text.RegularExpressions;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>Reads what one borg process logs, shows it to people, and keeps the facts.</summary>
/// <param name="paths">The source paths.</param>
/// <param name="isPatient">It may be no problem if ssh cannot reach the host: what is said about the connection is held
/// back until that is known.</param>
/// <param name="borgCommand">Runs borg with the same repository, for hints.</param>
/// <param name="mostProblems">Of more errors and warnings than these, only the number is told.</param>
/// <param name="namesFiles">Shows the files that borg lists; otherwise only at level debug.</param>
/// <param name="progress">Gets what borg says of its progress.</param>
internal sealed partial class BorgLog(
    Messages messages, IReadOnlyList<string> paths, bool isPatient, string borgCommand,
    int mostProblems = int.MaxValue, bool namesFiles = true, StepProgress? progress = null)
{
    // What says that the repository could not be opened: no archive can have been written.
    private static readonly HashSet<string> NotOpened = new(StringComparer.Ordinal)
    {
        "Repository.DoesNotExist", "Repository.InvalidRepository", "Repository.InvalidRepositoryConfig",
        "PassphraseWrong", "NoPassphraseFailure", "PasscommandFailure", "LockTimeout", "LockErrorT",
        "Cache.RepositoryAccessAborted", "Cache.EncryptionMethodMismatch", "Cache.RepositoryReplay",
        "Archive.AlreadyExists", "NoManifestError", "KeyfileNotFoundError", "RepoKeyNotFoundError",
    };

    /// <summary>The status of a file that is not backed up.</summary>
    private const string Excluded = "x";

    private const int MostHidden = 10;

    /// <summary>On a full disk, borg complains about every file that it reads.</summary>
    private const int MostNoSpace = 3;

    private readonly List<string> _list = [];
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private readonly HashSet<int> _errorNumbers = [];
    private string? _messageId;
    private readonly List<HeldLine> _held = [];
    private readonly Queue<string> _hidden = new();
    private bool _isInTraceback;
    private int _problems, _noSpace, _leftOut;

    public int Warnings { get; private set; }
    public int Errors { get; private set; }
    public string? Version { get; private set; }

    /// <summary>The messages of <c>--list</c>.</summary>
    public IReadOnlyList<string> List => _list;

    /// <summary>How many files borg has listed, but for those that are excluded.</summary>
    public long Files { get; private set; }

    /// <summary>The source paths that borg could not read.</summary>
    public IReadOnlyList<string> UnreadPaths => [.. _unread];

    /// <summary>A check has come to the end of the repository.</summary>
    public bool HasCheckedAllSegments { get; private set; }

    /// <summary>The index of the repository was damaged. Borg makes a new one, and ends with 0.</summary>
    public bool HasRebuiltIndex { get; private set; }

    /// <summary>Where borg was to create a repository there is one.</summary>
    public bool HasFoundRepository => _messageId == "Repository.AlreadyExists";

    /// <summary>Borg said more than its version.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>What ssh said when it could not reach the host.</summary>
    public string? Unreachable { get; private set; }

    /// <summary>The directory whose lock could not be had in time, or null.</summary>
    public string? LockedDirectory { get; private set; }

    public bool IsOutOfSpace => _errorNumbers.Contains(BorgHints.NoSpace) || _messageId == BorgHints.InsufficientSpace;

    /// <summary>The connection ended; ssh's own words may have been lost with it.</summary>
    public bool IsConnectionClosed => _messageId is "ConnectionClosed" or "ConnectionClosedWithHint"
        or "ConnectionBrokenWithHint";

    /// <summary>The cause of an error, where it decides what is tried next.</summary>
    public BorgFailure? Failure => IsConnectionClosed && Unreachable is not null ? BorgFailure.Unreachable
        : IsOutOfSpace ? BorgFailure.OutOfSpace
        : _messageId is not null && NotOpened.Contains(_messageId) ? BorgFailure.NotOpened
        : IsConnectionClosed ? BorgFailure.Disconnected
        : null;

    /// <summary>What to do about an error whose messages had no hint of their own; null if that is not known.</summary>
    public string? Hint(int returnCode) =>
        _messageId is not null && BorgHints.For(_messageId, borgCommand) is not null ? null
        : BorgHints.For(returnCode, borgCommand)
            ?? _errorNumbers.Select(BorgHints.ForErrorNumber).FirstOrDefault(hint => hint is not null);

    /// <summary>Shows what was held back, and how much was left out.</summary>
    /// <param name="askSsh">Asks ssh why it cannot connect, null if it can: borg often ends before it has read
    /// that.</param>
    public void ShowHeld(Func<string?> askSsh)
    {
        var why = IsConnectionClosed ? Unreachable ?? askSsh() : null;
        if (why is not null)
            messages.Error($"no connection to the repository's host: {why}", BorgHints.For(_messageId, borgCommand));
        foreach (var (line, text, hint) in _held)
        {
            if (why is not null && line.IsError)
                ShowHidden(text);
            else
                ShowProblem(line, text, hint);
        }
        if (_leftOut > 0)
            messages.Warning($"borg: {Quantities.Count(_leftOut, "more line")} like these",
                "[logging] level = debug shows all of them");
    }

    /// <summary>Shows the last of what is shown only at level debug: for a failure that borg did not explain.</summary>
    public void ShowLastHidden()
    {
        if (!messages.ShowsDebug)
            foreach (var text in _hidden)
                messages.Say(LogLevel.Warning, $"borg's last lines: {text}");
    }

    private void ShowHidden(string text)
    {
        messages.Debug($"borg: {text}");
        if (_hidden.Count == MostHidden)
            _hidden.Dequeue();
        _hidden.Enqueue(text);
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (BorgLogLine.Parse(bytes) is not { } line)
            return;
        if (line.IsProgress)
        {
            HasSpoken = true;
            progress?.Take(line);
        }
        else if (line.IsFileStatus)
        {
            HasSpoken = true;
            Files += line.Status != Excluded ? 1 : 0;
            // There may be millions.
            if (messages.ShowsInfo || !namesFiles)
                Show(line);
        }
        else
        {
            ReadMessage(line);
        }
    }

    private void ReadMessage(BorgLogLine line)
    {
        var message = line.Text;
        // The first version is borg's own: what the repository's host says comes later, in the same form.
        if (line.Name == BorgLogLine.VersionLogger)
            Version ??= BorgDialect.VersionIn(messages.WithoutSecrets(message));
        else
            HasSpoken = true;
        if (line.Name == BorgLogLine.ListLogger)
            _list.Add(message);
        // Of borg 1, of the first betas of borg 2, and of the later ones.
        HasCheckedAllSegments |= message.StartsWith("finished segment check", StringComparison.OrdinalIgnoreCase)
            || message is "Finished repository check." or "Finished checking packs.";
        HasRebuiltIndex |= line.IsWarning
            && message.StartsWith("Repository index missing or corrupted", StringComparison.Ordinal);
        Warnings += line.IsWarning ? 1 : 0;
        Errors += line.IsError ? 1 : 0;
        if (line.IsError)
            _messageId = line.Msgid ?? _messageId;
        if (line.Msgid == "LockTimeout" && LockFile().Match(message) is { Success: true } locked)
            LockedDirectory = locked.Groups[1].Value;
        if (line.Levelname is not ("INFO" or "DEBUG"))
            FindCause(line, message);
        Show(line);
    }

    private void FindCause(BorgLogLine line, string message)
    {
        foreach (Match match in ErrorNumber().Matches(message))
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            _errorNumbers.Add(number);
            if (line.IsWarning && number != BorgHints.NoSpace)
                _unread.UnionWith(paths.Where(path => message.StartsWith($"{path}: ", StringComparison.Ordinal)));
        }
        Unreachable ??= NetworkFailureIn(message);
    }

    /// <summary>What ssh says when it cannot reach a host; null in any other text.</summary>
    public static string? NetworkFailureIn(string text) =>
        NetworkFailure().Match(text) is { Success: true } failure ? failure.Value : null;

    private void Show(BorgLogLine line)
    {
        var parts = line.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var cause = Array.FindIndex(parts, part => part.TrimEnd().EndsWith(TracebackStart, StringComparison.Ordinal));
        if (cause >= 0 && parts.Length > 1)
        {
            // The last line of a traceback is its cause; what follows describes the host.
            cause = Array.FindIndex(parts, cause + 1, part => !char.IsWhiteSpace(part[0]));
            foreach (var part in parts)
                ShowHidden(part.TrimEnd());
            parts = [$"{(parts[0].Contains(TracebackStart, StringComparison.Ordinal) ? "" : $"{parts[0].TrimEnd()}: ")}"
                + $"{parts[cause < 0 ? ^1 : cause]}"];
        }
        for (var i = 0; i < parts.Length; i++)
            ShowLine(line, parts[i].TrimEnd(), i == parts.Length - 1 ? BorgHints.For(line.Msgid, borgCommand) : null);
    }

    private void ShowLine(BorgLogLine line, string text, string? hint)
    {
        // The cause follows, at the end of a traceback, or is told by another message.
        if (IsInTraceback(line, text) || text is "Local Exception" or "Remote Exception" || IsNoise(text))
            ShowHidden(text);
        else if ((IsConnectionClosed && line.IsError) || (isPatient && (Unreachable is not null || IsConnectionClosed)))
            _held.Add(new(line, text, hint));
        else
            ShowProblem(line, text, hint);
    }

    private void ShowProblem(BorgLogLine line, string text, string? hint)
    {
        var isProblem = line.IsError || line.IsWarning || line.Levelname is null;
        if (isProblem && (++_problems > mostProblems || (IsNoSpace(text) && ++_noSpace > MostNoSpace)))
        {
            _leftOut++;
            ShowHidden(text);
        }
        else if (line.IsError && HasFoundRepository)
            ShowHidden(text);
        else if (line.IsError)
            messages.Error($"borg: {text}", hint ?? (IncompleteCache().Match(text) is { Success: true } cache
                ? BorgHints.IncompleteCache(cache.Groups[1].Value) : null));
        else if (isProblem)
            messages.Warning($"borg: {text}");
        else if (line.IsFileStatus && namesFiles)
            messages.Info($"borg: {text}");
        else if (line.Name == BorgLogLine.VersionLogger)
            messages.Debug($"borg: {text}");
        else
            ShowHidden(text);
    }

    private static bool IsNoSpace(string text) =>
        text.Contains($"[Errno {BorgHints.NoSpace}]", StringComparison.Ordinal);

    /// <summary>True for the lines of a traceback that was not logged but printed, up to its cause.</summary>
    private bool IsInTraceback(BorgLogLine line, string text)
    {
        if (line.Levelname is not null)
            return false;
        var own = text.StartsWith(RemotePrefix, StringComparison.Ordinal) ? text[RemotePrefix.Length..] : text;
        if (own.StartsWith(TracebackStart, StringComparison.Ordinal))
            return _isInTraceback = true;
        _isInTraceback &= own.StartsWith(' ');
        return _isInTraceback;
    }

    /// <summary>Python complains that nobody can be asked for a passphrase; borg's locks clear up after a borg that was
    /// killed.</summary>
    private static bool IsNoise(string text) => text.Contains("GetPassWarning", StringComparison.Ordinal)
        || text.StartsWith("Warning: Password input may be echoed", StringComparison.Ordinal)
        || text.StartsWith("Killed stale lock ", StringComparison.Ordinal)
        || text.StartsWith("Removed stale ", StringComparison.Ordinal);

    private sealed record HeldLine(BorgLogLine Line, string Text, string? Hint);

    private const string TracebackStart = "Traceback (most recent call last):", RemotePrefix = "Remote: ";

    // With the name of a file behind it, or without. A name that looks the same is in front, or quoted.
    [GeneratedRegex(@"\[Errno (\d{1,3})\] [^:'""]*(?=: '|\n|\z)")]
    private static partial Regex ErrorNumber();

    // Of a borg that was killed while it made its cache.
    [GeneratedRegex(@"No such file or directory: '(/.*/[0-9a-f]{64})/config'")]
    private static partial Regex IncompleteCache();

    [GeneratedRegex(@"the lock (/.*)/lock\.exclusive ")]
    private static partial Regex LockFile();

    // As ssh prints them, whatever the language: these are not translated.
    [GeneratedRegex(@"ssh: (connect to host .* port \d+: (Connection refused|Connection timed out|No route to host"
        + @"|Network is unreachable|Host is down)|Could not resolve hostname .*)")]
    private static partial Regex NetworkFailure();
}
