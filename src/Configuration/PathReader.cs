using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads what to back up, and every other value that is a path.</summary>
internal static class PathReader
{
    private const string AbsoluteExpected = "expected an absolute path";
    private const string AbsoluteHint = "cron and systemd use another working directory; "
        + "write the path from '/', or '${HOME}/…'";

    /// <summary>What to back up. None at all is a problem, unless the patterns have roots of their own, or there are
    /// streams.</summary>
    public static IReadOnlyList<string> ReadPaths(ConfigurationValues values)
    {
        var paths = values.List(Schema.Paths);
        foreach (var (entry, path) in paths.Where(item => !Path.IsPathRooted(item.Value)))
            values.Add(entry, $"{AbsoluteExpected}, found '{PlainText.Excerpt(path)}'", AbsoluteHint);
        // Borg takes a path as it is written.
        foreach (var (entry, path) in paths.Where(item =>
            item.Value.AsSpan().ContainsAny('*', '?', '[') && !Path.Exists(item.Value)))
            values.Add(entry, $"wildcards are not expanded here, found '{PlainText.Excerpt(path)}'",
                "list the directory above it, and choose with [patterns]: '+ /home/*/docs', then '- /home/*/*'");
        if (!HasSources(values) && !values.HasSection(Schema.Streams.Name))
            values.Add("paths", "expected at least one path, such as 'etc = /etc'");
        return [.. paths.Select(item => item.Value)];
    }

    /// <summary>True if there are paths, or roots in the patterns.</summary>
    public static bool HasSources(ConfigurationValues values) =>
        values.Entries(Schema.Paths).Count > 0 || values.Entries(Schema.Patterns).Any(IsRoot);

    public static IReadOnlyList<string> ReadPatterns(ConfigurationValues values)
    {
        var patterns = values.List(Schema.Patterns);
        foreach (var (entry, pattern) in patterns.Where(item =>
            !"RrPp+-!".Contains(item.Value[0], StringComparison.Ordinal)))
            values.Add(entry, "expected a pattern that begins with '+', '-', '!', 'R' or 'P', "
                + $"found '{PlainText.Excerpt(pattern)}'", "see 'borg help patterns'");
        return [.. patterns.Select(item => item.Value)];
    }

    /// <summary>An absolute path, or null if the key is not there or its value is something else.</summary>
    public static string? ReadAbsolute(ConfigurationValues values, Key key)
    {
        if (values.Text(key) is not { } path)
            return null;
        if (Path.IsPathRooted(path))
            return path;
        // What is no path may be the secret itself, given to passphrase_file in place of passphrase.
        values.Add(key, Schema.MayHoldSecret(key.Section) ? AbsoluteExpected
            : $"{AbsoluteExpected}, found '{PlainText.Excerpt(path)}'", AbsoluteHint);
        return null;
    }

    /// <summary>The absolute path of a file that is there and that nobody else can change; what is wrong with it
    /// becomes a problem.</summary>
    public static string? ReadExistingFile(ConfigurationValues values, Key key)
    {
        if (ReadAbsolute(values, key) is not { } path)
            return null;
        var status = LibC.StatusOf(path);
        if (values.Refuse(key, FileTrust.Of(path, status)))
            return null;
        if (status is { IsRegularFile: true })
            return path;
        values.Add(key, $"{Shown(key, path)} " + (Directory.Exists(path) ? "is a directory, expected a file"
            : File.Exists(path) ? "is a pipe or device, expected a file"
            : LibC.WhyNothingIsAt(path)));
        return null;
    }

    /// <summary>A path as messages show it. Some secrets begin with a slash, but few of them with an existing
    /// directory.</summary>
    public static string Shown(Key key, string path) =>
        !Schema.MayHoldSecret(key.Section) || Path.Exists($"/{path.TrimStart('/').Split('/')[0]}")
            ? PlainText.Excerpt(path, 200)
            : "the path (not shown, it could be a secret)";

    /// <summary>A command that borg splits into words.</summary>
    public static string? ReadCommand(ConfigurationValues values, Key key)
    {
        var command = values.Text(key);
        if (command is not null && CommandWords.Split(command) is null)
            values.Add(key, CommandWords.Unclosed);
        return command;
    }

    private static bool IsRoot(IniEntry pattern) => pattern.Value.StartsWith("R ", StringComparison.OrdinalIgnoreCase);
}
