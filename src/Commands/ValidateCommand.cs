using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Commands;

/// <summary><c>assimilator validate</c>.</summary>
internal static class ValidateCommand
{
    /// <param name="file">The configuration as the user named it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, string file, bool isOnline, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        context.Messages.Info($"{file} is valid");
        return isOnline ? new OnlineValidation(result.Configuration, context).Run() : ExitCodes.Success;
    }
}
