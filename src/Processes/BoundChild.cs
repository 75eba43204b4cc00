using System.Collections;
using System.Globalization;
using Assimilator.Posix;

namespace Assimilator.Processes;

/// <summary>A child that the kernel ends when this process is gone, even by SIGKILL. Only the child itself can ask for
/// that, so this executable is started again, asks, and becomes the program.</summary>
internal static class BoundChild
{
    private const string Argument = "--bound-to";
    private const string Self = "/proc/self/exe";

    /// <summary>The same command, bound to this process; without <c>/proc</c>, it is not bound.</summary>
    public static ChildCommand Of(ChildCommand command) => !File.Exists(Self) ? command : command with
    {
        Executable = Self,
        Arguments =
        [
            Argument, Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            command.Executable, .. command.Arguments,
        ],
    };

    /// <summary>True for the arguments of such a child.</summary>
    public static bool IsMeant(IReadOnlyList<string> arguments) => arguments is [Argument, _, _, ..];

    /// <summary>Becomes the program.</summary>
    /// <returns>The exit code, if that fails.</returns>
    public static int Become(IReadOnlyList<string> arguments)
    {
        LibC.EndWithParent();
        // It may have died before.
        if (LibC.ParentProcessId().ToString(CultureInfo.InvariantCulture) != arguments[1])
            return 128 + LibC.SigTerm;
        var error = Spawn.Replace(new ChildCommand
        {
            Executable = arguments[2],
            Arguments = [.. arguments.Skip(3)],
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
                variable => (string)variable.Key, variable => (string?)variable.Value ?? ""),
            Grace = TimeSpan.Zero,
        });
        return ChildExit.NotStarted(error).ReturnCode;
    }
}
