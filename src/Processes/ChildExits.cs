using System.Globalization;
using Assimilator.Terminal;

namespace Assimilator.Processes;

internal static class ChildExits
{
    /// <summary>How a child ended, to stand behind its name in a message.</summary>
    public static string Describe(ChildExit exit) => exit switch
    {
        { StartFailure: { } reason } => $"could not be started: {reason}",
        { TimedOutAfter: { } limit } => $"timed out after {Quantities.Duration(limit)}",
        { Signal: { } signal } => string.Create(CultureInfo.InvariantCulture, $"was killed by signal {signal}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exit.ReturnCode}"),
    };
}
