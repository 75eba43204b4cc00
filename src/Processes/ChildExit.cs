using System.Globalization;
using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Processes;

/// <summary>How a child ended.</summary>
/// <param name="ReturnCode">The exit code; 128 + N if signal N killed it; as a shell has it, 126 or 127 if it could not
/// be started.</param>
/// <param name="Duration">From start to exit, by the monotonic clock.</param>
internal sealed record ChildExit(int ReturnCode, TimeSpan Duration)
{
    /// <summary>The signal that killed the child, if one did.</summary>
    public int? Signal { get; init; }

    /// <summary>The limit at which we ended the child, if we did.</summary>
    public TimeSpan? TimedOutAfter { get; init; }

    /// <summary>Whether a signal or a timeout of ours was to end the child.</summary>
    public bool WasToldToEnd { get; init; }

    /// <summary>Why the child could not be started, if it could not.</summary>
    public string? StartFailure { get; init; }

    /// <summary>The child is still there: the kernel or another user's rights keep it from being killed.</summary>
    public bool IsLeftBehind { get; init; }

    /// <param name="errorNumber">Of posix_spawn(3) or execve(2).</param>
    public static ChildExit NotStarted(int errorNumber) => new(errorNumber == LibC.NoEntry ? 127 : 126, TimeSpan.Zero)
    {
        StartFailure = errorNumber == LibC.NotExecutableFormat
            ? "not a program for this machine, or a script without a '#!' line"
            : LibC.ErrorText(errorNumber),
    };

    /// <summary>It ended by itself, with 0: a child that was cut short has not done its work, whatever it
    /// returns.</summary>
    public bool IsGood => this is { ReturnCode: 0, WasToldToEnd: false, TimedOutAfter: null };

    /// <summary>How it ended, to stand behind its name in a message.</summary>
    public string Describe() => this switch
    {
        { StartFailure: { } reason } => $"could not be started: {reason}",
        { IsLeftBehind: true } => "could not be killed: left running",
        { TimedOutAfter: { } limit } => $"timed out after {Quantities.Duration(limit)}",
        { Signal: { } signal } => string.Create(CultureInfo.InvariantCulture, $"was killed by signal {signal}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exited with code {ReturnCode}"),
    };
}
