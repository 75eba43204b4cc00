using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator validate</c>.</summary>
internal static class ValidateCommand
{
    /// <param name="file">The configuration as the user named it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, string file, Messages messages)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        messages.Info($"{file} is valid");
        return ExitCodes.Success;
    }
}
