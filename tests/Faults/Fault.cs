namespace Assimilator.Tests.Faults;

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

    /// <summary>Whether it leaves a process behind on purpose.</summary>
    public bool LeavesDaemon { get; init; }

    /// <summary>The steps in which it makes sense.</summary>
    public IReadOnlyList<RunStep> Steps { get; init; } = Enum.GetValues<RunStep>();

    public override string ToString() => Name;

    private static readonly int[] ExitCodes =
        [1, 2, 3, 30, 52, 73, 75, 99, 100, 101, 102, 103, 104, 105, 106, 107, 127, 128, 255];

    private static readonly (string Name, int Number)[] Signals =
        [("TERM", 15), ("INT", 2), ("HUP", 1), ("KILL", 9), ("SEGV", 11)];

    /// <summary>Every fault of the matrix.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("exits with 0", "echo \"$JSON\"", 0) { PrintsJson = true },
        .. ExitCodes.Select(code => new Fault($"exits with {code}", $"echo \"$JSON\"; exit {code}", code) { PrintsJson = true }),
        .. ExitCodes.Where(code => code is 1 or 2 or 107 or 127).Select(code =>
            new Fault($"exits with {code} and prints nothing", $"exit {code}", code) { Steps = [RunStep.Create] }),
        .. Signals.Select(signal => new Fault($"is killed by {signal.Name}", $"echo \"$JSON\"; kill -{signal.Name} $$", 128 + signal.Number)
        {
            PrintsJson = true,
        }),
        new("hangs", "sleep 1000", 143) { TimesOut = true },
        new("hangs and ignores TERM", "trap '' TERM; while :; do sleep 0.05; done", 137) { TimesOut = true },
        new("hangs with children in sessions of their own", "setsid sh -c 'sleep 1000; : $MARK' & sh -c 'trap \"\" TERM; sleep 1000; : $MARK'", 143)
        {
            TimesOut = true,
        },
        new("is slow", "sleep 0.3; echo \"$JSON\"", 0) { PrintsJson = true },
        new("closes its standard output", "exec >&-; sleep 0.1", 0) { BreaksJson = true },
        new("closes its standard error", "exec 2>&-; echo \"$JSON\"", 0) { PrintsJson = true },
        new("closes both and goes on", "exec >&- 2>&-; sleep 0.3", 0) { BreaksJson = true },
        new("writes endlessly to standard output", "exec cat /dev/zero", 143) { TimesOut = true },
        new("writes endlessly to standard error", "exec cat /dev/zero >&2", 143) { TimesOut = true },
        new("leaves a daemon that holds its pipes", "sleep 1000 & echo $! > \"$DAEMON\"; echo \"$JSON\"", 0)
        {
            PrintsJson = true,
            LeavesDaemon = true,
        },
        new("prints half a JSON object", "echo \"$JSON\" | head -c 100", 0) { BreaksJson = true },
        new("prints two JSON objects", "echo \"$JSON\"; echo \"$JSON\"", 0) { BreaksJson = true },
        new("prints JSON of other types", "echo '{\"archive\": {\"stats\": {\"nfiles\": \"many\"}}}'", 0) { BreaksJson = true },
        new("prints JSON without fields", "echo '{\"archive\": {}}'", 0),
        new("prints what is no text", "head -c 5000 /dev/urandom; head -c 5000 /dev/urandom >&2", 0) { BreaksJson = true },
    ];
}
