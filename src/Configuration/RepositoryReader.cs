using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Posix;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[repository]</c>.</summary>
internal static partial class RepositoryReader
{
    /// <summary>In bytes: what every pipe takes at once.</summary>
    public const int LongestPassphrase = 4096;

    public static RepositorySettings Read(ConfigurationValues values, string file)
    {
        var sources = new[] { Schema.Passphrase, Schema.PassphraseFile, Schema.Passcommand }
            .Where(values.Has).ToList();
        foreach (var further in sources.Skip(1))
            values.Add(further,
                $"{sources[0].Name} is already set: use one of passphrase, passphrase_file, passcommand");

        // Where borg looks for it, in borg's order.
        var inherited = sources.Count == 0 ? values.Environment.GetValueOrDefault("BORG_PASSPHRASE") : null;
        var inheritedCommand = sources.Count == 0 && inherited is null
            ? values.Environment.GetValueOrDefault("BORG_PASSCOMMAND")
            : null;
        return new RepositorySettings(
            ReadLocation(values),
            Checked(values, sources.FirstOrDefault() ?? Schema.Passphrase,
                SecretReader.ReadInline(values, Schema.Passphrase, file)
                    ?? SecretReader.ReadFile(values, Schema.PassphraseFile)
                    ?? inherited),
            ReadPasscommand(values, inheritedCommand),
            SecretReader.ReadPath(values, Schema.IdentityFile),
            PathReader.ReadCommand(values, Schema.Rsh),
            values.Text(Schema.RemotePath),
            values.Get(Schema.RepositoryLockWait), values.Get(Schema.ConnectWait), values.Get(Schema.AppendOnly));
    }

    /// <summary>The words of the command, with the path of its executable.</summary>
    private static IReadOnlyList<string>? ReadPasscommand(ConfigurationValues values, string? inherited)
    {
        var key = Schema.Passcommand;
        var command = values.Has(key) ? PathReader.ReadCommand(values, key) : inherited;
        if (command is null || CommandWords.Split(command) is not { Count: > 0 } words)
            return null;
        if (ExecutableFile.Find(words[0], values.Environment.GetValueOrDefault("PATH")) is not { } path)
            values.Add(key, "its program was not found in PATH");
        else if (!Path.IsPathRooted(path))
            values.Add(key, "expected the absolute path of a program, or a name without '/'");
        else if (ExecutableFile.Examine(path, out var untrusted) is { } why)
            values.Add(key, $"its program {why}");
        else if (!values.Refuse(key, untrusted))
            return [path, .. words.Skip(1)];
        return null;
    }

    /// <summary>A passphrase that reaches borg by a pipe exactly as it is: borg takes line ends off.</summary>
    private static string? Checked(ConfigurationValues values, Key source, string? passphrase)
    {
        if (passphrase is null)
            return null;
        values.Secrets.Add(passphrase);
        if (Encoding.UTF8.GetByteCount(passphrase) > LongestPassphrase)
            values.Add(source, "the passphrase is longer than 4096 bytes");
        else if (passphrase.AsSpan().ContainsAny('\r', '\n', '\0'))
            values.Add(source, "the passphrase contains a line break");
        return passphrase;
    }

    private static string ReadLocation(ConfigurationValues values)
    {
        const string expected = "an absolute path or 'ssh://user@host:port/path'";
        var key = Schema.Location;
        if (values.Text(key) is not { } location)
        {
            if (!values.Has(key))
                values.Add(key, $"is missing, expected {expected}");
            return "";
        }
        if (PathOrSsh().IsMatch(location))
            return location;
        if (WithPassword().IsMatch(location))
            values.Add(key, $"expected {expected}, found a password in it",
                "use identity_file instead of a password");
        else if (location.Contains("::", StringComparison.Ordinal))
            values.Mismatch(key, expected, location,
                "the archive's name belongs in [backup] archive");
        else if (ScpStyle().Match(location) is { Success: true } scp)
            values.Mismatch(key, expected, location,
                $"write ssh://{scp.Groups["host"].Value}/{SshPath(scp.Groups["path"].Value)}");
        else
            values.Mismatch(key, expected, location, location[0] == '~' ? "write '${HOME}/…'" : null);
        return location;
    }

    /// <summary>The path of an ssh URL for one in scp's style, which is relative to the home directory.</summary>
    private static string SshPath(string path) => path switch
    {
        ['/', .. var absolute] => absolute,
        ['~', ..] => path,
        _ => $"./{path}",
    };

    // The '::' of an IPv6 address is none of an archive.
    [GeneratedRegex(@"\A(ssh://(?!-)([^@/:\s]+@(?!-))?(\[[0-9A-Fa-f:.]+\]|[^@/:\[\]\s]+)(:[0-9]{1,5})?)?/((?!::).)+\z")]
    private static partial Regex PathOrSsh();

    // Of any scheme or none, and with any character in the password.
    [GeneratedRegex(@"\A([^@/:]+://)?[^@/:]*:(?!//).*@")]
    private static partial Regex WithPassword();

    [GeneratedRegex(@"\A(?<host>[^/\s:]+):(?<path>(?!//)[^\s=]+)\z")]
    private static partial Regex ScpStyle();
}
