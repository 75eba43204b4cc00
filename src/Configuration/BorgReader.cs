using System.Text.RegularExpressions;
using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[borg]</c>.</summary>
internal static partial class BorgReader
{
    /// <summary>Names a file that makes borg log in a way that we do not read.</summary>
    public const string LoggingVariable = "BORG_LOGGING_CONF";

    private const string ScopeHint = "use glob_archives in [retention]";
    private const string PathsHint = "list files in [paths]; a script in [preexec] can create them first";

    private static readonly (string Option, char Letter, string Problem, string Remedy)[] Refused =
    [
        // These two end with exit code 0 and no archive: nothing could tell them from a success.
        ("--dry-run", 'n', "a dry run creates and deletes nothing, but would look like a success",
            "remove '-n' or '--dry-run'"),
        ("--help", 'h', "with --help borg does nothing, but that would look like a success",
            "remove '-h' or '--help'"),
        // Programs that nobody has looked at.
        ("--rsh", '\0', "--rsh is not allowed here", "use rsh in [repository]"),
        ("--content-from-command", '\0', "--content-from-command is not allowed here", PathsHint),
        ("--paths-from-command", '\0', "--paths-from-command is not allowed here", PathsHint),
        // What they say last counts, and is not what is known to be this backup's.
        ("--glob-archives", 'a', "--glob-archives is not allowed here", ScopeHint),
        ("--prefix", 'P', "--prefix is not allowed here", ScopeHint),
        ("--", '\0', "arguments after '--' would be taken for the repository", "remove '--'"),
    ];

    public static BorgSettings Read(ConfigurationValues values)
    {
        var create = values.Words(Schema.CreateArguments);
        var prune = values.Words(Schema.PruneArguments);
        var compact = values.Words(Schema.CompactArguments);
        Refuse(values, Schema.CreateArguments, create);
        Refuse(values, Schema.PruneArguments, prune);
        Refuse(values, Schema.CompactArguments, compact);
        return new BorgSettings(
            ReadPath(values), create, prune, compact,
            values.Get(Schema.CreateTimeout),
            values.Get(Schema.PruneTimeout),
            values.Get(Schema.CompactTimeout),
            ReadEnvironment(values));
    }

    private static string ReadPath(ConfigurationValues values)
    {
        const string installHint = "install it (Debian: apt install borgbackup), or set [borg] path";
        var program = values.Get(Schema.BorgPath)!;
        if (program.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(program))
            values.Mismatch(Schema.BorgPath, "a name without '/' or an absolute path", program);
        else if (ExecutableFile.Find(program, values.Environment.GetValueOrDefault("PATH")) is not { } path)
            values.Add(Schema.BorgPath, $"'{PlainText.Excerpt(program)}' was not found in PATH",
                installHint);
        else if (ExecutableFile.Examine(path, out var untrusted) is { } why)
            values.Add(Schema.BorgPath, $"{PlainText.Excerpt(path, 200)} {why}",
                why == "is not executable" ? $"chmod +x {path}" : why == "does not exist" ? installHint : null);
        else if (!values.Refuse(Schema.BorgPath, untrusted))
            return path;
        return program;
    }

    private static void Refuse(ConfigurationValues values, Key key, IReadOnlyList<string> arguments)
    {
        foreach (var (option, letter, problem, remedy) in Refused)
        {
            if (arguments.Any(argument => Means(argument, option, letter)))
                values.Add(key, problem, remedy);
        }
    }

    /// <summary>As argparse takes an argument: short options in one word, where the first ones have no value, or the
    /// beginning of a long one. What is ambiguous to one borg need not be to the next.</summary>
    private static bool Means(string argument, string option, char letter) =>
        argument == option || argument.StartsWith('-')
        && (argument[1..].TrimStart('p', 's', 'v', 'x').StartsWith(letter)
            || (argument.Split('=')[0] is { Length: > 2 } name && option.StartsWith(name, StringComparison.Ordinal)));

    private static List<(string Name, string Value)> ReadEnvironment(ConfigurationValues values)
    {
        var variables = new List<(string Name, string Value)>();
        foreach (var word in values.Words(Schema.BorgEnvironment))
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : ("", "");
            if (!VariableName().IsMatch(name))
                values.Add(Schema.BorgEnvironment, "expected 'NAME=value' (a value with blanks in double quotes)");
            else if (name.Contains("PASSPHRASE", StringComparison.Ordinal) || name == "BORG_PASSCOMMAND")
                values.Add(Schema.BorgEnvironment, $"{name} is not allowed here",
                    "use passphrase, passphrase_file or passcommand in [repository]");
            else if (name == LoggingVariable)
                values.Add(Schema.BorgEnvironment, $"{name} is not allowed here",
                    "assimilator reads borg's log itself; see [logging] level");
            else
                variables.Add((name, value));
        }
        return variables;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
