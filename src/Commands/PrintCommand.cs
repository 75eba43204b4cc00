using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator print</c>, and the other commands that only print.</summary>
internal static class PrintCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(string text, Messages messages)
    {
        if (Messages.Print(text))
            return ExitCodes.Success;
        messages.Error("the output is incomplete", "is the disk full?");
        return ExitCodes.InputOutput;
    }
}
