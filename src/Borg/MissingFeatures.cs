using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Borg;

/// <summary>What a configuration asks for and the installed borg does not have. Runs ignore it: a warning every night
/// would change nothing.</summary>
internal static class MissingFeatures
{
    /// <param name="borg">Null if it is not known.</param>
    public static IReadOnlyList<Problem> Of(BackupConfiguration configuration, BorgExecutable? borg)
    {
        var dialect = BorgDialect.Of(borg);
        var problems = new List<Problem>();
        if (borg?.Version is not { } version)
            return problems;
        // Borg 2 leaves them out anyway.
        if (configuration.Backup.QuickStats && !dialect.HasQuickStats && !dialect.IsBorg2)
            Add(Schema.QuickStats, "1.4.5");
        if (configuration.Backup.Accept.Count > 0 && !dialect.HasModernExitCodes)
            Add(Schema.Accept, "1.4");
        if (configuration.Check?.MaxDuration is not null && !dialect.HasMaxDuration)
            Add(Schema.MaxDuration, "1.2");
        return problems;

        void Add(Key key, string since) => problems.Add(new(
            $"[{key.Section}] {key.Name} has no effect with borg {version}", $"it needs borg {since} or later"));
    }
}
