using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>The environment of the scripts: ours without any secret, and the run's facts.</summary>
internal static class ScriptEnvironment
{
    public const string Preexec = "preexec";
    public const string Postexec = "postexec";
    public const string Stream = "stream";

    private const string Prefix = "ASSIMILATOR_";

    /// <summary>Name and meaning of each variable, as README shows them.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning)> Table =
    [
        ($"{Prefix}STEP", "`preexec`, `postexec` or `stream`"),
        ($"{Prefix}CONFIG_FILE", "path of the configuration"),
        ($"{Prefix}BACKUP", "name of the backup"),
        ($"{Prefix}REPOSITORY", "location of the repository"),
        ($"{Prefix}STREAM", "stream: name of the file that holds the output"),
        ($"{Prefix}ARCHIVE", "postexec: name of the archive, if one was created"),
        ($"{Prefix}PREEXEC_RETURN_CODE", "postexec: the first non-zero return code of a preexec script, or 0"),
        ($"{Prefix}STREAM_RETURN_CODE", "postexec: return code of the command of a stream, if it ran"),
        ($"{Prefix}CREATE_RETURN_CODE", "postexec: return code of `borg create`, if it ran"),
        ($"{Prefix}PRUNE_RETURN_CODE", "postexec: return code of `borg prune`, if it ran"),
        ($"{Prefix}COMPACT_RETURN_CODE", "postexec: return code of `borg compact`, if it ran"),
        ($"{Prefix}CHECK_RETURN_CODE", "postexec: return code of `borg check`, if it ran"),
        ($"{Prefix}RESTORE_RETURN_CODE", "postexec: return code of the restore drill, if there was one"),
        ($"{Prefix}OUTCOME",
            "postexec: outcome of the run so far: `success`, `warning`, `failure`, `skipped` or `interrupted`"),
    ];

    public static IReadOnlyDictionary<string, string> Of(
        string step, BackupConfiguration configuration, RunReport report, IReadOnlyDictionary<string, string> inherited)
    {
        var environment = Common(step, configuration, inherited);
        foreach (var one in report.Repositories)
        {
            Add(environment, $"REPOSITORY{Suffix(one.Name)}", one.Location);
            if (step == Preexec)
                continue;
            Add(environment, $"ARCHIVE{Suffix(one.Label)}",
                one.Archive?.Name is { } archive ? PlainText.OneLine(archive) : null);
            foreach (var result in one.Steps)
                Add(environment, $"{result.Kind.ToString().ToUpperInvariant()}_RETURN_CODE{Suffix(one.Label)}",
                    Text(result.ReturnCode));
        }
        if (step == Postexec)
        {
            Add(environment, "PREEXEC_RETURN_CODE", Text(report.Preexec?.ReturnCode));
            Add(environment, "OUTCOME", report.Outcome.ToString().ToLowerInvariant());
        }
        return environment;
    }

    /// <summary>Of the command of a stream.</summary>
    public static IReadOnlyDictionary<string, string> OfStream(
        BackupConfiguration configuration, RepositorySettings settings, IReadOnlyDictionary<string, string> inherited)
    {
        var environment = Common(Stream, configuration, inherited);
        Add(environment, "REPOSITORY", settings.Location);
        Add(environment, "STREAM", settings.Stream?.Label);
        return environment;
    }

    private static Dictionary<string, string> Common(
        string step, BackupConfiguration configuration, IReadOnlyDictionary<string, string> inherited)
    {
        var environment = ChildEnvironment.Of(inherited, configuration.SecretVariables);
        // Those of a run that has started this one would be stale.
        foreach (var name in environment.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        Add(environment, "STEP", step);
        Add(environment, "CONFIG_FILE", configuration.File);
        Add(environment, "BACKUP", configuration.Backup.Name);
        return environment;
    }

    /// <summary>What tells the variables of one repository or stream from those of the others.</summary>
    private static string Suffix(string? label) => string.Concat(
        (label is null ? "" : $"_{label.ToUpperInvariant()}").Select(
            letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static void Add(Dictionary<string, string> environment, string name, string? value)
    {
        if (value is not null)
            environment[Prefix + name] = value;
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
