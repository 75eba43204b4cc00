using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Posix;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[repository]</c>, or each <c>[repository.NAME]</c>.</summary>
internal static partial class RepositoryReader
{
    /// <summary>In bytes: what every pipe takes at once.</summary>
    public const int LongestPassphrase = 4096;

    private static readonly Key[] PassphraseSources =
        [Schema.Passphrase, Schema.PassphraseFile, Schema.Passcommand];

    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<RepositorySettings> Read(
        ConfigurationValues values, string file, BackupSettings backup)
    {
        var prefix = $"{Schema.Location.Section}.";
        var names = values.Sections.Keys.Where(section => section.StartsWith(prefix, StringComparison.Ordinal))
            .Select(section => section[prefix.Length..]).ToList();
        foreach (var wrong in names.Where(name => !RepositoryName().IsMatch(name)))
            values.For(wrong).Add(Schema.Location.Section,
                "expected [repository.NAME] with a name of letters, digits, '-' and '_'");
        if (names.Count == 0)
            return WithInterval(values, [Read(values, file, backup, null)]);
        if (values.Has(Schema.Location))
            values.Add(Schema.Location, "is only the default of the [repository.NAME] sections, and no repository",
                "move it to a section of its own, such as [repository.main]");
        IReadOnlyList<RepositorySettings> repositories =
            [.. names.Select(name => Read(values.For(name), file, backup, name))];
        foreach (var (place, repository) in repositories.Index())
            RefuseSame(values.For(repository.Name!), repository, repositories.Take(place));
        var retention = $"{Schema.GlobArchives.Section}.";
        foreach (var (section, place) in values.Sections.Where(
            section => section.Key.StartsWith(retention, StringComparison.Ordinal)
                && !names.Contains(section.Key[retention.Length..])))
            values.Add(new(place.Line, section, null, "there is no repository with that name",
                $"known: {string.Join(", ", names)}")
            { File = place.File });
        return WithInterval(values, repositories);
    }

    private static IReadOnlyList<RepositorySettings> WithInterval(
        ConfigurationValues values, IReadOnlyList<RepositorySettings> repositories)
    {
        // One that is set and wrong is a problem already.
        if (repositories.Any(repository => repository.Interval is null
                && !(repository.Name is { } name ? values.For(name) : values).Has(Schema.Interval))
            && (values.HasSection("pushgateway") || values.HasSection("textfile")))
            values.Warn(Schema.Interval, "is not set, so the alerts cannot notice an overdue backup",
                "for a daily backup: interval = 24h");
        return repositories;
    }

    private static void RefuseSame(
        ConfigurationValues values, RepositorySettings repository, IEnumerable<RepositorySettings> earlier)
    {
        foreach (var other in earlier)
        {
            if (other.Location == repository.Location && repository.Location.Length > 0)
                values.Add(Schema.Location, $"is also that of [repository.{other.Name}]");
            if (other.Name!.Replace('-', '_') == repository.Name!.Replace('-', '_'))
                values.Add(Schema.Location.Section, $"clashes with [repository.{other.Name}]");
        }
    }

    private static RepositorySettings Read(
        ConfigurationValues values, string file, BackupSettings backup, string? name)
    {
        var sources = PassphraseSources.Where(values.HasOwn).ToList();
        if (sources.Count == 0)
            sources = [.. PassphraseSources.Where(values.Has)];
        foreach (var further in sources.Skip(1))
            values.Add(further,
                $"{sources[0].Name} is already set: use one of passphrase, passphrase_file, passcommand");

        // Where borg looks for it, in borg's order.
        var inherited = sources.Count == 0 ? values.Environment.GetValueOrDefault("BORG_PASSPHRASE") : null;
        var inheritedCommand = sources.Count == 0 && inherited is null
            ? values.Environment.GetValueOrDefault("BORG_PASSCOMMAND")
            : null;
        return new RepositorySettings
        {
            Name = name,
            Location = ReadLocation(values),
            Archive = backup.Archive,
            Passphrase = Checked(values, sources.FirstOrDefault() ?? Schema.Passphrase,
                (sources.Contains(Schema.Passphrase) ? SecretReader.ReadInline(values, Schema.Passphrase, file) : null)
                    ?? (sources.Contains(Schema.PassphraseFile)
                        ? SecretReader.ReadFile(values, Schema.PassphraseFile) : null)
                    ?? inherited),
            Passcommand = sources.Contains(Schema.Passcommand) || inheritedCommand is not null
                ? ReadPasscommand(values, inheritedCommand) : null,
            IdentityFile = SecretReader.ReadPath(values, Schema.IdentityFile),
            Rsh = PathReader.ReadCommand(values, Schema.Rsh),
            RemotePath = values.Text(Schema.RemotePath),
            LockWait = values.Get(Schema.RepositoryLockWait),
            ConnectWait = values.Get(Schema.ConnectWait),
            AppendOnly = values.Get(Schema.AppendOnly),
            SharesConnection = values.Get(Schema.ShareConnection),
            MayBeAbsent = values.Get(Schema.MayBeAbsent),
            Interval = values.Get(Schema.RepositoryInterval) ?? backup.Interval,
            Retention = RetentionReader.Read(values, backup.Archive),
        };
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

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,40}\z")]
    private static partial Regex RepositoryName();

    // The '::' of an IPv6 address is none of an archive.
    [GeneratedRegex(@"\A(ssh://(?!-)([^@/:\s]+@(?!-))?(\[[0-9A-Fa-f:.]+\]|[^@/:\[\]\s]+)(:[0-9]{1,5})?)?/((?!::).)+\z")]
    private static partial Regex PathOrSsh();

    // Of any scheme or none, and with any character in the password.
    [GeneratedRegex(@"\A([^@/:]+://)?[^@/:]*:(?!//).*@")]
    private static partial Regex WithPassword();

    [GeneratedRegex(@"\A(?<host>[A-Za-z0-9._@-]+):(?<path>(?!//)[A-Za-z0-9._~/-]+)\z")]
    private static partial Regex ScpStyle();
}
