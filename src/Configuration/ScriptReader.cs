using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[preexec]</c> and <c>[postexec]</c>: a script that could not be started is found before anything
/// runs.</summary>
internal static class ScriptReader
{
    private const string ShellHint =
        "commands run without a shell; for a pipe write: /bin/bash -c 'set -o pipefail; …'";

    private static readonly string[] ShellOperators = ["|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1"];

    public static IReadOnlyList<Script> Read(ConfigurationValues values, ListSection section)
    {
        var scripts = new List<Script>();
        foreach (var entry in values.Entries(section))
        {
            var words = values.Words(entry);
            if (words.Count == 0)
                continue;
            var path = words[0];
            // Not shown: of 'PGPASSWORD=… pg_dump', which a shell would take, it is the password.
            if (!Path.IsPathRooted(path))
                values.Add(entry, "expected the absolute path of an executable first", ShellHint);
            else if (ExecutableFile.Examine(path, out var untrusted) is { } why)
                values.Add(entry, $"{PlainText.Excerpt(path, 200)} {why}", HintFor(path, why));
            else if (values.Refuse(entry, untrusted))
                continue;
            else if (UnquotedOperator(entry) is { } shellOperator)
                values.Add(entry, $"'{shellOperator}' is shell syntax, and would be passed as an argument", ShellHint);
            else
                scripts.Add(new Script(entry.Key, path, [.. words.Skip(1)]));
        }
        return scripts;
    }

    /// <summary>A word that only a shell understands; quoted or escaped it is an argument that is meant.</summary>
    private static string? UnquotedOperator(IniEntry entry) =>
        CommandWords.Split(CommandWords.MaskQuoted(entry.Written))?.FirstOrDefault(ShellOperators.Contains);

    private static string? HintFor(string path, string why) => why switch
    {
        "is not executable" => $"chmod +x {path}",
        _ when why.Contains("DOS", StringComparison.Ordinal) => $"sed -i 's/\\r$//' {path}",
        "does not exist" when path.Contains(' ', StringComparison.Ordinal) =>
            "quotes around the whole line make it one word",
        _ => null,
    };
}
