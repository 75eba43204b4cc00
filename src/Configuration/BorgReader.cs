using System.Text.RegularExpressions;
using Assimilator.Posix;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[borg]</c>.</summary>
internal static partial class BorgReader
{
    private const string ScopeHint = "use glob_archives in [retention]";
    private const string PathsHint = "list files in [paths]; a script in [preexec] can create them first";
    private const string KeepHint = "use the keys of [retention], such as daily = 7";

    private static readonly Refusal[] Refused =
    [
        // These two end with exit code 0 and no archive: nothing could tell them from a success.
        new("--dry-run", 'n', "a dry run creates and deletes nothing, but would look like a success",
            "remove '-n' or '--dry-run'"),
        new("--help", 'h', "with --help borg does nothing, but that would look like a success",
            "remove '-h' or '--help'"),
        // Programs that nobody has looked at, and a list that is empty.
        new("--rsh", '\0', "--rsh is not allowed here", "use rsh in [repository]"),
        new("--content-from-command", '\0', "--content-from-command is not allowed here", "use [streams]"),
        new("--paths-from-command", '\0', "--paths-from-command is not allowed here", PathsHint),
        new("--paths-from-stdin", '\0', "--paths-from-stdin is not allowed here", PathsHint),
        // What they say last counts, and is not what is known to be this backup's.
        new("--glob-archives", 'a', "--glob-archives is not allowed here", ScopeHint),
        new("--prefix", 'P', "--prefix is not allowed here", ScopeHint),
        new("--keep-", '\0', "retention rules are not allowed here", KeepHint, Schema.PruneArguments),
        .. "Hdwmy".Select(letter => new Refusal("", letter, "retention rules are not allowed here", KeepHint,
            Schema.PruneArguments)),
        // What is done already, or would hide what has to be read.
        new("--lock-wait", '\0', "--lock-wait is not allowed here", "use lock_wait in [repository]"),
        new("--remote-path", '\0', "--remote-path is not allowed here", "use remote_path in [repository]"),
        new("--compression", 'C', "--compression is not allowed here", "use compression in [backup]",
            Schema.CreateArguments),
        new("--stats", 's', "--stats is not needed: the sizes are always shown and reported", "remove it"),
        new("--list", '\0', "--list is not needed: deleted archives are always named", "remove it",
            Schema.PruneArguments),
        new("--json", '\0', "--json is already set", "remove it"),
        new("--log-json", '\0', "--log-json is already set", "remove it"),
        new("--progress", 'p', "--progress is not allowed here: nobody would see it", "remove it"),
        .. new[] { "--critical", "--error", "--warning" }.Select(level => new Refusal(level, '\0',
            $"{level} would hide messages that assimilator has to read", "use level in [logging]")),
        new("--", '\0', "arguments after '--' would be taken for the repository", "remove '--'"),
    ];

    /// <summary>An argument that borg must not get.</summary>
    /// <param name="Option">Its long form; one that ends in '-' stands for all that begin so.</param>
    /// <param name="Letter">Its short form.</param>
    /// <param name="Only">The key in which it is refused; null for all.</param>
    private sealed record Refusal(string Option, char Letter, string Problem, string Remedy, Key? Only = null);

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
            values.Get(Schema.CheckTimeout),
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
        var refusals = Refused.Where(refusal => (refusal.Only is null || refusal.Only == key)
            && arguments.Any(argument => Means(argument, refusal)));
        foreach (var refusal in refusals.DistinctBy(refusal => refusal.Problem))
            values.Add(key, refusal.Problem, refusal.Remedy);
    }

    /// <summary>As argparse takes an argument: short options in one word, where the first ones have no value, or the
    /// beginning of a long one. What is ambiguous to one borg need not be to the next.</summary>
    private static bool Means(string argument, Refusal refusal)
    {
        if (!argument.StartsWith('-'))
            return false;
        if (argument == refusal.Option)
            return true;
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            var flags = argument.AsSpan(1);
            var end = flags.IndexOfAnyExcept("psvx");
            return (end < 0 ? flags : flags[..(end + 1)]).Contains(refusal.Letter);
        }
        var name = argument.Split('=')[0];
        return refusal.Option.EndsWith('-') && refusal.Option.Length > 2
            ? name.StartsWith(refusal.Option, StringComparison.Ordinal)
            : name.Length > 2 && refusal.Option.StartsWith(name, StringComparison.Ordinal);
    }

    private static List<(string Name, string Value)> ReadEnvironment(ConfigurationValues values)
    {
        var variables = new List<(string Name, string Value)>();
        foreach (var word in values.Words(Schema.BorgEnvironment))
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : ("", "");
            if (!VariableName().IsMatch(name))
                values.Add(Schema.BorgEnvironment, "expected 'NAME=value' (put a value with spaces in double quotes)");
            else if (name.Contains("PASSPHRASE", StringComparison.Ordinal) || name == "BORG_PASSCOMMAND")
                values.Add(Schema.BorgEnvironment, $"{name} is not allowed here",
                    "use passphrase, passphrase_file or passcommand in [repository]");
            else if (!BorgVariables.IsAllowed(name))
                values.Add(Schema.BorgEnvironment, $"{name} is not allowed here",
                    "it could change the names of archives, or what assimilator reads from borg's output");
            else
                variables.Add((name, value));
        }
        foreach (var name in values.Environment.Keys.Where(
            name => !BorgVariables.IsAllowed(name) && name != BorgVariables.ExitCodes))
            values.Warn(Schema.BorgEnvironment, $"borg does not get the environment variable {PlainText.Excerpt(name)}",
                "it could change the names of archives, or what assimilator reads from borg's output");
        return variables;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
