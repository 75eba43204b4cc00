using Assimilator.Commands;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        LibC.OccupyStandardDescriptors();
        if (BoundChild.IsMeant(arguments))
            return BoundChild.Become(arguments);
        if (Completion.IsMeant(arguments))
            return Completion.Run(arguments);
        return Guarded(new MessageStyle(), messages => Run(arguments, messages));
    }

    private static int Guarded(MessageStyle style, Func<Messages, int> run)
    {
        using var messages = new Messages(LogLevel.Info, syslog: null, style);
        try
        {
            return run(messages);
        }
        catch (Exception exception)
        {
            messages.Unexpected(exception);
            return ExitCodes.NoArchive;
        }
    }

    private static int Run(string[] arguments, Messages messages)
    {
        if (CommandLine.Parse(arguments, out var problem) is not { } commandLine)
        {
            messages.Show(problem! with { Hint = problem.Hint ?? "try: assimilator --help" });
            return ExitCodes.Usage;
        }
        return commandLine.Command switch
        {
            Command.Help => PrintCommand.Run(commandLine.HelpText, messages),
            Command.Version => PrintCommand.Run($"assimilator {ProgramVersion.WithCommit}\n", messages),
            Command.Print => PrintCommand.Run(commandLine.Printed!.Text(), messages),
            _ => Guarded(commandLine.MessageStyle, early => ConfiguredCommand.Run(commandLine, early)),
        };
    }
}
