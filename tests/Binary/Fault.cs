using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>A step of a run in which a fault can be injected.</summary>
public enum RunStep
{
    Preexec,
    Create,
    Prune,
    Compact,
    Postexec,
}

/// <summary>Something that a child process does wrong.</summary>
/// <param name="Name">As README has it.</param>
/// <param name="Body">Shell lines; <c>$JSON</c> is what borg prints on success, <c>$MARK</c> a word by which to find processes
/// left behind.</param>
/// <param name="ReturnCode">What is reported of the child.</param>
public sealed record Fault(string Name, string Body, int ReturnCode)
{
    /// <summary>Whether it prints borg's JSON, so that a warning stands for an archive.</summary>
    public bool PrintsJson { get; init; }

    /// <summary>Whether it must be ended by a timeout.</summary>
    public bool TimesOut { get; init; }

    /// <summary>Whether what it prints is not JSON, which after a success wants attention.</summary>
    public bool BreaksJson { get; init; }

    /// <summary>Whether nobody can tell from its output what prune deleted.</summary>
    public bool HidesList { get; init; }

    /// <summary>Whether it leaves a process behind on purpose.</summary>
    public bool LeavesDaemon { get; init; }

    /// <summary>The steps in which it makes sense.</summary>
    public IReadOnlyList<RunStep> Steps { get; init; } = Enum.GetValues<RunStep>();

    /// <summary>The row of README's table that it belongs to.</summary>
    public required string Group { get; init; }

    public override string ToString() => Name;

    private static readonly (string Name, int Number)[] Signals =
        [("TERM", 15), ("KILL", 9)];

    /// <summary>Every fault of the matrix.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("exits with 0", "echo \"$JSON\"", 0) { Group = "succeeds", PrintsJson = true },
        new("is slow", "sleep 0.3; echo \"$JSON\"", 0) { Group = "succeeds", PrintsJson = true },
        .. Exits("exits with 1 or 100 to 127", 1, 107),
        .. Exits("exits with 2 to 99 or 128 and above", 2, 255),
        .. Exits("exits with 75", 75),
        .. new[] { 1, 2 }.Select(code => new Fault($"exits with {code} and prints nothing", $"exit {code}", code)
        {
            Group = "exits with 1 or above and prints no JSON",
            Steps = [RunStep.Create],
        }),
        .. Signals.Select(signal => new Fault($"is killed by {signal.Name}", $"echo \"$JSON\"; kill -{signal.Name} $$", 128 + signal.Number)
        {
            Group = "is killed by a signal",
            PrintsJson = true,
        }),
        Hangs("hangs", "sleep 1000", 143),
        Hangs("hangs and ignores TERM", "trap '' TERM; while :; do sleep 0.05; done", 137),
        Hangs("hangs with children in sessions of their own",
            "setsid sh -c 'sleep 1000; : $MARK' & sh -c 'trap \"\" TERM; sleep 1000; : $MARK'", 143),
        Hangs("writes endlessly to standard output", "exec cat /dev/zero", 143),
        Hangs("writes endlessly to standard error", "exec cat /dev/zero >&2", 143),
        new("closes its standard error", "exec 2>&-; echo \"$JSON\"", 0) { Group = "succeeds", PrintsJson = true },
        new("leaves a daemon that holds its pipes", "sleep 1000 & echo $! > \"$DAEMON\"; echo \"$JSON\"", 0)
        {
            Group = "leaves a daemon that holds its output open",
            PrintsJson = true,
            LeavesDaemon = true,
        },
        Unreadable("closes its standard output", "exec >&-; sleep 0.1"),
        Unreadable("closes both and goes on", "exec >&- 2>&-; sleep 0.3"),
        Unreadable("prints half a JSON object", "echo \"$JSON\" | head -c 100"),
        Unreadable("prints two JSON objects", "echo \"$JSON\"; echo \"$JSON\""),
        Unreadable("prints JSON of other types", "echo '{\"archive\": {\"stats\": {\"nfiles\": \"many\"}}}'"),
        Unreadable("prints what is no text", "head -c 5000 /dev/urandom; head -c 5000 /dev/urandom >&2"),
        new("prints another list", $"echo '{TestBackup.StandInList}' | sed 's/Keeping/Minding/' >&2", 0)
        {
            Group = "succeeds and prints a list that cannot be read",
            HidesList = true,
            Steps = [RunStep.Prune],
        },
        new("prints JSON without fields", "echo '{\"archive\": {}}'", 0) { Group = "succeeds and prints JSON without some fields" },
    ];

    private static IEnumerable<Fault> Exits(string group, params int[] codes) => codes.Select(code =>
        new Fault($"exits with {code}", $"echo \"$JSON\"; exit {code}", code) { Group = group, PrintsJson = true });

    private static Fault Hangs(string name, string body, int returnCode) => new(name, body, returnCode)
    {
        Group = "hangs or writes endlessly, and has a timeout",
        TimesOut = true,
    };

    private static Fault Unreadable(string name, string body) => new(name, body, 0)
    {
        Group = "succeeds and prints what is not JSON",
        BreaksJson = true,
    };
}
