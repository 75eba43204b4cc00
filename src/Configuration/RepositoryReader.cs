using System.Text.RegularExpressions;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[repository]</c>.</summary>
internal static partial class RepositoryReader
{
    public static RepositorySettings Read(ConfigurationValues values, string file)
    {
        var sources = new[] { ConfigurationKeys.Passphrase, ConfigurationKeys.PassphraseFile, ConfigurationKeys.Passcommand }
            .Where(values.Has).ToList();
        if (sources.Count > 1)
            values.Add(sources[1], $"{sources[0].Name} is given already, expected one of passphrase, passphrase_file, passcommand");

        var passcommand = values.Text(ConfigurationKeys.Passcommand);
        if (passcommand is not null && CommandWords.Split(passcommand) is null)
            values.Add(ConfigurationKeys.Passcommand, "a quote is not closed, or a backslash ends the line");
        return new RepositorySettings(
            ReadLocation(values),
            SecretReader.ReadInline(values, ConfigurationKeys.Passphrase, file)
                ?? SecretReader.ReadFile(values, ConfigurationKeys.PassphraseFile),
            passcommand,
            PathReader.ReadExistingFile(values, ConfigurationKeys.IdentityFile),
            values.Text(ConfigurationKeys.Rsh),
            values.Text(ConfigurationKeys.RemotePath),
            values.Duration(ConfigurationKeys.LockWait, null) ?? TimeSpan.FromSeconds(600));
    }

    private static string ReadLocation(ConfigurationValues values)
    {
        const string expected = "expected an absolute path or 'ssh://user@host:port/path'";
        var key = ConfigurationKeys.Location;
        if (values.Text(key) is not { } location)
        {
            if (!values.Has(key))
                values.Add(key, $"is missing, {expected}");
            return "";
        }
        var found = $"{expected}, found '{PlainText.Excerpt(location)}'";
        if (location.Contains("::", StringComparison.Ordinal))
            values.Add(key, found, "the name of the archives is [backup] archive, not part of the location");
        else if (SshWithPassword().IsMatch(location))
            values.Add(key, $"{expected}, found a password in it", "ssh takes no password here; use identity_file");
        else if (ScpStyle().Match(location) is { Success: true } scp)
            values.Add(key, found, $"write ssh://{scp.Groups["host"].Value}/"
                + (scp.Groups["path"].Value is ['/', ..] ? scp.Groups["path"].Value[1..] : $"./{scp.Groups["path"].Value}"));
        else if (location[0] == '~')
            values.Add(key, found, "write '${HOME}/…'");
        else if (location[0] != '/' && !Ssh().IsMatch(location))
            values.Add(key, found);
        return location;
    }

    [GeneratedRegex(@"\Assh://([^@/:\s]+@)?(\[[0-9A-Fa-f:.]+\]|[^@/:\[\]\s]+)(:[0-9]{1,5})?/.+\z")]
    private static partial Regex Ssh();

    [GeneratedRegex(@"\Assh://[^@/:]*:[^@/]*@")]
    private static partial Regex SshWithPassword();

    [GeneratedRegex(@"\A(?<host>[^/\s:]+):(?<path>(?!//).+)\z")]
    private static partial Regex ScpStyle();
}
