using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator show-config</c>.</summary>
internal static class ShowConfigCommand
{
    /// <param name="file">The configuration as the user named it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, string file, Messages messages) =>
        !result.IsValid ? ExitCodes.Configuration
        : PrintCommand.Run($"; {PlainText.OneLine(file)}, as in effect\n"
            + new EffectiveConfiguration(result.Configuration, messages.WithoutSecrets).Write(result.Values!),
            messages);
}
