using Assimilator.Posix;

namespace Assimilator.Configuration;

/// <summary>Reads secrets, from the configuration itself or from files of their own. None of its messages shows
/// one.</summary>
internal static class SecretReader
{
    /// <summary>Far above any passphrase or token.</summary>
    private const int LongestSecret = 64 * 1024;

    /// <summary>A secret that stands in the configuration, which others must then not be able to read.</summary>
    public static string? ReadInline(ConfigurationValues values, Key key, string file)
    {
        var secret = values.Text(key);
        if (secret is not null)
            RefuseReaders(values, key, file, "move the secret to its own file");
        return secret;
    }

    /// <summary>Others must not be able to read a configuration that contains a secret.</summary>
    public static void RefuseReaders(ConfigurationValues values, Key key, string file, string orElse)
    {
        file = values.FileOf(key) ?? file;
        if (!values.NamesVariable(key) && LibC.StatusOf(file) is { } status
            && FileTrust.OfSecret(file, status, Credentials(values)) is { } open)
            values.Add(key, $"contains a secret, but {file} {open.Problem}", $"{open.Hint}, or {orElse}");
    }

    /// <summary>The content of a file that holds one secret, without the line feed at its end.</summary>
    public static string? ReadFile(ConfigurationValues values, Key key)
    {
        if (ReadText(values, key) is not var (path, text))
            return null;
        var secret = text.TrimEnd('\r', '\n');
        values.Secrets.Add(secret);
        if (secret.Length == 0)
            values.Add(key, $"{path} is empty, expected a secret");
        else if (secret.Contains('\n', StringComparison.Ordinal))
            values.Add(key, $"{path} has several lines, expected only the secret");
        else
            return secret;
        return null;
    }

    /// <summary>A file that holds a secret, and its text as it stands there.</summary>
    public static (string Path, string Text)? ReadText(ConfigurationValues values, Key key)
    {
        if (PathReader.ReadAbsolute(values, key) is not { } path)
            return null;
        var file = TextFile.Read(path, LongestSecret);
        if (IsRefused(values, key, path, file.Status))
            return null;
        if (file.Text is { } text)
            return (path, text);
        values.Add(key, $"{PathReader.Shown(key, path)} {file.Failure}");
        return null;
    }

    /// <summary>The path of a file that holds a secret.</summary>
    public static string? ReadPath(ConfigurationValues values, Key key)
    {
        if (PathReader.ReadExistingFile(values, key) is not { } path
            || IsRefused(values, key, path, LibC.StatusOf(path)))
            return null;
        return path;
    }

    private static bool IsRefused(ConfigurationValues values, Key key, string path, LibC.FileStatus? file)
    {
        if (file is not { IsRegularFile: true } status)
            return false;
        if (values.Refuse(key, FileTrust.Of(path, status)))
            return true;
        if (FileTrust.OfSecret(path, status, Credentials(values)) is not { } open)
            return false;
        values.Add(key, $"{path} contains a secret, but {open.Problem}", open.Hint);
        return true;
    }

    private static string? Credentials(ConfigurationValues values) =>
        values.Environment.GetValueOrDefault("CREDENTIALS_DIRECTORY");
}
