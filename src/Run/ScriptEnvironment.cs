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

    private const string Prefix = "ASSIMILATOR_";

    /// <summary>Name and meaning of each variable, as README shows them.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning)> Table =
    [
        ($"{Prefix}STEP", "`preexec` or `postexec`"),
        ($"{Prefix}CONFIG_FILE", "path of the configuration"),
        ($"{Prefix}BACKUP", "name of the backup"),
        ($"{Prefix}REPOSITORY", "location of the repository"),
        ($"{Prefix}ARCHIVE", "postexec: name of the archive, if one was created"),
        ($"{Prefix}PREEXEC_RETURN_CODE", "postexec: the first non-zero return code of a preexec script, or 0"),
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
        var environment = ChildEnvironment.Of(inherited, configuration.SecretVariables);
        // Those of a run that has started this one would be stale.
        foreach (var name in environment.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        Add("STEP", step);
        Add("CONFIG_FILE", configuration.File);
        Add("BACKUP", configuration.Backup.Name);
        foreach (var repository in report.Repositories)
            AddRepository(repository);
        if (step == Postexec)
        {
            Add("PREEXEC_RETURN_CODE", Text(report.Preexec?.ReturnCode));
            Add("OUTCOME", report.Outcome.ToString().ToLowerInvariant());
        }
        return environment;

        void AddRepository(RepositoryReport repository)
        {
            var suffix = repository.Name is { } name ? $"_{name.ToUpperInvariant().Replace('-', '_')}" : "";
            Add($"REPOSITORY{suffix}", repository.Location);
            if (step == Preexec)
                return;
            Add($"ARCHIVE{suffix}", repository.Archive?.Name is { } archive ? PlainText.OneLine(archive) : null);
            foreach (var result in repository.Steps)
                Add($"{result.Kind.ToString().ToUpperInvariant()}_RETURN_CODE{suffix}", Text(result.ReturnCode));
        }

        void Add(string name, string? value)
        {
            if (value is not null)
                environment[Prefix + name] = value;
        }
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
