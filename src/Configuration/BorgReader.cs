using System.Text.RegularExpressions;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>Reads <c>[borg]</c>.</summary>
internal static partial class BorgReader
{
    public static BorgSettings Read(ConfigurationValues values)
    {
        var create = values.Words(ConfigurationKeys.CreateArguments);
        var prune = values.Words(ConfigurationKeys.PruneArguments);
        var compact = values.Words(ConfigurationKeys.CompactArguments);
        RefuseIdleRun(values, ConfigurationKeys.CreateArguments, create);
        RefuseIdleRun(values, ConfigurationKeys.PruneArguments, prune);
        RefuseIdleRun(values, ConfigurationKeys.CompactArguments, compact);
        return new BorgSettings(
            ReadPath(values), create, prune, compact,
            values.DurationOrNone(ConfigurationKeys.CreateTimeout, null),
            values.DurationOrNone(ConfigurationKeys.PruneTimeout, null),
            values.DurationOrNone(ConfigurationKeys.CompactTimeout, null),
            ReadEnvironment(values));
    }

    private static string ReadPath(ConfigurationValues values)
    {
        const string installHint = "install it (Debian: apt install borgbackup), or say where it is: [borg] path";
        var program = values.Text(ConfigurationKeys.BorgPath) ?? ConfigurationKeys.BorgPath.Default;
        if (program.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(program))
            values.Mismatch(ConfigurationKeys.BorgPath, "a name without '/' or an absolute path", program);
        else if (ExecutableFile.Find(program, values.Environment.GetValueOrDefault("PATH")) is not { } path)
            values.Add(ConfigurationKeys.BorgPath, $"'{PlainText.Excerpt(program)}' is not in PATH, nor in the usual directories", installHint);
        else if (ExecutableFile.WhyNotExecutable(path) is { } why)
            values.Add(ConfigurationKeys.BorgPath, $"{PlainText.Excerpt(path, 200)} {why}",
                why == "is not executable" ? $"chmod +x {path}" : installHint);
        else if (values.Refuse(ConfigurationKeys.BorgPath, ExecutableFile.WhoCouldChange(path)))
            return path;
        else if (ExecutableFile.WhyBadFirstLine(path) is { } badLine)
            values.Add(ConfigurationKeys.BorgPath, $"{PlainText.Excerpt(path, 200)} {badLine}");
        else
            return path;
        return program;
    }

    /// <summary>A dry run, or borg's help, ends with exit code 0 and no archive: nothing could tell it from a success.</summary>
    private static void RefuseIdleRun(ConfigurationValues values, ConfigurationKey key, IReadOnlyList<string> arguments)
    {
        if (arguments.Any(argument => DryRun().IsMatch(argument)))
            values.Add(key, "a dry run creates and deletes nothing, but would look like a success", "remove '-n' or '--dry-run'");
        else if (arguments.Any(argument => argument is "-h" || argument.StartsWith("--h", StringComparison.Ordinal)))
            values.Add(key, "borg would show its help and do nothing, but that would look like a success", "remove '--help'");
    }

    private static List<(string Name, string Value)> ReadEnvironment(ConfigurationValues values)
    {
        var variables = new List<(string Name, string Value)>();
        foreach (var word in values.Words(ConfigurationKeys.BorgEnvironment))
        {
            var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : ("", "");
            if (!VariableName().IsMatch(name))
                values.Add(ConfigurationKeys.BorgEnvironment, "expected 'NAME=value', and a value with blanks in double quotes");
            else if (name.Contains("PASSPHRASE", StringComparison.Ordinal) || name == "BORG_PASSCOMMAND")
                values.Add(ConfigurationKeys.BorgEnvironment, $"{name} does not belong here", "use passphrase, passphrase_file or passcommand in [repository]");
            else
                variables.Add((name, value));
        }
        return variables;
    }

    // argparse takes every unambiguous beginning of a long option, and short options in one word: those in front of the
    // n have no value, as '-Cnone' has.
    [GeneratedRegex(@"\A(--dr[a-z-]*|-[hpsvx]*n.*)\z")]
    private static partial Regex DryRun();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}
