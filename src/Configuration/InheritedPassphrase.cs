using System.Globalization;
using Assimilator.Files;

namespace Assimilator.Configuration;

/// <summary>The passphrase where borg itself looks for it, in borg's order: it counts when <c>[repository]</c> names none.</summary>
internal static class InheritedPassphrase
{
    private const string Descriptor = "BORG_PASSPHRASE_FD";

    public static (string? Passphrase, string? Passcommand) Read(ConfigurationValues values)
    {
        var environment = values.Environment;
        if (environment.TryGetValue("BORG_PASSPHRASE", out var passphrase))
            return (passphrase, null);
        if (environment.TryGetValue("BORG_PASSCOMMAND", out var passcommand))
            return (null, passcommand);
        return (environment.TryGetValue(Descriptor, out var number) ? ReadDescriptor(values, number) : null, null);
    }

    /// <summary>A pipe can be read once, and there are three borgs.</summary>
    private static string? ReadDescriptor(ConfigurationValues values, string number)
    {
        var (text, failure, _) = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
            ? InheritedDescriptor.ReadToEnd(descriptor, RepositoryReader.LongestPassphrase)
            : new(null, "is no number");
        var passphrase = text?.TrimEnd('\r', '\n');
        if (string.IsNullOrEmpty(passphrase))
            values.Add(ConfigurationKeys.Passphrase, $"{Descriptor} of the environment {failure ?? "leads to nothing, expected a secret"}");
        return passphrase;
    }
}
